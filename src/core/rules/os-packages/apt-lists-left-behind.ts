import { appendCommand, refused } from '../../language/edit/index.ts';
import {
  type Build,
  claimName,
  indexForLater,
  leftBehind,
  readersOf,
  scriptPlace,
  shippedRuns,
  type StepCommand,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const CLEAN = 'rm -rf /var/lib/apt/lists/*';

/** Only what the script's own end decides: behind an `exit` or `exec` nothing runs. */
function endsEarly({ command }: StepCommand): boolean {
  return command.program === 'exit' || command.wrappers.includes('exec');
}

function removal(build: Build, writer: StepCommand): Proposal | Declined {
  const { step, script } = writer;
  if (step.scripts.length !== 1 || script.partial) return { declined: 'a part of the script cannot be read' };
  if (writer.command.nesting.includes('sh -c')) return { declined: 'the command stands in a string for sh -c' };
  if (step.commands.some(endsEarly)) return { declined: 'the script may end before its last command' };
  const last = step.commands.at(-1) as StepCommand;
  const { readers, opaque } = readersOf(build, last, 'apt-lists');
  const reader = readers[0]?.step ?? opaque[0];
  if (reader !== undefined) {
    const line = reader.instruction.startLine;
    return {
      declined:
        readers.length > 0
          ? `line ${line} reads the lists: join the two RUN instructions, or run apt-get update there too`
          : `line ${line} may read the lists, and its commands cannot be seen`,
    };
  }
  const edits = appendCommand(
    scriptPlace(build, step),
    script,
    writer.command.wrappers.includes('sudo') ? `sudo ${CLEAN}` : CLEAN,
  );
  if (refused(edits)) return edits;
  return {
    title: 'remove the package lists',
    variant: 'apt',
    edits,
    claims: [
      { kind: 'same-build-but', differs: [claimName(build, step, 'args')] },
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
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let clean: StepCommand | undefined;
    for (const step of shippedRuns(build)) {
      const update = step.commands.find(({ invocation }) => invocation?.writes.includes('apt-lists'));
      if (update === undefined) continue;
      const writer = leftBehind(step, 'apt-lists');
      // An index for a later RUN is another rule's matter: it goes when the two are joined.
      if (writer === undefined || indexForLater(step, 'apt-lists') !== undefined) {
        clean = update;
        continue;
      }
      findings.push({
        at: writer.command.span,
        message: 'package lists in /var/lib/apt/lists stay in this layer',
        help: 'remove the lists in the RUN that made them, or mount a cache over them',
        fix: removal(build, writer),
        step,
      });
    }
    return found(
      findings,
      clean === undefined
        ? { is: 'not-applicable', because: 'no apt-get update in a stage that ships' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: clean.command.span }, says: 'its lists are not in the layer' }],
          },
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
      title: 'a later RUN installs from them',
      bad: 'FROM debian:trixie-slim\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\nRUN apt-get install -y --no-install-recommends less\n',
      declined: 'line 3 reads the lists',
    },
    {
      title: 'a later RUN in a stage from it installs from them',
      bad: 'FROM debian:trixie-slim AS base\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\nFROM base\nRUN apt-get install -y --no-install-recommends less\n',
      declined: 'line 4 reads the lists',
    },
    {
      title: 'a script that may install',
      bad: 'FROM debian:trixie-slim\nCOPY setup.sh /\nRUN «apt-get update» && apt-get install -y --no-install-recommends netcat-openbsd\nRUN sh /setup.sh\n',
      declined: 'may read the lists',
    },
  ],
  silent: [
    { title: 'removed in the same RUN', text: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n', is: 'held' },
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
    { title: 'an index for a later RUN is another rule’s matter', text: 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n', is: 'held' },
    { title: 'no apt', text: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n', is: 'not-applicable' },
  ],
  observed: ['apt'],
  links: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
};
