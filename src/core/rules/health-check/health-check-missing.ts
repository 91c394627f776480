import { hasProgram, hasShell, isKnown, seenPurpose, valueOf } from '../../model/index.ts';
import { defineRule, type RuleDocs, type TargetSubject } from '../define.ts';

/** Programs that can ask a server, the language's own first, and how. */
const PROBES: readonly (readonly [program: string, call: string])[] = [
  ['node', 'node -e "fetch(…)"'],
  ['python3', 'python3 -c "import urllib.request; …"'],
  ['curl', 'curl -f'],
  ['wget', 'wget -q --spider'],
];

/** What to do with what the image certainly has. */
function helpFor({ build, target }: TargetSubject): string {
  const there = PROBES.find(([program]) => valueOf(hasProgram(build, target, program)) === true);
  const probe =
    there !== undefined
      ? `add a probe, e.g. ${there[1]}, which the image has`
      : valueOf(hasShell(target)) === false
        ? 'add a probe that the program itself brings, as a JSON array: the image has no shell'
        : 'add a probe that uses what the image has';
  return `${probe}; interval 30s, timeout 3s, a start period`;
}

export default defineRule({
  id: 'health-check-missing',
  practice: 'P16',
  catalogue: ['P16.1'],
  point: 5,
  level: 'warning',
  fixClass: 'F+B',
  summary: 'a service has no health check',
  aliases: ['hadolint/DL3057'],
  subject: 'target',
  check(subject) {
    const { build, target } = subject;
    const { file } = build;
    const own = target.end.healthcheck;
    if (own !== undefined) {
      const span = own.instruction.span;
      if (own.instruction.probe?.value.toUpperCase() === 'NONE') {
        return { is: 'not-applicable', because: 'HEALTHCHECK NONE turns the check off on purpose' };
      }
      return { is: 'held', evidence: [{ at: { file, span }, says: 'HEALTHCHECK is set' }] };
    }
    if (valueOf(target.image.healthcheck) === true) {
      return { is: 'held', evidence: [{ at: { file }, says: 'the base image brings a health check' }] };
    }
    const { purpose, wants } = seenPurpose(subject);
    if (purpose.is === 'unknown')
      return { is: 'unknown', because: 'it does not show whether the image is a service', wants };
    if (purpose.is !== 'service') {
      return {
        is: 'not-applicable',
        because: purpose.is === 'job' ? 'a job has no health to check' : 'an image to build on starts nothing',
      };
    }
    const { entrypoint, cmd } = target.end;
    if (entrypoint === undefined && cmd === undefined && !isKnown(target.image.healthcheck))
      return { is: 'unknown', because: 'the server of the base image may have its own health check' };
    const [sign] = purpose.evidence;
    const start = target.end.entrypoint ?? target.end.cmd;
    const at = start?.instruction.keyword.span ?? target.from.instruction.keyword.span;
    const seen =
      sign !== undefined && 'file' in sign.at && sign.at.span !== undefined
        ? [{ at: sign.at.span, label: sign.says }]
        : [];
    return {
      is: 'violated',
      findings: [
        {
          at,
          message: 'the service has no HEALTHCHECK: one that hangs goes unnoticed',
          help: helpFor(subject),
          related: seen,
          fix: {
            declined: 'the port and the route to probe come from the application: `layerwise adopt` will find them',
          },
        },
      ],
    };
  },
});

export const docs: RuleDocs = {
  why: `An engine only notices a process that ends. A service that hangs, or that has lost its database, keeps getting requests until somebody looks.
A health check tells the engine; an orchestrator with probes of its own does not need it, and may switch the rule off.
Where the start command is a script or code of the project, that file is read in the build context to tell a service from a job.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nEXPOSE 3000\n«CMD» ["node", "server.js"]\n',
      declined: 'adopt',
    },
    {
      title: 'the server of its base',
      bad: '«FROM» jenkins/jenkins:lts\nCOPY plugins.txt /usr/share/jenkins/\n',
      declined: 'adopt',
    },
    {
      title: 'a server by its start command',
      bad: 'FROM python:3.12-slim-bookworm\n«CMD» ["gunicorn", "app:app"]\n',
      declined: 'adopt',
    },
    {
      title: 'a server that a script of the project starts',
      bad: 'FROM python:3.12-slim-bookworm\nCOPY start.sh /\n«ENTRYPOINT» ["/start.sh"]\n',
      declined: 'adopt',
      files: { 'start.sh': '#!/bin/sh\nset -e\npython manage.py migrate\nexec gunicorn app:app\n' },
    },
    {
      title: 'code of the project that listens',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\n«CMD» ["node", "index.js"]\n',
      declined: 'adopt',
      files: { 'index.js': 'const app = require("express")();\napp.listen(3000);\n' },
    },
  ],
  silent: [
    {
      title: 'a script of the project that nobody can read here',
      text: 'FROM debian:12-slim\nCOPY start.sh /\nCMD ["/start.sh"]\n',
      is: 'unknown',
    },
    {
      title: 'a script of the project that does a job',
      text: 'FROM debian:12-slim\nCOPY backup.sh /\nCMD ["/backup.sh"]\n',
      is: 'not-applicable',
      files: { 'backup.sh': '#!/bin/sh\nset -e\npg_dump app > /out/app.sql\n' },
    },
    {
      title: 'a probe without curl',
      text: `FROM node:22-bookworm-slim\nEXPOSE 3000\nHEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:3000/')"]\nCMD ["node", "server.js"]\n`,
      is: 'held',
    },
    {
      title: 'a probe that a lower stage sets',
      text: 'FROM debian:12-slim AS base\nHEALTHCHECK CMD ["/probe"]\nFROM base\nEXPOSE 80\nCMD ["nginx"]\n',
      is: 'held',
    },
    {
      title: 'the server of a base that may bring a health check of its own',
      text: 'FROM gitlab/gitlab-ce:latest\nCOPY gitlab.rb /etc/gitlab/\n',
      is: 'unknown',
    },
    {
      title: 'a command-line tool',
      text: 'FROM alpine:3.22\nRUN apk add --no-cache protoc\nENTRYPOINT ["protoc"]\n',
      is: 'not-applicable',
    },
    {
      title: 'a shell in shell form',
      text: 'FROM node:8.9.4\nRUN npm install -g gulp\nCMD /bin/bash\n',
      is: 'not-applicable',
    },
    { title: 'a job', text: 'FROM python:3.12-slim-bookworm\nCMD ["pytest"]\n', is: 'not-applicable' },
    {
      title: 'switched off on purpose',
      text: 'FROM debian:12-slim\nEXPOSE 80\nHEALTHCHECK NONE\nCMD ["nginx"]\n',
      is: 'not-applicable',
    },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
};
