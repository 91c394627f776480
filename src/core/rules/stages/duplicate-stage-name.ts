import type { Stage } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'duplicate-stage-name',
  practice: 'P3',
  catalogue: ['P3.7'],
  level: 'warning',
  fixClass: 'N',
  summary: 'two stages have the same name',
  aliases: ['buildkit/DuplicateStageName', 'hadolint/DL3024'],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    const first = new Map<string, Stage>();
    for (const stage of build.stages) {
      const { name, nameWord } = stage;
      if (name === undefined || nameWord === undefined) continue;
      const earlier = first.get(name);
      if (earlier === undefined) {
        first.set(name, stage);
        continue;
      }
      findings.push({
        at: nameWord.span,
        message: `an earlier stage is called ${name} too`,
        help: 'FROM takes the nearest one above, COPY --from and --target the last: give each its own name',
        ...(earlier.nameWord !== undefined && { related: [{ at: earlier.nameWord.span, label: 'the earlier stage' }] }),
        fix: {
          declined: 'a new name changes what --target and COPY --from find: only its author knows which is meant',
        },
      });
    }
    const [one] = first.values();
    return found(
      findings,
      one?.nameWord === undefined
        ? { is: 'not-applicable', because: 'no stage has a name' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: one.nameWord.span }, says: 'each stage has its own name' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `BuildKit does not refuse the second name, and which stage is meant depends on who asks: FROM takes the nearest stage
above, \`COPY --from\` and \`--target\` take the last in the file. The earlier one can no longer be built by name.`,
  examples: [
    {
      bad: 'FROM debian:12 AS build\nRUN make\nFROM golang:1.25 AS «Build»\nRUN go build\n',
      declined: 'only its author knows',
    },
  ],
  silent: [
    { title: 'different names', text: 'FROM debian:12 AS one\nFROM one AS two\n', is: 'held' },
    { title: 'no names', text: 'FROM debian:12\nFROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/duplicate-stage-name/'],
};
