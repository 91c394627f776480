import type { Stage } from '../../model/index.ts';
import type { Edit } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** `--from=Build` of later stages: the same name in small letters. BuildKit compares names without regard to case. */
function references(stages: readonly Stage[], stage: Stage, name: string): Edit[] {
  const edits: Edit[] = [];
  for (const { sources } of stages) {
    for (const { step, from, via } of sources) {
      if (via !== 'copy' || from !== stage) continue;
      const flag = step.instruction.flags.find((one) => one.name === 'from');
      if (flag?.valueSpan === undefined || flag.value?.toLowerCase() !== name || flag.value === name) continue;
      if (flag.valueSpan[1] - flag.valueSpan[0] === name.length) edits.push({ span: flag.valueSpan, text: name });
    }
  }
  return edits;
}

export default defineRule({
  id: 'stage-name-casing',
  practice: 'X7',
  catalogue: ['X7.3'],
  level: 'info',
  fixClass: 'S',
  summary: 'a stage name is not in small letters',
  aliases: ['buildkit/StageNameCasing'],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    const named = build.stages.filter(({ nameWord }) => nameWord !== undefined);
    for (const stage of named) {
      const { name, nameWord } = stage;
      if (name === undefined || nameWord === undefined || nameWord.value === name) continue;
      findings.push({
        at: nameWord.span,
        message: `the stage name ${nameWord.value} is not in small letters`,
        help: `BuildKit knows the stage as ${name}, and finds it under that name only in FROM`,
        fix: {
          title: `call the stage ${name}`,
          variant: 'default',
          edits: [{ span: nameWord.span, text: name }, ...references(build.stages, stage, name)],
          claims: [{ kind: 'same-build' }],
        },
      });
    }
    const [one] = named;
    return found(
      findings,
      one?.nameWord === undefined
        ? { is: 'not-applicable', because: 'no stage has a name' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: one.nameWord.span }, says: 'stage names are in small letters' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `BuildKit turns stage names into small letters. \`COPY --from=Build\` and \`--target Build\` still find the stage,
\`FROM Build\` does not: it asks for an image of that name. Small letters throughout leave nothing to trip over.`,
  examples: [
    {
      bad: 'FROM golang:1.25 AS «Build»\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=Build /app /app\n',
      good: 'FROM golang:1.25 AS build\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\n',
    },
  ],
  silent: [
    { title: 'small letters', text: 'FROM golang:1.25 AS build-env\n', is: 'held' },
    { title: 'no names', text: 'FROM golang:1.25\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/stage-name-casing/'],
};
