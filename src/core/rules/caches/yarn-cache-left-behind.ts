import { appendCommand, refused } from '../../language/edit/index.ts';
import {
  anyStepSays,
  type Build,
  changesScript,
  evidenceAt,
  leftBehind,
  onlyTells,
  type StepCommand,
  scriptPlace,
  shippedRuns,
  whyNeeded,
  whyNotAgain,
  whyNotAtEnd,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const CLEAN = 'yarn cache clean';

/** Signs of Yarn 2 and later: its cache in the project may be what the program runs from. */
const mayBeBerry = anyStepSays(
  /\.yarn\b|\byarn set version|corepack|--immutable|\.pnp\.|yarn@[2-9]|yarn@stable|yarn@berry|workspaces focus/,
);

function cleaned(build: Build, writer: StepCommand): Proposal | Declined {
  const why = whyNotAtEnd(writer) ?? whyNotAgain(writer);
  if (why !== undefined) return { declined: why };
  if (mayBeBerry(build))
    return { declined: 'Yarn 2 and later may run the program from its cache: use a cache mount where that is not so' };
  const needed = whyNeeded(build, writer.step, 'yarn-cache');
  if (needed !== undefined) return { declined: `the cache must stay, as ${needed}` };
  const edits = appendCommand(scriptPlace(build, writer.step), writer.script, CLEAN);
  if (refused(edits)) return edits;
  return {
    title: 'clean the cache of Yarn',
    variant: 'yarn',
    edits,
    claims: [
      changesScript(build, writer.step),
      { kind: 'observed', probe: 'builds', expect: true },
      {
        kind: 'observed',
        probe: 'paths-only-before',
        expect: ['/usr/local/share/.cache/yarn/*', '*/.cache/yarn/*', '/tmp/*'],
      },
      { kind: 'observed', probe: 'paths-only-after', expect: ['/tmp/*'] },
    ],
  };
}

export default defineRule({
  id: 'yarn-cache-left-behind',
  practice: 'P7',
  catalogue: ['P7.4'],
  level: 'info',
  fixClass: 'S',
  summary: 'the cache of Yarn stays in the image',
  aliases: ['hadolint/DL3060'],
  about: { programs: ['yarn'], written: ['yarn-cache'], otherwise: 'no Yarn install in a stage that ships' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: StepCommand | undefined;
    for (const step of shippedRuns(build)) {
      seen ??= step.commands.find(
        ({ invocation }) => invocation?.program === 'yarn' && invocation.action === 'install' && !onlyTells(invocation),
      );
      const writer = leftBehind(step, 'yarn-cache');
      if (writer === undefined) continue;
      findings.push({
        at: writer.command.span,
        message: 'yarn keeps what it downloads in this layer',
        help: `mount a cache over it, or end the RUN with ${CLEAN}`,
        step,
        fix: cleaned(build, writer),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no Yarn install in a stage that ships' }
        : { is: 'held', evidence: evidenceAt(build, seen, 'its cache is not in the layer') },
    );
  },
});

export const docs: RuleDocs = {
  why: `Yarn keeps a copy of every package in its cache, and in an image nothing reads it again. A cache mount keeps it for the
next build and out of the layer; else the RUN that filled it cleans it. The fix is for Yarn 1 alone: later versions may run
the program from the cache.`,
  examples: [
    {
      bad: 'FROM node:20\nRUN «yarn install --frozen-lockfile»\n',
      good: 'FROM node:20\nRUN yarn install --frozen-lockfile && yarn cache clean\n',
      variant: 'yarn',
    },
    {
      title: 'Yarn 4',
      bad: 'FROM node:22\nRUN corepack enable && «yarn install --immutable»\n',
      declined: 'Yarn 2 and later',
    },
    {
      title: 'only a comment speaks of a later Yarn',
      bad: 'FROM node:20\n# not before we use corepack\nRUN «yarn install --frozen-lockfile»\n',
      good: 'FROM node:20\n# not before we use corepack\nRUN yarn install --frozen-lockfile && yarn cache clean\n',
      variant: 'yarn',
    },
  ],
  silent: [
    {
      title: 'a cache mount',
      text: 'FROM node:24\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install\n',
      is: 'held',
    },
    { title: 'cleaned', text: 'FROM node:24\nRUN yarn install && yarn cache clean\n', is: 'held' },
    { title: 'asked for its version', text: 'FROM node:24\nRUN yarn --version\n', is: 'not-applicable' },
    { title: 'a script, no install', text: 'FROM node:24\nRUN yarn build\n', is: 'not-applicable' },
    {
      title: 'a builder stage',
      text: 'FROM node:24 AS b\nRUN yarn\nFROM nginx\nCOPY --from=b /a /a\n',
      is: 'not-applicable',
    },
  ],
  observed: ['yarn'],
};
