import { appendCommand, refused } from '../../language/edit/index.ts';
import {
  type Build,
  cacheDirectory,
  changesScript,
  evidenceAt,
  leftBehind,
  type StepCommand,
  scriptPlace,
  shippedRuns,
  valueOf,
  whyNeeded,
  whyNotAgain,
  whyNotAtEnd,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const CLEAN = 'npm cache clean --force';

function cleaned(build: Build, writer: StepCommand): Proposal | Declined {
  const { step, script } = writer;
  const directory = valueOf(cacheDirectory(step, 'npm-cache'));
  if (directory === undefined) return { declined: 'where npm keeps its cache for this user is not known' };
  const why = whyNotAtEnd(writer) ?? whyNotAgain(writer);
  if (why !== undefined) return { declined: why };
  const needed = whyNeeded(build, step, 'npm-cache');
  if (needed !== undefined) return { declined: `the cache must stay, as ${needed}` };
  // Each call of npm leaves a log, and Node its compiled form.
  const traces = [`${directory}/_logs/*`, '/tmp/node-compile-cache/*'];
  const edits = appendCommand(scriptPlace(build, step), script, CLEAN);
  if (refused(edits)) return edits;
  return {
    title: 'clean the cache of npm',
    variant: 'npm',
    edits,
    claims: [
      changesScript(build, step),
      { kind: 'observed', probe: 'builds', expect: true },
      {
        kind: 'observed',
        probe: 'paths-only-before',
        expect: [`${directory}/_cacache`, `${directory}/_cacache/*`, ...traces],
      },
      { kind: 'observed', probe: 'paths-only-after', expect: traces },
      { kind: 'observed', probe: 'packages', expect: 'equal' },
    ],
  };
}

export default defineRule({
  id: 'npm-cache-left-behind',
  practice: 'P7',
  catalogue: ['P7.5'],
  level: 'info',
  fixClass: 'S',
  summary: 'the cache of npm stays in the image',
  aliases: [],
  about: { programs: ['npm'], written: ['npm-cache'], otherwise: 'no npm install in a stage that ships' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: StepCommand | undefined;
    for (const step of shippedRuns(build)) {
      seen ??= step.commands.find(({ invocation }) => invocation?.program === 'npm' && invocation.action === 'install');
      const writer = leftBehind(step, 'npm-cache');
      if (writer === undefined) continue;
      findings.push({
        at: writer.command.span,
        message: 'npm keeps what it downloads in this layer',
        help: `mount a cache (--mount=type=cache,target=/root/.npm), or end the RUN with ${CLEAN}`,
        step,
        fix: cleaned(build, writer),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no npm install in a stage that ships' }
        : { is: 'held', evidence: evidenceAt(build, seen, 'its cache is not in the layer') },
    );
  },
});

export const docs: RuleDocs = {
  why: `npm keeps a copy of every package in \`~/.npm/_cacache\`. In an image nothing reads it again, and it is often as large as
\`node_modules\` itself. A cache mount keeps it for the next build and out of the layer; else the RUN that filled it cleans it.`,
  examples: [
    {
      bad: 'FROM node:24-trixie-slim\nRUN «npm install --global is-odd»\n',
      good: 'FROM node:24-trixie-slim\nRUN npm install --global is-odd && npm cache clean --force\n',
      variant: 'npm',
    },
    {
      title: 'a later RUN works offline',
      bad: 'FROM node:24-trixie-slim\nWORKDIR /app\nRUN «npm install is-odd»\nRUN rm -rf node_modules && npm install --offline is-odd && npm cache clean --force\n',
      declined: 'without a network',
    },
    {
      title: 'npm is removed afterwards',
      bad: 'FROM alpine:3.22\nRUN apk add --no-cache npm && «npm install -g a» && apk del npm\n',
      declined: 'may be the program',
    },
    { title: 'a heredoc', bad: 'FROM node:24-trixie-slim\nRUN <<EOF\n«npm ci»\nEOF\n', declined: 'heredoc' },
  ],
  silent: [
    { title: 'a cache mount', text: 'FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n', is: 'held' },
    { title: 'cleaned', text: 'FROM node:24\nRUN npm ci && npm cache clean --force\n', is: 'held' },
    { title: 'removed by hand', text: 'FROM node:24\nRUN npm ci && rm -rf /root/.npm\n', is: 'held' },
    {
      title: 'a builder stage',
      text: 'FROM node:24 AS b\nRUN npm ci\nFROM nginx\nCOPY --from=b /a /a\n',
      is: 'not-applicable',
    },
  ],
  observed: ['npm'],
};
