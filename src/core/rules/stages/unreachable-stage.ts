import type { Stage } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** Names of stages that are built for their own sake, with --target. */
const ASKED_FOR =
  /(?:^|[-_.])(?:tests?|testing|specs?|e2e|lint|linter|check|checks|ci|dev|devel|development|debug|docs?|bench|export|coverage|format|validate|vendor|devcontainer|release|artifacts?)(?:$|[-_.])/;

/** Nobody can ask for it: it has no name, or a later stage has taken it. */
function isNameless(stage: Stage, stages: readonly Stage[]): boolean {
  return stage.name === undefined || stages.findLast(({ name }) => name === stage.name) !== stage;
}

export default defineRule({
  id: 'unreachable-stage',
  practice: 'P3',
  catalogue: ['P3.4'],
  level: 'info',
  fixClass: 'F',
  summary: 'the image does not need this stage',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const { stages, target, dockerfile } = build;
    if (dockerfile.errors.length > 0) return { is: 'not-applicable', because: 'the file does not parse' };
    if (target === undefined) return { is: 'not-applicable', because: 'the file has no stage' };
    if (stages.length < 2) return { is: 'not-applicable', because: 'the file has one stage' };
    const needed = new Set(build.needed);
    const findings: Finding[] = [];
    for (const stage of stages) {
      if (needed.has(stage)) continue;
      const nameless = isNameless(stage, stages);
      if (!nameless && ASKED_FOR.test(stage.name ?? '')) continue;
      // What only a stage that is itself not needed builds on is told there.
      if (stage.descendants.some((one) => one.name !== undefined && ASKED_FOR.test(one.name))) continue;
      findings.push({
        at: stage.nameWord?.span ?? stage.from.instruction.span,
        message: nameless
          ? 'nothing uses this stage, and no --target can name it'
          : `the image does not need the stage ${stage.name}`,
        help: nameless ? 'remove it' : `remove it, or keep it for --target ${stage.name}`,
        fix: {
          declined: nameless
            ? 'a stage is removed by hand: its comments and its place in the count of stages go with it'
            : 'whether somebody builds it with --target stands in other files: `adopt` looks there',
        },
      });
    }
    const evidence = [
      { at: { file: build.file, span: target.from.instruction.span }, says: 'the image needs every stage' },
    ];
    return found(findings, { is: 'held', evidence });
  },
});

export const docs: RuleDocs = {
  why: `BuildKit skips a stage that the target does not need, so that it costs no time; the classic builder did not. In a
multi-stage file it mostly means that a COPY --from was forgotten or names the wrong stage, and that the image lacks what was built.`,
  examples: [
    {
      title: 'a COPY --from was forgotten',
      bad: 'FROM golang:1.25 AS «build»\nRUN go build -o /app\nFROM scratch\nCOPY app /app\n',
      declined: 'stands in other files',
    },
    {
      title: 'without a name',
      bad: '«FROM golang:1.25»\nRUN go build -o /app\nFROM scratch\nCOPY app /app\n',
      declined: 'by hand',
    },
  ],
  silent: [
    {
      title: 'copied from',
      text: 'FROM golang:1.25 AS build\nFROM scratch\nCOPY --from=build /app /app\n',
      is: 'held',
    },
    {
      title: 'mounted',
      text: 'FROM golang:1.25 AS build\nFROM debian:12\nRUN --mount=from=build,target=/b cp /b/app /app\n',
      is: 'held',
    },
    {
      title: 'a stage for tests',
      text: 'FROM golang:1.25 AS base\nFROM base AS unit-test\nRUN go test\nFROM base\n',
      is: 'held',
    },
    { title: 'one stage', text: 'FROM golang:1.25\n', is: 'not-applicable' },
  ],
};
