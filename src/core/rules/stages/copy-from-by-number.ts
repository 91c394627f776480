import type { Build, Stage } from '../../model/index.ts';
import type { Edit } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Every name that already means a stage or an image somewhere in the file. */
function takenNames(build: Build): Set<string> {
  const taken = new Set<string>();
  for (const { name } of build.stages) if (name !== undefined) taken.add(name);
  for (const { instruction, mounts } of build.steps) {
    const { args, flags } = instruction;
    if (instruction.name === 'FROM' && args.form === 'words') taken.add(args.words[0]?.value.toLowerCase() ?? '');
    for (const { name, value } of flags) if (name === 'from') taken.add(value?.toLowerCase() ?? '');
    for (const { from } of mounts) if (from !== undefined) taken.add(from.toLowerCase());
  }
  return taken;
}

/** The name that COPY --from finds the stage by, with the edits that give it one where it has none. */
function naming(build: Build, stage: Stage): { name: string; edits: readonly Edit[] } | Declined {
  const { name, from } = stage;
  if (name !== undefined) {
    const last = build.stages.findLast((one) => one.name === name);
    return last === stage ? { name, edits: [] } : { declined: `a later stage is called ${name} too` };
  }
  const { args, keyword } = from.instruction;
  const image = args.form === 'words' && args.words.length === 1 ? args.words[0] : undefined;
  const taken = takenNames(build);
  const free = ['build', `stage-${stage.index}`].find((one) => !taken.has(one));
  if (image === undefined || free === undefined) return { declined: 'there is no free name for the stage' };
  const as = keyword.value === keyword.value.toLowerCase() ? 'as' : 'AS';
  return { name: free, edits: [{ span: [image.span[1], image.span[1]], text: ` ${as} ${free}` }] };
}

function rename(build: Build, stage: Stage, edit: Edit['span'] | undefined): Proposal | Declined {
  if (edit === undefined) return { declined: 'the number is not written plainly' };
  const named = naming(build, stage);
  if ('declined' in named) return named;
  return {
    title: named.edits.length === 0 ? `copy from ${named.name}` : `call the stage ${named.name} and copy from it`,
    variant: named.edits.length === 0 ? 'named' : 'unnamed',
    edits: [...named.edits, { span: edit, text: named.name }],
    claims: [{ kind: 'same-build' }],
  };
}

export default defineRule({
  id: 'copy-from-by-number',
  practice: 'P3',
  catalogue: ['P3.3'],
  level: 'info',
  fixClass: 'S',
  summary: 'COPY --from names a stage by its number',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Finding['at'] | undefined;
    for (const { instruction, stage } of build.steps) {
      if (instruction.name !== 'COPY' || stage === undefined) continue;
      const flag = instruction.flags.find(({ name }) => name === 'from');
      if (flag?.value === undefined) continue;
      seen ??= flag.span;
      const source = /^\d{1,6}$/.test(flag.value) ? build.stages[Number(flag.value)] : undefined;
      if (source === undefined || source.index >= stage.index) continue;
      const span = flag.valueSpan;
      const plain = span !== undefined && build.dockerfile.text.slice(...span) === flag.value ? span : undefined;
      findings.push({
        at: flag.span,
        message: `the stage is named by its number, ${flag.value}`,
        help: 'name it: a stage added or moved gives the number to another one',
        related: [{ at: source.from.instruction.args.span, label: `stage ${source.index}` }],
        fix: rename(build, source, plain),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'nothing is copied from another stage' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen }, says: 'COPY --from goes by names' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: `Numbers count the stages from 0. Whoever puts a stage in between copies from another one without noticing, and readers
have to count.`,
  examples: [
    {
      title: 'a stage without a name',
      bad: 'FROM golang:1.25\nRUN go build -o /app\n\nFROM scratch\nCOPY «--from=0» /app /app\n',
      good: 'FROM golang:1.25 AS build\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\n',
      variant: 'unnamed',
    },
    {
      title: 'a stage with a name',
      bad: 'FROM golang:1.25 AS compile\nRUN go build -o /app\n\nFROM scratch\nCOPY «--from=0» /app /app\n',
      good: 'FROM golang:1.25 AS compile\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=compile /app /app\n',
      variant: 'named',
    },
    {
      title: 'two stages of one name',
      bad: 'FROM golang:1.25 AS a\nFROM golang:1.25 AS a\nFROM scratch\nCOPY «--from=0» /app /app\n',
      declined: 'a later stage is called a too',
    },
  ],
  silent: [
    { title: 'a name', text: 'FROM golang:1.25 AS build\nFROM scratch\nCOPY --from=build /app /app\n', is: 'held' },
    { title: 'an image', text: 'FROM scratch\nCOPY --from=busybox:1.37 /bin/sh /bin/sh\n', is: 'held' },
    { title: 'a number of no stage', text: 'FROM scratch\nCOPY --from=7 /app /app\n', is: 'held' },
    { title: 'nothing copied', text: 'FROM scratch\nCOPY app /app\n', is: 'not-applicable' },
  ],
};
