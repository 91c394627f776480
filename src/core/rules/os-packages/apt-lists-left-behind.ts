import { appendCommand, refused } from '../../language/edit/index.ts';
import {
  type Build,
  changesScript,
  evidenceAt,
  indexForLater,
  leftBehind,
  type StartInstalls,
  type StepCommand,
  scriptPlace,
  shippedRuns,
  startInstalls,
  whyNeeded,
  whyNotAtEnd,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const CLEAN = 'rm -rf /var/lib/apt/lists/*';

/** apt-file keeps what packages contain beside the lists, and is of no use without. */
const KEEPS_ITS_OWN_THERE = /^apt-file$/;

function removal(build: Build, writer: StepCommand, start: () => StartInstalls): Proposal | Declined {
  const { step, script } = writer;
  if (step.commands.some(({ command }) => KEEPS_ITS_OWN_THERE.test(command.program ?? '')))
    return { declined: 'apt-file keeps its contents of packages in the same directory' };
  const why = whyNotAtEnd(writer);
  if (why !== undefined) return { declined: why };
  const needed = whyNeeded(build, step, 'apt-lists');
  if (needed !== undefined)
    return { declined: `the lists must stay, as ${needed}: join the instructions, or run apt-get update in each` };
  const sudo = writer.command.wrappers.includes('sudo') ? 'sudo ' : '';
  const edits = appendCommand(scriptPlace(build, step), script, sudo + CLEAN);
  if (refused(edits)) return edits;
  const { doubt } = start();
  return {
    title: doubt === undefined ? 'remove the package lists' : `remove the package lists, although ${doubt}`,
    variant: doubt === undefined ? 'apt' : 'unseen-start',
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
  check({ build, facts, context }) {
    const findings: Finding[] = [];
    let looked: StartInstalls | undefined;
    const start = () => {
      looked ??= startInstalls({ build, facts, context });
      return looked;
    };
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
        fix: removal(build, update, start),
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
  why: `\`apt-get update\` writes the lists of all packages to \`/var/lib/apt/lists\`. A running container hardly ever reads them,
they are old the next day, and a later \`rm\` does not make the image smaller: what one layer holds stays in it.
So they go in the RUN that made them. A cache mount over \`/var/lib/apt\` does as well, and spares the download next time.

Without the lists \`apt-get install\` cannot find a package. So there is no fix where a later instruction reads them, or runs a program
that is not known to leave them alone: a script, a recipe of the project, \`rosdep\`, \`mk-build-deps\`. And the fix is not safe where the
container may install packages when it starts: scripts of the project are read, and what cannot be read may.
With other package managers a cache that is gone costs time alone: apk, dnf, yum, pip and npm fetch again what they miss.`,
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
    {
      title: 'a program that nobody knows, or that installs by apt',
      bad: 'FROM ros:jazzy\nCOPY src src\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\nRUN rosdep install --from-paths src -y\n',
      declined: 'line 4 may read it',
    },
    {
      title: 'apt-file',
      bad: 'FROM debian:trixie-slim\nRUN «apt-get update» && apt-get install -y --no-install-recommends apt-file && apt-file update\n',
      declined: 'apt-file keeps',
    },
    {
      title: 'the container installs when it starts',
      bad: 'FROM debian:trixie-slim\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
      good: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd && rm -rf /var/lib/apt/lists/*\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
      files: { 'start.sh': '#!/bin/sh\napt-get install -y less\nexec less /etc/hosts\n' },
      variant: 'unseen-start',
    },
    {
      title: 'what the base image starts is not known, and may run a copied script',
      bad: 'FROM registry.example.com/team/builder\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\nCOPY build.sh /src/\n',
      good: 'FROM registry.example.com/team/builder\nRUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd && rm -rf /var/lib/apt/lists/*\nCOPY build.sh /src/\n',
      variant: 'unseen-start',
    },
  ],
  unseen: ['unseen-start'],
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
