import { insertAfter, refused } from '../../language/edit/index.ts';
import type { Pair } from '../../language/syntax/index.ts';
import { type Build, claimName, configClaimName, type Step, stepsAfter, valueOf } from '../../model/index.ts';
import type { Edit } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Proposal, type RuleDocs } from '../define.ts';

const NAME = 'DEBIAN_FRONTEND';

/** ENV → ARG: the RUNs of the stage see it as before, the container does not. */
function asArgument(build: Build, step: Step, pair: Pair): Proposal | Declined {
  const { instruction, stage } = step;
  const { text } = build.dockerfile;
  const { args } = instruction;
  if (args.form !== 'pairs' || pair.value === undefined || stage === undefined)
    return { declined: 'the instruction is not plain' };
  if (pair.value.value.includes('$')) return { declined: 'its value holds a variable' };
  if (stage.descendants.length > 0) return { declined: 'stages FROM this one inherit an ENV, but not an ARG' };
  if (stage.steps.some(({ body }) => body !== undefined)) return { declined: 'an ONBUILD may rely on it' };
  const written = `${NAME}=${text.slice(...pair.value.span)}`;
  const edits: Edit[] = [];
  // Behind the others of its ENV it comes later in the list of what a RUN sees, which is told though it means nothing.
  const later = stepsAfter(step).filter(({ instruction: { name } }) => name === 'RUN');
  const reordered = args.pairs.at(-1) === pair ? [] : later.map((run) => claimName(run, 'env'));
  if (args.pairs.length === 1) {
    edits.push({
      span: instruction.keyword.span,
      text: text.slice(...instruction.keyword.span) === 'env' ? 'arg' : 'ARG',
    });
    if (args.legacy) edits.push({ span: [pair.key.span[1], pair.value.span[0]], text: '=' });
    if (args.legacy && /\s/.test(pair.value.value)) return { declined: 'its value holds blanks' };
  } else {
    if (instruction.innerComments.length > 0) return { declined: 'a comment stands inside the instruction' };
    const at = args.pairs.indexOf(pair);
    const next = args.pairs[at + 1];
    const previous = args.pairs[at - 1];
    if (next !== undefined) edits.push({ span: [pair.span[0], next.span[0]], text: '' });
    else if (previous !== undefined) edits.push({ span: [previous.span[1], pair.span[1]], text: '' });
    const added = insertAfter(build.dockerfile, instruction, `ARG ${written}`);
    if (refused(added)) return added;
    edits.push(...added);
  }
  return {
    title: `make ${NAME} a build argument`,
    variant: 'default',
    edits,
    claims: [{ kind: 'same-build-but', differs: [configClaimName(stage, 'Env'), ...reordered] }],
  };
}

export default defineRule({
  id: 'debian-frontend-persisted',
  practice: 'P25',
  catalogue: ['G061'],
  level: 'info',
  fixClass: 'S+B',
  summary: 'DEBIAN_FRONTEND of the build is set in the image for good',
  aliases: [],
  about: { instructions: ['ENV'], otherwise: 'no ENV sets DEBIAN_FRONTEND' },
  subject: 'target',
  check({ build, target }) {
    const at = target.end.variableStep(NAME);
    const value = valueOf(target.end.env(NAME));
    if (value === undefined || at === undefined || at.instruction.name !== 'ENV')
      return { is: 'not-applicable', because: `no ENV sets ${NAME}` };
    const evidence = [
      { at: { file: build.file, span: at.instruction.span }, says: `${NAME} is not left at noninteractive` },
    ];
    if (!/^noninteractive$/i.test(value)) return { is: 'held', evidence };
    const { args } = at.instruction;
    const pair = args.form === 'pairs' ? args.pairs.findLast(({ key }) => key.value === NAME) : undefined;
    if (pair === undefined) return { is: 'held', evidence };
    return {
      is: 'violated',
      findings: [
        {
          at: pair.key.span,
          message: `${NAME} stays set in every container of the image`,
          help: `use ARG ${NAME}=noninteractive, or set it on the command that needs it`,
          step: at,
          fix: asArgument(build, at, pair),
        },
      ],
    };
  },
});

export const docs: RuleDocs = {
  why: `\`DEBIAN_FRONTEND=noninteractive\` is for the packages that a build installs. As an ENV it stays: whoever opens a shell in
the container later finds that dialogs are answered for them. As an ARG it holds for the same RUNs and is gone after.`,
  examples: [
    {
      bad: 'FROM debian:12\nENV «DEBIAN_FRONTEND»=noninteractive\nRUN apt-get update && apt-get install -y tzdata\n',
      good: 'FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\nRUN apt-get update && apt-get install -y tzdata\n',
    },
    {
      title: 'the old form',
      bad: 'FROM debian:12\nENV «DEBIAN_FRONTEND» noninteractive\nRUN true\n',
      good: 'FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\nRUN true\n',
    },
    {
      title: 'among others',
      bad: 'FROM debian:12\nENV LANG=C.UTF-8 \\\n    «DEBIAN_FRONTEND»=noninteractive \\\n    A=b\nRUN true\n',
      good: 'FROM debian:12\nENV LANG=C.UTF-8 \\\n    A=b\nARG DEBIAN_FRONTEND=noninteractive\nRUN true\n',
    },
    {
      title: 'a stage from it inherits it',
      bad: 'FROM debian:12 AS base\nENV «DEBIAN_FRONTEND»=noninteractive\nFROM base\nRUN apt-get install -y tzdata\n',
      declined: 'not an ARG',
    },
  ],
  silent: [
    {
      title: 'set back at the end',
      text: 'FROM debian:12\nENV DEBIAN_FRONTEND=noninteractive\nRUN true\nENV DEBIAN_FRONTEND=dialog\n',
      is: 'held',
    },
    { title: 'an ARG', text: 'FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\nRUN true\n', is: 'not-applicable' },
    {
      title: 'on the command',
      text: 'FROM debian:12\nRUN DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata\n',
      is: 'not-applicable',
    },
    {
      title: 'in a builder stage',
      text: 'FROM debian:12 AS b\nENV DEBIAN_FRONTEND=noninteractive\nFROM debian:12\nCOPY --from=b /a /a\n',
      is: 'not-applicable',
    },
  ],
  links: ['https://docs.docker.com/engine/faq/#why-is-debian_frontendnoninteractive-discouraged-in-dockerfiles'],
};
