import { appendCommand, refused } from '../../language/edit/index.ts';
import {
  type Build,
  changesScript,
  evidenceAt,
  indexForLater,
  leftBehind,
  type StepCommand,
  scriptPlace,
  shippedRuns,
  whyNeeded,
  whyNotAtEnd,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const CLEAN = 'rm -rf /var/lib/apt/lists/*';

function removal(build: Build, writer: StepCommand): Proposal | Declined {
  const { step, script } = writer;
  const why = whyNotAtEnd(writer);
  if (why !== undefined) return { declined: why };
  const needed = whyNeeded(build, step, 'apt-lists');
  if (needed !== undefined)
    return { declined: `the lists must stay, as ${needed}: join the instructions, or run apt-get update in each` };
  const sudo = writer.command.wrappers.includes('sudo') ? 'sudo ' : '';
  const edits = appendCommand(scriptPlace(build, step), script, sudo + CLEAN);
  if (refused(edits)) return edits;
  return {
    title: 'remove the package lists',
    variant: 'apt',
    edits,
    claims: [
      changesScript(build, step),
      { kind: 'observed', probe: 'builds', expect: true },
      { kind: 'observed', probe: 'paths-only-before', expect: ['/var/lib/apt/lists/*'] },
      { kind: 'observed', probe: 'packages', expect: 'equal' },
    ],
  };
}

export default defineRule({
  id: 'apt-lists-left-behind',
  practice: 'P11',
  catalogue: ['P11.3'],
  level: 'warning',
  fixClass: 'S',
  summary: 'package lists of apt stay in the image',
  aliases: ['hadolint/DL3009'],
  about: { written: ['apt-lists'], otherwise: 'no apt-get update in a stage that ships' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let clean: StepCommand | undefined;
    for (const step of shippedRuns(build)) {
      const updates = step.commands.filter(
        ({ invocation }) => invocation?.action === 'update-index' && invocation.writes.includes('apt-lists'),
      );
      const update = updates.at(-1);
      if (update === undefined) continue;
      const cleared = step.commands.findLastIndex(({ invocation }) => invocation?.clears.includes('apt-lists'));
      const left = leftBehind(step, 'apt-lists') !== undefined && step.commands.indexOf(update) > cleared;
      // An index for a later RUN is another rule's matter: it goes when the two are joined.
      if (!left || indexForLater(step, 'apt-lists') !== undefined) {
        clean = update;
        continue;
      }
      findings.push({
        at: update.command.span,
        message: 'package lists in /var/lib/apt/lists stay in this layer',
        help: 'remove the lists in the RUN that made them, or mount a cache over them',
        fix: removal(build, update),
        step,
      });
    }
    return found(
      findings,
      clean === undefined
        ? { is: 'not-applicable', because: 'no apt-get update in a stage that ships' }
        : { is: 'held', evidence: evidenceAt(build, clean, 'its lists are not in the layer') },
    );
  },
});

export const docs: RuleDocs = {
  why: `\`apt-get update\` writes the lists of all packages to \`/var/lib/apt/lists\`. Nothing reads them in a running
container, they are old the next day, and a later \`rm\` does not make the image smaller: what one layer holds stays in it.
So they go in the RUN that made them. A cache mount over \`/var/lib/apt\` does as well, and spares the download next time.`,
  examples: [
    {
      bad: 'FROM debian:trixie-slim\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\n',
      good: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd && rm -rf /var/lib/apt/lists/*\n',
      variant: 'apt',
    },
    {
      title: 'over several lines',
      bad: 'FROM debian:trixie-slim\n# a tool\nRUN «apt-get update» \\\n  && apt-get install -y --no-install-recommends \\\n    # for the probe\n    netcat-openbsd\n',
      good: 'FROM debian:trixie-slim\n# a tool\nRUN apt-get update \\\n  && apt-get install -y --no-install-recommends \\\n    # for the probe\n    netcat-openbsd \\\n  && rm -rf /var/lib/apt/lists/*\n',
      variant: 'apt',
    },
    {
      title: 'set -e and semicolons',
      bad: 'FROM debian:trixie-slim\nRUN set -eux; \\\n    «apt-get update»; \\\n    apt-get install -y --no-install-recommends netcat-openbsd; \\\n    apt-get clean;\n',
      good: 'FROM debian:trixie-slim\nRUN set -eux; \\\n    apt-get update; \\\n    apt-get install -y --no-install-recommends netcat-openbsd; \\\n    apt-get clean \\\n    && rm -rf /var/lib/apt/lists/*\n',
      variant: 'apt',
    },
    {
      title: 'removed before the last update',
      bad: 'FROM debian:trixie-slim\nRUN apt-get update && rm -rf /var/lib/apt/lists/* && «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\n',
      good: 'FROM debian:trixie-slim\nRUN apt-get update && rm -rf /var/lib/apt/lists/* && apt-get update && apt-get install -y --no-install-recommends netcat-openbsd && rm -rf /var/lib/apt/lists/*\n',
      variant: 'apt',
    },
    {
      title: 'a heredoc',
      bad: 'FROM debian:trixie-slim\nRUN <<EOF\nset -e\n«apt-get update»\napt-get install -y --no-install-recommends netcat-openbsd\nEOF\n',
      good: 'FROM debian:trixie-slim\nRUN <<EOF\nset -e\napt-get update\napt-get install -y --no-install-recommends netcat-openbsd\nrm -rf /var/lib/apt/lists/*\nEOF\n',
      variant: 'apt',
    },
    {
      title: 'a heredoc that goes on after a failure',
      bad: 'FROM debian:12\nRUN <<EOF\n«apt-get update»\napt-get install -y curl\nEOF\n',
      declined: 'without set -e',
    },
    {
      title: 'a later RUN installs from them',
      bad: 'FROM debian:trixie-slim\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\nRUN apt-get install -y --no-install-recommends less\n',
      declined: 'line 3 reads it',
    },
    {
      title: 'a later RUN in a stage from it installs from them',
      bad: 'FROM debian:trixie-slim AS base\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\nFROM base\nRUN apt-get install -y --no-install-recommends less\n',
      declined: 'line 4 reads it',
    },
    {
      title: 'a script that may install',
      bad: 'FROM debian:trixie-slim\nCOPY setup.sh /\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\nRUN sh /setup.sh\n',
      declined: 'may read it',
    },
  ],
  silent: [
    {
      title: 'removed in the same RUN',
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
      is: 'held',
    },
    {
      title: 'a cache mount lies over them (hadolint #497, #983)',
      text: 'FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y curl\n',
      is: 'held',
    },
    {
      title: 'a tmpfs lies over them',
      text: 'FROM debian:12\nRUN --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update && apt-get install -y curl\n',
      is: 'held',
    },
    {
      title: 'a builder stage does not ship',
      text: 'FROM debian:12 AS build\nRUN apt-get update && apt-get install -y gcc\nFROM scratch\nCOPY --from=build /a /a\n',
      is: 'not-applicable',
    },
    {
      title: 'an index for a later RUN is another rule’s matter',
      text: 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n',
      is: 'held',
    },
    {
      title: 'add-apt-repository alone, which updates only on newer systems',
      text: 'FROM ubuntu:16.04\nRUN add-apt-repository ppa:a/b\n',
      is: 'not-applicable',
    },
    {
      title: 'dist-clean',
      text: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && apt-get dist-clean\n',
      is: 'held',
    },
    { title: 'no apt', text: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n', is: 'not-applicable' },
  ],
  observed: ['apt'],
  links: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
};
