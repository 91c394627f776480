import { insertWord, refused, removeCommand } from '../../language/edit/index.ts';
import {
  type Build,
  changesScript,
  evidenceAt,
  indexForLater,
  mountCovers,
  type Step,
  type StepCommand,
  scriptPlace,
  shippedRuns,
} from '../../model/index.ts';
import type { Edit } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** apk fetches the index when it has none: also a plain `apk add` leaves it in /var/cache/apk. */
function fetchesIndex({ invocation }: StepCommand): boolean {
  if (invocation?.program !== 'apk' || invocation.options.some(({ name }) => name === '--no-network')) return false;
  if (!/^(?:install|upgrade|update-index)$/.test(invocation.action)) return false;
  return invocation.reads.includes('apk-index') || invocation.writes.includes('apk-index');
}

function leaves(step: Step): readonly StepCommand[] {
  if (mountCovers(step, 'apk-index') !== undefined) return [];
  const cleared = step.commands.findLastIndex(({ invocation }) => invocation?.clears.includes('apk-index'));
  return step.commands.filter((each, at) => at > cleared && fetchesIndex(each));
}

function withoutCache(build: Build, step: Step): Proposal | Declined {
  const edits: Edit[] = [];
  for (const each of leaves(step)) {
    const { invocation, command } = each;
    const word = invocation?.subcommandWord;
    if (word === undefined || word.broken || command.nesting.includes('sh -c'))
      return { declined: 'the command is not plain' };
    const change =
      invocation?.action === 'update-index'
        ? removeCommand(scriptPlace(build, step), command)
        : insertWord(word, '--no-cache');
    if (refused(change)) return change;
    edits.push(...change);
  }
  return {
    title: 'add packages with --no-cache',
    variant: 'apk',
    edits,
    claims: [
      changesScript(build, step),
      { kind: 'observed', probe: 'builds', expect: true },
      { kind: 'observed', probe: 'paths-only-before', expect: ['/var/cache/apk/*'] },
      { kind: 'observed', probe: 'packages', expect: 'equal' },
    ],
  };
}

export default defineRule({
  id: 'apk-index-left-behind',
  practice: 'P11',
  catalogue: ['P11.10'],
  level: 'warning',
  fixClass: 'S',
  summary: 'the package index of apk stays in the image',
  aliases: ['hadolint/DL3019'],
  about: { programs: ['apk'], otherwise: 'no apk in a stage that ships' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: StepCommand | undefined;
    for (const step of shippedRuns(build)) {
      const manager = step.commands.find(
        ({ invocation }) => invocation?.program === 'apk' && invocation.action !== 'query',
      );
      if (manager === undefined) continue;
      seen ??= manager;
      const left = leaves(step);
      const shown = left.findLast(({ invocation }) => invocation?.action !== 'update-index') ?? left[0];
      if (shown === undefined || indexForLater(step, 'apk-index') !== undefined) continue;
      findings.push({
        at: shown.invocation?.subcommandWord?.span ?? shown.command.span,
        message: 'the package index stays in this layer, in /var/cache/apk',
        help: 'use apk add --no-cache, which needs no apk update either',
        step,
        fix: withoutCache(build, step),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no apk in a stage that ships' }
        : { is: 'held', evidence: evidenceAt(build, seen, 'it leaves no index') },
    );
  },
});

export const docs: RuleDocs = {
  why: `\`apk add --no-cache\` fetches the index for this one command and keeps nothing, so that neither \`apk update\` before nor
\`rm -rf /var/cache/apk/*\` after it is needed. Without it some megabytes of index stay in the layer: much for an Alpine image.`,
  examples: [
    {
      bad: 'FROM alpine:3.22\nRUN apk «add» curl\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
      variant: 'apk',
    },
    {
      title: 'the update goes as well',
      bad: 'FROM alpine:3.22\nRUN apk update && apk «add» curl && addgroup app\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl && addgroup app\n',
      variant: 'apk',
    },
    {
      title: 'an update that nothing needs',
      bad: 'FROM alpine:3.22\nRUN apk «update» && apk add --no-cache curl\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
      variant: 'apk',
    },
    {
      title: 'two installs, over several lines',
      bad: 'FROM alpine:3.22\nRUN apk add --update \\\n      curl \\\n && apk «add» -t build gcc\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache --update \\\n      curl \\\n && apk add --no-cache -t build gcc\n',
      variant: 'apk',
    },
    {
      title: 'an update that is not in a chain',
      bad: 'FROM alpine:3.22\nRUN apk update; apk «add» curl\n',
      declined: 'all that its list does',
    },
  ],
  silent: [
    {
      title: '--no-cache',
      text: 'FROM alpine:3.22\nRUN apk --no-cache add curl && apk add --no-cache git\n',
      is: 'held',
    },
    {
      title: 'removed in the same RUN',
      text: 'FROM alpine:3.22\nRUN apk add --update curl && rm -rf /var/cache/apk/*\n',
      is: 'held',
    },
    {
      title: 'a cache mount (hadolint #671, #723)',
      text: 'FROM alpine:3.22\nRUN --mount=type=cache,target=/var/cache/apk apk add curl\n',
      is: 'held',
    },
    {
      title: 'a package by file and no network',
      text: 'FROM alpine:3.22\nRUN apk add --no-network /a.apk\n',
      is: 'held',
    },
    {
      title: 'an index for a later RUN',
      text: 'FROM alpine:3.22\nRUN apk update\nRUN apk add --no-cache curl\n',
      is: 'held',
    },
    {
      title: 'a builder stage',
      text: 'FROM alpine:3.22 AS b\nRUN apk add gcc\nFROM scratch\nCOPY --from=b /a /a\n',
      is: 'not-applicable',
    },
  ],
  observed: ['apk'],
};
