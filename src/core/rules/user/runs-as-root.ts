import { insertBefore, refused } from '../../language/edit/index.ts';
import {
  accountsOf,
  type Build,
  configClaimName,
  exposedWords,
  isKnown,
  isRoot,
  isWindows,
  plainWord,
  portsIn,
  privilegeDrop,
  privilegeDropInScript,
  type Stage,
  type Step,
  startOf,
  startProgram,
  stepsAfter,
  valueOf,
} from '../../model/index.ts';
import { containerPorts } from '../../world/images/index.ts';
import { type Declined, defineRule, type Proposal, type RuleDocs } from '../define.ts';

/** Programs that start other accounts' sessions or own the machine: they give root up themselves, or cannot. */
const NEEDS_ROOT =
  /^(?:sshd|dockerd|systemd|init|my_init|s6-svscan|runsvdir|crond?|openvpn|dnsmasq|smbd|vsftpd|pure-ftpd|in\.tftpd|keepalived)$/;
/** Servers that come set up to listen below 1024 and to write root's directories. */
const SET_UP_FOR_ROOT = /^(?:nginx|httpd|httpd-foreground|apache2|apache2-foreground|supervisord|php-fpm[\d.]*)$/;
/** Instructions that act as the account in force, or whose result belongs to it. */
const ACTS = new Set(['RUN', 'WORKDIR', 'VOLUME']);

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The trailing start instructions of the target, first one first: a USER before them changes nothing else. */
function startSteps(target: Stage): Step | undefined {
  return target.steps.find(
    (step) =>
      /^(?:CMD|ENTRYPOINT)$/.test(step.instruction.name) &&
      !stepsAfter(step).some(({ instruction }) => ACTS.has(instruction.name)),
  );
}

/** Directories that a RUN makes and leaves to root. */
function madeByRoot(target: Stage): readonly string[] {
  const commands = [...target.ancestors, target].flatMap(({ steps }) => steps).flatMap((step) => step.commands);
  const words = (program: string) =>
    commands
      .filter(({ command }) => command.program === program)
      .flatMap(({ invocation }) => invocation?.operands.flatMap(({ value }) => value ?? []) ?? []);
  const owned = [...words('chown'), ...words('chmod')];
  return words('mkdir').filter((path) => path.startsWith('/') && !owned.some((each) => path.startsWith(each)));
}

function privilegedPort(target: Stage): string | undefined {
  const words = [target, ...target.ancestors].flatMap(({ steps }) => exposedWords(steps));
  const ports = words.flatMap(({ step, word }) => portsIn(plainWord(step, word)));
  return ports.find((port) => (containerPorts(port)?.[0] ?? Number.POSITIVE_INFINITY) < 1024);
}

/** USER with the numbers of the base image's own account, where nothing after it needs root. */
function switchTo(build: Build, target: Stage, program: string): Proposal | Declined {
  const account = valueOf(target.image.users)?.find(({ uid }) => uid > 0);
  const adopt =
    'which directories the program writes stands in the project: `layerwise adopt` will make the account and own them';
  if (account === undefined || accountsOf(target).changed) return { declined: adopt };
  if (target.end.userStep !== undefined)
    return { declined: 'USER says root on purpose: take it out, or name the account after it' };
  if (target.descendants.length > 0) return { declined: 'other stages continue this one, and would lose root' };
  if (SET_UP_FOR_ROOT.test(program))
    return {
      declined: `${program} as it comes writes root's directories: use an image that is made for another account`,
    };
  if (/^\/root(?:\/|$)/.test(valueOf(target.end.workdir) ?? ''))
    return { declined: 'the working directory lies below /root, which no other account may enter' };
  // The account that Ubuntu brings is for a person: nothing in the image is made for it.
  if (account.name === 'ubuntu') return { declined: adopt };
  const argv = valueOf(startOf(target, build.file).argv) ?? [];
  if (/^(?:\/usr)?(?:\/s?bin)?\/init$/.test(argv[0] ?? ''))
    return { declined: 'an init starts what the image holds, and gives root up itself where it is to' };
  const made = madeByRoot(target).find((path) => argv.some((word) => word === path || word.startsWith(`${path}/`)));
  if (made !== undefined)
    return {
      declined: `${made} belongs to root, and ${account.name} may not write it: \`layerwise adopt\` will own it`,
    };
  const port = privilegedPort(target);
  if (port !== undefined) return { declined: `port ${port} is below 1024, which only root may bind everywhere` };
  const volume = [target, ...target.ancestors].some(({ steps }) =>
    steps.some(({ instruction }) => instruction.name === 'VOLUME'),
  );
  if (volume)
    return { declined: 'a volume has to belong to the account that writes it: `layerwise adopt` will see to that' };
  const start = startSteps(target);
  if (start === undefined) return { declined: adopt };
  const edits = insertBefore(build.dockerfile, start.instruction, `USER ${account.uid}:${account.gid}`);
  if (refused(edits)) return edits;
  return {
    title: `run as ${account.name}, the account of the base image`,
    variant: 'base-account',
    edits,
    claims: [
      { kind: 'same-build-but', differs: [configClaimName(target, 'User')] },
      { kind: 'observed', probe: 'uid', expect: account.uid },
    ],
  };
}

