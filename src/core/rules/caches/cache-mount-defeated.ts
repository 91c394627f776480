import { refused, removeCommand, removeWord } from '../../language/edit/index.ts';
import type { Invocation, State } from '../../language/shell/index.ts';
import {
  type Build,
  cacheSwitchedOff,
  changesScript,
  mountCovers,
  neededRuns,
  type Step,
  type StepCommand,
  scriptPlace,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const STATES: readonly State[] = [
  'apt-lists',
  'apt-archives',
  'apk-index',
  'dnf-cache',
  'yum-cache',
  'zypper-cache',
  'pip-cache',
  'npm-cache',
  'yarn-cache',
  'pnpm-store',
  'bun-cache',
  'go-mod-cache',
  'go-build-cache',
  'cargo-registry',
  'composer-cache',
  'uv-cache',
  'poetry-cache',
  'maven-repository',
  'gradle-cache',
];

function claims(build: Build, step: Step): Proposal['claims'] {
  return [
    changesScript(build, step),
    { kind: 'observed', probe: 'builds', expect: true },
    { kind: 'observed', probe: 'paths-only-before', expect: [] },
    { kind: 'observed', probe: 'packages', expect: 'equal' },
  ];
}

function withoutOption(
  build: Build,
  { step, command }: StepCommand,
  { word }: Invocation['options'][number],
): Proposal | Declined {
  if (command.nesting.includes('sh -c')) return { declined: 'the command stands in a string for sh -c' };
  if (!word.unquoted.startsWith('--')) return { declined: 'the option stands together with others' };
  const edits = removeWord(build.dockerfile.text, word);
  if (refused(edits)) return edits;
  return { title: `remove ${word.text}`, variant: 'option', edits, claims: claims(build, step) };
}

function withoutClean(
  build: Build,
  { step, command, invocation }: StepCommand,
  states: readonly State[],
): Proposal | Declined {
  const others = invocation?.clears.filter((state) => !states.includes(state)) ?? [];
  const several = invocation?.program === 'rm' && (invocation.operands.length > 1 || others.length > 0);
  if (several || others.some((state) => state !== 'apt-archives'))
    return { declined: 'the command removes other things too' };
  if (command.nesting.length > 0) return { declined: 'the command does not stand in a plain chain' };
  const edits = removeCommand(scriptPlace(build, step), command);
  if (refused(edits)) return edits;
  return { title: 'leave the mounted cache alone', variant: 'clean', edits, claims: claims(build, step) };
}

/** An option that switches off the cache which a mount is there for. */
function optionOf(step: Step, { invocation }: StepCommand): Invocation['options'][number] | undefined {
  const off = cacheSwitchedOff(invocation);
  return off === undefined || mountCovers(step, off.state) === undefined ? undefined : off.option;
}

export default defineRule({
  id: 'cache-mount-defeated',
  practice: 'P7',
  catalogue: ['G039', 'G040'],
  level: 'warning',
  fixClass: 'S',
  summary: 'a cache is mounted, and then not used or emptied',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const step of neededRuns(build)) {
      // A tmpfs is empty again anyway: nothing is defeated.
      const covered = STATES.filter((state) => mountCovers(step, state)?.type === 'cache');
      if (covered.length === 0) continue;
      seen ??= step;
      for (const each of step.commands) {
        const { command, invocation } = each;
        const option = optionOf(step, each);
        if (option !== undefined)
          findings.push({
            at: option.word.span,
            message: `${option.name} keeps ${invocation?.program} from using the cache that is mounted`,
            help: 'remove the option: what is in the mount is not in the image',
            step,
            fix: withoutOption(build, each, option),
          });
        const emptied = covered.filter((state) => invocation?.clears.includes(state));
        if (emptied.length === 0) continue;
        findings.push({
          at: command.span,
          message: 'this empties the cache that is mounted, so that the next build downloads everything again',
          help: 'remove the command: what is in the mount is not in the image',
          step,
          fix: withoutClean(build, each, covered),
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no cache mount over the cache of a package manager' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'the cache is used and kept' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `What lies in a cache mount is never part of the image, so there is nothing to save by \`--no-cache-dir\`, \`apt-get clean\` or
\`rm -rf\`. They only see to it that the mount is empty when the next build wants it. Such lines mostly date from before the mount.`,
  examples: [
    {
      title: 'pip told not to use it',
      bad: 'FROM python:3.13-slim-trixie\nRUN --mount=type=cache,target=/root/.cache/pip pip install «--no-cache-dir» six\n',
      good: 'FROM python:3.13-slim-trixie\nRUN --mount=type=cache,target=/root/.cache/pip pip install six\n',
      variant: 'option',
    },
    {
      title: 'lists removed from the mount',
      bad: 'FROM debian:trixie-slim\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt,sharing=locked \\\n    apt-get update \\\n    && apt-get install -y --no-install-recommends less \\\n    && «rm -rf /var/lib/apt/lists/*»\n',
      good: 'FROM debian:trixie-slim\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt,sharing=locked \\\n    apt-get update \\\n    && apt-get install -y --no-install-recommends less\n',
      variant: 'clean',
    },
    {
      title: 'npm',
      bad: 'FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm install -g is-odd && «npm cache clean --force»\n',
      good: 'FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm install -g is-odd\n',
      variant: 'clean',
    },
    {
      title: 'something else is removed too',
      bad: 'FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && «rm -rf /var/lib/apt/lists/* /tmp/a»\n',
      declined: 'other things too',
    },
  ],
  silent: [
    {
      title: 'used and kept',
      text: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache/pip pip install six\n',
      is: 'held',
    },
    {
      title: 'the lists are not mounted, the archives are',
      text: 'FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y less && rm -rf /var/lib/apt/lists/*\n',
      is: 'held',
    },
    {
      title: 'a tmpfs',
      text: 'FROM debian:12\nRUN --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update && rm -rf /var/lib/apt/lists/*\n',
      is: 'not-applicable',
    },
    { title: 'no mount', text: 'FROM python:3.13\nRUN pip install --no-cache-dir six\n', is: 'not-applicable' },
  ],
  observed: ['option', 'clean'],
};
