import { expand, suggest } from '../../language/syntax/index.ts';
import { type Build, PLATFORM_ARGS, type Stage } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

interface Text {
  readonly value: string;
  readonly span: Span;
}

/** What BuildKit expands in FROM: the image and the platform. */
function textsOf({ from: { instruction } }: Stage): Text[] {
  const { args, flags } = instruction;
  const texts: Text[] = args.form === 'words' ? args.words.slice(0, 1) : [];
  for (const { name, value, valueSpan } of flags)
    if (name === 'platform' && value !== undefined && valueSpan !== undefined) texts.push({ value, span: valueSpan });
  return texts;
}

function declared({ metaArgs }: Build): string[] {
  return metaArgs.flatMap(({ instruction: { args } }) =>
    args.form === 'pairs' ? args.pairs.map(({ key }) => key.value) : [],
  );
}

export default defineRule({
  id: 'undefined-arg-in-from',
  practice: 'X2',
  catalogue: ['X2.1'],
  level: 'warning',
  fixClass: 'F',
  summary: 'FROM uses an ARG that is not declared before it',
  aliases: ['buildkit/UndefinedArgInFrom'],
  subject: 'dockerfile',
  check({ build }) {
    const { dockerfile, stages } = build;
    const names = declared(build);
    const findings: Finding[] = [];
    let seen: Span | undefined;
    for (const stage of stages) {
      for (const { value, span } of textsOf(stage)) {
        if (!value.includes('$')) continue;
        const exact = dockerfile.text.slice(...span) === value;
        const known = (name: string) => (names.includes(name) || PLATFORM_ARGS.has(name) ? '' : undefined);
        const { references, unmatched } = expand(value, known, { escape: dockerfile.escape });
        if (references.length > 0) seen ??= span;
        for (const name of unmatched) {
          const use = references.find((one) => one.name === name);
          const meant = suggest(name, [...names, ...PLATFORM_ARGS]);
          findings.push({
            at: exact && use !== undefined ? [span[0] + use.span[0], span[0] + use.span[1]] : span,
            message: `no ARG ${name} is declared before the first FROM`,
            help:
              meant === undefined
                ? `declare ARG ${name} with a default before the first FROM: one in a stage does not count here`
                : `did you mean ${meant}?`,
            fix: { declined: 'which default is meant only its author knows' },
          });
        }
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no FROM uses a variable' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen }, says: 'every ARG of FROM is declared' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: `FROM sees only what ARG declares before the first FROM, and the platform arguments of BuildKit. Anything else is empty
there, even with \`--build-arg\`, so that another image is taken or the build fails.`,
  examples: [
    { bad: 'FROM node:«$NODE_VERSION»-slim\n', declined: 'only its author' },
    {
      title: 'declared in a stage',
      bad: 'FROM debian:12 AS a\nARG TAG=1\nFROM nginx:«${TAG}»\n',
      declined: 'only its author',
    },
    {
      title: 'a slip in a platform argument',
      bad: 'FROM --platform=«$BUILDPLATFROM» golang:1.25\n',
      declined: 'only its author',
    },
  ],
  silent: [
    { title: 'declared', text: 'ARG TAG=12\nFROM debian:$TAG\n', is: 'held' },
    { title: 'declared without a default', text: 'ARG TAG\nFROM debian:${TAG:-12}\n', is: 'held' },
    { title: 'platform arguments', text: 'FROM --platform=$BUILDPLATFORM golang:1.25\n', is: 'held' },
    { title: 'no variable', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/undefined-arg-in-from/'],
};