export default defineRule({
  id: 'runs-as-root',
  practice: 'P9',
  catalogue: ['P9.1', 'P9.2', 'P9.4'],
  point: 3,
  level: 'warning',
  fixClass: 'R+B',
  summary: 'the container runs as root',
  aliases: ['hadolint/DL3002'],
  subject: 'target',
  check(subject) {
    const { build, target } = subject;
    const { user, userStep } = target.end;
    const { args, span } = userStep?.instruction ?? target.from.instruction;
    const at = (args.form === 'words' ? args.words[0]?.span : undefined) ?? span;
    const file = build.file;
    if (isWindows(build, target)) return { is: 'not-applicable', because: 'a Windows image has no root' };
    if (!isKnown(user))
      return {
        is: 'unknown',
        because: userStep === undefined ? 'it is not known which account the base image uses' : 'USER is a variable',
      };
    if (!isRoot(user.value)) {
      const says = userStep === undefined ? `the base image uses the account ${user.value}` : `runs as ${user.value}`;
      return { is: 'held', evidence: [{ at: { file, span: at }, says }] };
    }
    if (build.purpose.is === 'base') return { is: 'not-applicable', because: 'it is an image to build on' };
    const drop = privilegeDrop(build, target);
    if (drop.length > 0) return { is: 'held', evidence: drop };
    // Where the script cannot be had, the text alone decides, as it does on standard input.
    const inScript = privilegeDropInScript(subject);
    if (inScript.length > 0) return { is: 'held', evidence: inScript };
    const start = startOf(target, file);
    if (start.entrypointStep !== undefined && valueOf(target.image.dropsPrivileges) === true)
      return {
        is: 'unknown',
        because: 'the base image has a program to give root up, and the entrypoint cannot be read',
      };
    const program = isKnown(start.argv) ? baseName(startProgram(start.argv.value)[0] ?? '') : '';
    if (NEEDS_ROOT.test(program)) return { is: 'not-applicable', because: `${program} has to start as root` };
    const image = target.root.kind === 'image' ? (valueOf(target.root.image)?.text ?? 'the base image') : 'scratch';
    return {
      is: 'violated',
      findings: [
        {
          at,
          message:
            userStep === undefined
              ? `the container runs as root: no USER is set, and ${image} starts as root`
              : 'the container runs as root: the last USER says so',
          help: 'end with USER and the numbers of an account without privileges; give it only the directories that it writes',
          fix: switchTo(build, target, program),
        },
      ],
    };
  },
});

