import { insertAfter, insertBefore, refused } from '../../language/edit/index.ts';
import {
  type Build,
  claimName,
  isKnown,
  isRoot,
  type Step,
  type StepCommand,
  SYSTEM_MANAGERS,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** What a package manager does that changes the system. */
const CHANGES = new Set(['update-index', 'install', 'upgrade', 'remove']);

function needsRoot({ command, invocation }: StepCommand): boolean {
  if (invocation === undefined || !SYSTEM_MANAGERS.has(invocation.program) || !CHANGES.has(invocation.action))
    return false;
  if (command.wrappers.length > 0 || !command.certain || !command.decisive) return false;
  return !invocation.options.some(({ name }) =>
    /^--(?:root|installroot|download-only|dry-run|simulate|help|version)$/.test(name),
  );
}

function asRoot(build: Build, step: Step, user: string): Proposal | Declined {
  if (step.onbuild || step.stage === undefined) return { declined: 'the instruction runs in another build' };
  const before = insertBefore(build.dockerfile, step.instruction, 'USER root');
  const after = insertAfter(build.dockerfile, step.instruction, `USER ${user}`);
  if (refused(before)) return before;
  if (refused(after)) return after;
  return {
    title: 'switch to root for this RUN',
    variant: 'default',
    edits: [...before, ...after],
    claims: [
      { kind: 'same-build-but', differs: [claimName(step, 'user')] },
      { kind: 'observed', probe: 'builds', expect: true },
    ],
  };
}

export default defineRule({
  id: 'root-needed-after-user',
  practice: 'P9',
  catalogue: ['G056'],
  level: 'error',
  fixClass: 'S+B',
  summary: 'packages of the system are installed by an account that may not',
  aliases: [],
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    let unknown = false;
    let seen: StepCommand | undefined;
    for (const step of build.needed.flatMap(({ steps }) => steps)) {
      if (step.instruction.name !== 'RUN') continue;
      const command = step.commands.find(needsRoot);
      if (command === undefined) continue;
      seen ??= command;
      const { user, userStep } = step.before;
      if (isKnown(user) && isRoot(user.value)) continue;
      // which tags of a base image had which account is not certain enough for an error
      if (!isKnown(user) || userStep === undefined) {
        unknown = true;
        continue;
      }
      findings.push({
        at: command.command.span,
        message: `${command.invocation?.program ?? ''} needs root, and ${user.value} runs it`,
        help: 'do it before USER, or switch to root and back',
        step,
        related: [{ at: userStep.instruction.span, label: 'the account is set here' }],
        fix: asRoot(build, step, user.value),
      });
    }
    if (seen === undefined) return { is: 'not-applicable', because: 'no packages of the system are installed' };
    if (findings.length === 0 && unknown)
      return { is: 'unknown', because: 'it is not certain which account installs the packages' };
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file, span: seen.command.span }, says: 'root installs the packages' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `apt, apk and their like write to directories of root, so that the build stops with “permission denied”. Whoever adds USER to a Dockerfile
has to put it below the last step that needs root, and a base image with an account of its own needs \`USER root\` first.`,
  observed: ['default'],
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nUSER node\nRUN «apt-get update» && apt-get install -y curl\nCMD ["node", "server.js"]\n',
      good: 'FROM node:22-bookworm-slim\nUSER node\nUSER root\nRUN apt-get update && apt-get install -y curl\nUSER node\nCMD ["node", "server.js"]\n',
    },
    {
      title: 'a comment stays with its instruction',
      bad: 'FROM debian:12-slim\nUSER 1000:1000\n# for the jobs\nRUN «apt-get update» && apt-get install -y make\n',
      good: 'FROM debian:12-slim\nUSER 1000:1000\nUSER root\n# for the jobs\nRUN apt-get update && apt-get install -y make\nUSER 1000:1000\n',
    },
  ],
  silent: [
    { title: 'before USER', text: 'FROM node:22-bookworm-slim\nRUN apt-get update\nUSER node\n', is: 'held' },
    {
      title: 'with sudo',
      text: 'FROM circleci/node:14\nUSER circleci\nRUN sudo apt-get update\n',
      is: 'not-applicable',
    },
    { title: 'a variable', text: 'FROM debian:12-slim\nARG UID\nUSER $UID\nRUN apt-get update\n', is: 'unknown' },
    {
      title: 'the account of a base image is not certain for each tag',
      text: 'FROM jenkins/jenkins:2.516\nRUN apt-get update\n',
      is: 'unknown',
    },
    { title: 'no packages', text: 'FROM node:22-bookworm-slim\nUSER node\nRUN npm ci\n', is: 'not-applicable' },
  ],
};
