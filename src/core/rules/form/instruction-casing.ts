import { INSTRUCTIONS, type Instruction } from '../../language/syntax/index.ts';
import { defineRule, found, type RuleDocs } from '../define.ts';

const isLower = (word: string) => word === word.toLowerCase();
const isUpper = (word: string) => word === word.toUpperCase();

/** From the first FROM on: BuildKit leaves ARG before it and the bodies of ONBUILD alone. */
function judged(instructions: readonly Instruction[]): readonly Instruction[] {
  const first = instructions.findIndex(({ name }) => name === 'FROM');
  return first < 0 ? [] : instructions.slice(first).filter(({ name }) => INSTRUCTIONS.has(name));
}

export default defineRule({
  id: 'instruction-casing',
  practice: 'X7',
  catalogue: ['X7.1'],
  level: 'info',
  fixClass: 'S',
  summary: 'an instruction is written in another case than most of the file',
  aliases: ['buildkit/ConsistentInstructionCasing'],
  subject: 'dockerfile',
  check({ build }) {
    const keywords = judged(build.dockerfile.instructions).map(({ keyword }) => keyword);
    const lower = keywords.filter(({ value }) => isLower(value)).length;
    const upper = keywords.filter(({ value }) => !isLower(value) && isUpper(value)).length;
    const [is, to, name] =
      lower > upper
        ? [isLower, (word: string) => word.toLowerCase(), 'small']
        : [isUpper, (word: string) => word.toUpperCase(), 'capital'];
    const findings = keywords
      .filter(({ value }) => !is(value))
      .map(({ value, span }) => ({
        at: span,
        message: `the keyword ${value} is written in another case than most instructions here`,
        help: `write it in ${name} letters`,
        fix: {
          title: `write ${to(value)}`,
          variant: 'default',
          edits: [{ span, text: to(value) }],
          claims: [{ kind: 'same-build' as const }],
        },
      }));
    const [one] = keywords;
    return found(
      findings,
      one === undefined
        ? { is: 'not-applicable', because: 'the file has no stage' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: one.span }, says: `instructions are in ${name} letters` }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `BuildKit reads keywords in any case. People read faster when they look alike: capital letters set them off from
their arguments. The way in which most of the file is written counts; when neither leads, capital letters do.`,
  examples: [
    {
      bad: 'FROM debian:12\nRUN true\n«run» true\n«Cmd» ["sh"]\n',
      good: 'FROM debian:12\nRUN true\nRUN true\nCMD ["sh"]\n',
    },
    {
      title: 'most of the file is in small letters',
      bad: 'from debian:12\nrun true\n«CMD» ["sh"]\n',
      good: 'from debian:12\nrun true\ncmd ["sh"]\n',
    },
  ],
  silent: [
    { title: 'all small', text: 'from debian:12\nrun true\n', is: 'held' },
    {
      title: 'ARG before the first FROM and bodies of ONBUILD do not count',
      text: 'arg TAG=12\nFROM debian:$TAG\nONBUILD run true\n',
      is: 'held',
    },
    { title: 'no stage', text: 'ARG TAG=12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/consistent-instruction-casing/'],
};