export const docs: RuleDocs = {
  why: `A process that runs as root and is taken over can change every file of the container, and is one kernel bug or one careless mount away
from the host. Most programs need no root. Code may stay root's, readable to all; only directories that the program writes belong to its account.

An entrypoint that gives root up itself (gosu, su-exec, setpriv) is fine, and so is a base image with an account of its own.`,
  examples: [
    {
      bad: 'FROM «node:22-bookworm-slim»\nWORKDIR /app\nCOPY . .\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 3000\nUSER 1000:1000\nCMD ["node", "server.js"]\n',
      variant: 'base-account',
    },
    {
      title: 'comments stay where they are',
      bad: 'FROM «node:22-bookworm-slim»\nCOPY . .\n# the server\nENTRYPOINT ["node"]\nCMD ["server.js"]\n',
      good: 'FROM node:22-bookworm-slim\nCOPY . .\nUSER 1000:1000\n# the server\nENTRYPOINT ["node"]\nCMD ["server.js"]\n',
      variant: 'base-account',
    },
    {
      title: 'no account to use',
      bad: 'FROM «python:3.13-slim-trixie»\nCOPY app /app\nCMD ["gunicorn", "app:app"]\n',
      declined: 'adopt',
    },
    {
      title: 'root again at the end',
      bad: 'FROM node:22-bookworm-slim\nUSER node\nRUN true\nUSER «root»\nCMD ["node", "server.js"]\n',
      declined: 'on purpose',
    },
    {
      title: 'a port of root',
      bad: 'FROM «node:22-bookworm-slim»\nEXPOSE 80\nCMD ["node", "server.js"]\n',
      declined: 'port 80',
    },
    {
      title: 'a volume',
      bad: 'FROM «node:22-bookworm-slim»\nVOLUME /data\nCMD ["node", "server.js"]\n',
      declined: 'volume',
    },
    {
      title: 'nginx as it comes',
      bad: 'FROM «nginx:1.29-alpine»\nCOPY html /usr/share/nginx/html\nCMD ["nginx", "-g", "daemon off;"]\n',
      declined: 'made for another account',
    },
    {
      title: 'a script that only prepares as somebody else, or only forbids new privileges',
      bad: 'FROM «debian:13-slim»\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\nCMD ["server", "--port", "8080"]\n',
      files: { 'start.sh': '#!/bin/sh\ngosu app migrate\nexec setpriv --no-new-privs "$@"\n' },
      declined: 'adopt',
    },
    {
      title: 'the account of Ubuntu is made for no service',
      bad: 'FROM «ubuntu:24.04»\nRUN mkdir /var/lib/app\nCMD ["/usr/bin/myd", "--data", "/var/lib/app"]\n',
      declined: 'adopt',
    },
    {
      title: 'an init',
      bad: 'FROM «node:22-bookworm-slim»\nCOPY rootfs /\nENTRYPOINT ["/init"]\nCMD ["node", "server.js"]\n',
      declined: 'an init starts',
    },
    {
      title: 'a directory of root',
      bad: 'FROM «node:22-bookworm-slim»\nRUN mkdir -p /var/lib/app\nCMD ["node", "server.js", "/var/lib/app/db"]\n',
      declined: '/var/lib/app belongs to root',
    },
    { title: 'from scratch', bad: 'FROM «scratch»\nCOPY app /app\nENTRYPOINT ["/app"]\n', declined: 'adopt' },
  ],
  silent: [
    { title: 'a number', text: 'FROM node:22-bookworm-slim\nUSER 1000:1000\nCMD ["node", "server.js"]\n', is: 'held' },
    {
      title: 'the account of the base image (tally, Sonar S6471)',
      text: 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY app /app\nENTRYPOINT ["/app"]\n',
      is: 'held',
    },
    {
      title: 'only an earlier stage runs as root (hadolint #405, #1014, trivy #3966)',
      text: 'FROM golang:1.25 AS build\nUSER root\nRUN go build -o /app\nFROM gcr.io/distroless/static-debian13:nonroot\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n',
      is: 'held',
    },
    {
      title: 'the entrypoint gives root up',
      text: 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y gosu\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\nCMD ["server", "--port", "8080"]\n',
      is: 'held',
    },
    {
      title: 'the entrypoint is a script of the project that gives root up',
      text: 'FROM debian:13-slim\nCOPY docker-entrypoint.sh /usr/local/bin/\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["server", "--port", "8080"]\n',
      files: {
        'docker-entrypoint.sh':
          '#!/bin/sh\nset -eu\nif [ "$(id -u)" = 0 ]; then\n  chown -R app /data\n  exec setpriv --reuid=app --regid=app --init-groups "$0" "$@"\nfi\nexec "$@"\n',
      },
      is: 'held',
    },
    {
      title: 'so does that of the base image',
      text: 'FROM postgres:17\nCOPY init.sql /docker-entrypoint-initdb.d/\n',
      is: 'held',
    },
    {
      title: 'an image to build on',
      text: 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl\n',
      is: 'not-applicable',
    },
    { title: 'sshd', text: 'FROM debian:12-slim\nEXPOSE 22\nCMD ["/usr/sbin/sshd", "-D"]\n', is: 'not-applicable' },
    {
      title: 'Windows',
      text: 'FROM mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022\nUSER ContainerAdministrator\nCMD ["dotnet", "a.dll"]\n',
      is: 'not-applicable',
    },
    {
      title: 'an unknown base',
      text: 'FROM registry.example.com/team/runtime:4\nCMD ["serve", "all"]\n',
      is: 'unknown',
    },
    {
      title: 'a variable',
      text: 'FROM node:22-bookworm-slim\nARG UID\nUSER $UID\nCMD ["node", "server.js"]\n',
      is: 'unknown',
    },
  ],
  links: ['https://docs.docker.com/build/building/best-practices/#user'],
};
