import type { ProgramOption } from '../../language/shell/index.ts';
import { type Build, changesScript, nodeMajor, type StepCommand } from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** First Node whose npm calls `--production` deprecated: npm 7 came with 15. */
const OMIT_SINCE = 15;

function isOld({ name, value }: ProgramOption): boolean {
  if (name === '--production') return value === undefined || value.unquoted === 'true';
  return name === '--only' && /^prod(?:uction)?$/.test(value?.unquoted ?? '');
}

function toOmit(build: Build, { step, command }: StepCommand, option: ProgramOption): Proposal | Declined {
  const { word, value } = option;
  if (word.broken || value?.broken === true || command.nesting.includes('sh -c'))
    return { declined: 'the option is not written plainly' };
  const end = value === undefined ? word.span[1] : Math.max(word.span[1], value.span[1]);
  if (/[\\\n]/.test(build.dockerfile.text.slice(word.span[0], end)))
    return { declined: 'the option is broken over two lines' };
  return {
    title: 'write --omit=dev',
    variant: 'default',
    edits: [{ span: [word.span[0], end], text: '--omit=dev' }],
    claims: [changesScript(build, step), { kind: 'observed', probe: 'paths-only-before', expect: [] }],
  };
}

export default defineRule({
  id: 'deprecated-production-flag',
  practice: 'P22',
  catalogue: ['G108'],
  level: 'info',
  fixClass: 'S',
  summary: 'npm is told --production or --only=production, which gave way to --omit=dev',
  aliases: [],
  about: { programs: ['npm'], otherwise: 'npm installs nothing here' },
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: StepCommand | undefined;
    let unknown = false;
    for (const step of build.needed.flatMap(({ steps }) => steps)) {
      if (step.instruction.name !== 'RUN') continue;
      for (const each of step.commands) {
        const { invocation } = each;
        if (invocation?.program !== 'npm' || !/^(?:install|prune|remove)$/.test(invocation.action)) continue;
        seen ??= each;
        const option = invocation.options.find(isOld);
        const major = step.stage === undefined ? undefined : nodeMajor(step.stage);
        if (option === undefined || (major !== undefined && major < OMIT_SINCE)) continue;
        if (major === undefined) {
          unknown = true;
          continue;
        }
        findings.push({
          at: option.word.span,
          message: `${option.name} is deprecated: npm warns at every install`,
          help: 'write --omit=dev',
          step,
          fix: toOmit(build, each, option),
        });
      }
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence: [] });
    if (unknown) return { is: 'unknown', because: 'it is not known which npm the image has' };
    if (seen === undefined) return { is: 'not-applicable', because: 'npm installs nothing here' };
    return {
      is: 'held',
      evidence: [
        {
          at: { file: build.file, span: seen.command.span },
          says: 'npm is given no deprecated option, or is older than its replacement',
        },
      ],
    };
  },
});

export const docs: RuleDocs = {
  why: `Since npm 7, \`--production\` and \`--only=production\` are other names of \`--omit=dev\`, with a warning that hides others. npm 6 and older do not know
\`--omit\` and would install everything, so the rule looks at the version of Node first.`,
  observed: ['default'],
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nRUN npm install «--only=production»\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nRUN npm install --omit=dev\n',
    },
    {
      title: 'in two words',
      bad: 'FROM node:22-bookworm-slim\nRUN npm install «--only» prod && npm prune\n',
      good: 'FROM node:22-bookworm-slim\nRUN npm install --omit=dev && npm prune\n',
    },
    {
      title: 'pruning',
      bad: 'FROM node:22-bookworm-slim\nRUN npm prune «--production»\n',
      good: 'FROM node:22-bookworm-slim\nRUN npm prune --omit=dev\n',
    },
    {
      title: 'in a heredoc that is run as a file',
      bad: 'FROM node:22-bookworm-slim\nRUN <<EOF\n#!/bin/sh\nset -e\nnpm prune «--production»\nEOF\n',
      good: 'FROM node:22-bookworm-slim\nRUN <<EOF\n#!/bin/sh\nset -e\nnpm prune --omit=dev\nEOF\n',
    },
  ],
  silent: [
    { title: '--omit', text: 'FROM node:22-bookworm-slim\nRUN npm ci --omit=dev\n', is: 'held' },
    { title: 'an npm that does not know it', text: 'FROM node:12\nRUN npm ci --production\n', is: 'held' },
    { title: 'the other way round', text: 'FROM node:22\nRUN npm install --production=false\n', is: 'held' },
    { title: 'Yarn has no other', text: 'FROM node:22\nRUN yarn install --production\n', is: 'not-applicable' },
    {
      title: 'which npm, nobody says',
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y npm && npm ci --production\n',
      is: 'unknown',
    },
  ],
  links: ['https://docs.npmjs.com/cli/using-npm/config#omit'],
};
