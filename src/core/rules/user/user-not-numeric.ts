import {
  type Account,
  accountsOf,
  configClaimName,
  isKnown,
  isRoot,
  isWindows,
  pathIn,
  type Step,
  stepsAfter,
  valueOf,
} from '../../model/index.ts';
import type { TargetSubject } from '../define.ts';
import { type Declined, defineRule, type Proposal, type RuleDocs } from '../define.ts';

/** BuildKit makes every directory that WORKDIR names, "/" apart. */
function isRootDirectory(step: Step): boolean {
  const { args } = step.instruction;
  const word = args.form === 'words' ? args.words[0] : undefined;
  const path = word === undefined ? undefined : valueOf(step.expand(word));
  return path !== undefined && pathIn(valueOf(step.before.workdir) ?? '/', path) === '/';
}

/** The variable that an account's number was given by, where it still says the same at a later step. */
function inForce({ uidArgument = '', step: made }: Account, step: Step): string | undefined {
  const name = /^\$\{?(\w+)\}?$/.exec(uidArgument)?.[1];
  const source = name === undefined ? undefined : made?.before.variableStep(name);
  return source !== undefined && step.before.variableStep(name as string) === source ? uidArgument : undefined;
}

function toNumber({ build, target }: TargetSubject, step: Step, name: string): Proposal | Declined {
  const { args } = step.instruction;
  const word = args.form === 'words' ? args.words[0] : undefined;
  if (word === undefined || step.stage !== target || target.descendants.length > 0)
    return { declined: 'other stages continue from here' };
  if (word.value !== build.dockerfile.text.slice(...word.span) || /["'$]/.test(word.value))
    return { declined: 'the name is not written plainly' };
  const accounts = accountsOf(target, step);
  const account = accounts.named(name);
  if (accounts.changed) return { declined: 'a command changes accounts, so that the number may be another one' };
  if (account?.uid === 0) return { declined: `the number of ${name} is 0: it is root by another name` };
  if (account?.uid === undefined)
    return { declined: `the number of ${name} is not known here: \`layerwise adopt\` will make the account with one` };
  const number = account.uidArgument === undefined ? String(account.uid) : inForce(account, step);
  if (number === undefined)
    return {
      declined: `a build argument says the number of ${name}: declare it before USER, and write its name there`,
    };
  const later = stepsAfter(step).flatMap((each) => {
    if (each.instruction.name === 'RUN') return [`${target.label}/${each.label}/user`];
    return each.instruction.name === 'WORKDIR' && !isRootDirectory(each) ? [`${target.label}/${each.label}/owner`] : [];
  });
  return {
    title: `name the account by its number, ${number}`,
    variant: account.step === undefined ? 'base-account' : 'own-account',
    edits: [{ span: [word.span[0], word.span[0] + name.length], text: number }],
    claims: [
      { kind: 'same-build-but', differs: [configClaimName(target, 'User'), ...later] },
      { kind: 'observed', probe: 'uid', expect: account.uid },
    ],
  };
}

export default defineRule({
  id: 'user-not-numeric',
  practice: 'P9',
  catalogue: ['P9.5'],
  level: 'info',
  fixClass: 'R',
  summary: 'USER names an account, where a number tells that it is not root',
  aliases: ['hadolint/DL3066'],
  about: { instructions: ['USER'], otherwise: 'no USER is set' },
  subject: 'target',
  check(subject) {
    const { build, target } = subject;
    const { user, userStep } = target.end;
    if (userStep === undefined) return { is: 'not-applicable', because: 'no USER is set' };
    if (isWindows(build, target)) return { is: 'not-applicable', because: 'accounts of Windows have no numbers' };
    const { args, span } = userStep.instruction;
    const at = (args.form === 'words' ? args.words[0]?.span : undefined) ?? span;
    if (!isKnown(user)) return { is: 'unknown', because: 'USER is a variable' };
    const name = user.value.replace(/:.*$/s, '');
    if (isRoot(name)) return { is: 'not-applicable', because: 'the account is root' };
    if (/^\d+$/.test(name))
      return { is: 'held', evidence: [{ at: { file: build.file, span: at }, says: 'USER is a number' }] };
    return {
      is: 'violated',
      findings: [
        {
          at,
          message: `${name} is a name: Kubernetes cannot tell that it is not root`,
          help: 'write the number of the account',
          step: userStep,
          fix: toNumber(subject, userStep, name),
        },
      ],
    };
  },
});

export const docs: RuleDocs = {
  why: `With \`runAsNonRoot: true\`, Kubernetes refuses to start an image whose user is a name: it does not look into the image's \`/etc/passwd\`. A
number says the same, and the account's group and home are found by it too.`,
  observed: ['base-account', 'own-account'],
  examples: [
    {
      title: 'root by another name',
      bad: 'FROM debian:12-slim\nRUN useradd -o -u 0 admin\nUSER «admin»\nCMD ["/app"]\n',
      declined: 'root by another name',
    },
    {
      title: 'an account of the base image',
      bad: 'FROM node:22-bookworm-slim\nUSER «node»\nCMD ["node", "server.js"]\n',
      good: 'FROM node:22-bookworm-slim\nUSER 1000\nCMD ["node", "server.js"]\n',
      variant: 'base-account',
    },
    {
      title: 'an account that the stage makes; the group is kept',
      bad: 'FROM debian:12-slim\nRUN useradd --uid 10001 --create-home app\nUSER «app:app»\nWORKDIR /srv\nRUN true\nCMD ["/app"]\n',
      good: 'FROM debian:12-slim\nRUN useradd --uid 10001 --create-home app\nUSER 10001:app\nWORKDIR /srv\nRUN true\nCMD ["/app"]\n',
      variant: 'own-account',
    },
    {
      title: 'a build argument says the number',
      bad: 'FROM debian:12-slim\nARG UID=1000\nRUN useradd --uid $UID app\nUSER «app»\nCMD ["/app"]\n',
      good: 'FROM debian:12-slim\nARG UID=1000\nRUN useradd --uid $UID app\nUSER $UID\nCMD ["/app"]\n',
      variant: 'own-account',
    },
    {
      title: 'a build argument that says something else by then',
      bad: 'FROM debian:12-slim\nARG UID=1000\nRUN useradd --uid ${UID} app\nARG UID=2\nUSER «app»\nCMD ["/app"]\n',
      declined: 'declare it before USER',
    },
    {
      title: 'nobody knows the number',
      bad: 'FROM debian:12-slim\nRUN useradd app\nUSER «app»\nCMD ["/app"]\n',
      declined: 'is not known here',
    },
  ],
  silent: [
    { title: 'a number', text: 'FROM node:22-bookworm-slim\nUSER 1000:1000\n', is: 'held' },
    {
      title: 'only the last USER of what ships counts (hadolint #1202)',
      text: 'FROM node:22 AS build\nUSER node\nFROM scratch\nCOPY --from=build /a /a\nUSER 65532\n',
      is: 'held',
    },
    {
      title: 'a number by an argument (hadolint #1239)',
      text: 'FROM debian:12-slim\nARG UID=1000\nUSER $UID\n',
      is: 'held',
    },
    { title: 'an argument without a value', text: 'FROM debian:12-slim\nARG UID\nUSER $UID\n', is: 'unknown' },
    { title: 'root', text: 'FROM debian:12-slim\nUSER root\n', is: 'not-applicable' },
    { title: 'no USER', text: 'FROM debian:12-slim\n', is: 'not-applicable' },
    {
      title: 'Windows, by the image',
      text: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerUser\n',
      is: 'not-applicable',
    },
    {
      title: 'Windows, by the tag',
      text: 'FROM golang:1.27.0-windowsservercore-ltsc2022\nUSER ContainerUser\n',
      is: 'not-applicable',
    },
    {
      title: 'Windows, by the escape character',
      text: '# escape=`\nFROM registry.example.org/team/base:1\nUSER ContainerUser\n',
      is: 'not-applicable',
    },
  ],
  links: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
};
