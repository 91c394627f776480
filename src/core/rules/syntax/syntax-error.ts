import { type Dockerfile, INSTRUCTIONS, parse, type SyntaxProblem, suggest } from '../../language/syntax/index.ts';
import { oncePer } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Proposal, type RuleDocs } from '../define.ts';

/** The one instruction that is a single letter away from what was written. */
function meant(written: string): string | undefined {
  const names = [...INSTRUCTIONS.keys()];
  const best = suggest(written.toUpperCase(), names, 1);
  const others = names.filter((name) => name !== best);
  return suggest(written.toUpperCase(), others, 1) === undefined ? best : undefined;
}

/** In a file with more refusals than these, a line is read by itself to see whether it is right with another keyword. */
const FEW_PROBLEMS = 20;

/** Instructions by where their keyword starts. */
const byKeyword = oncePer(
  ({ instructions }: Dockerfile) => new Map(instructions.map((one) => [one.keyword.span[0], one] as const)),
);

/** Whether fewer things are wrong with another keyword. */
function isBetter(dockerfile: Dockerfile, span: Span, keyword: string, problems: number): boolean {
  const { text, escape } = dockerfile;
  if (problems <= FEW_PROBLEMS)
    return parse(text.slice(0, span[0]) + keyword + text.slice(span[1])).errors.length < problems;
  const line = byKeyword(dockerfile).get(span[0]);
  const rest = line === undefined ? '' : text.slice(span[1], line.lines[1]);
  const stage = keyword.toUpperCase() === 'FROM' ? '' : 'FROM scratch\n';
  return parse(`# escape=${escape}\n${stage}${keyword}${rest}`).errors.length === 0;
}

function repair({ code, span }: SyntaxProblem, dockerfile: Dockerfile): Proposal | Declined {
  const { text, errors } = dockerfile;
  if (code !== 'unknown-instruction') return { declined: 'only its author knows what was meant' };
  const written = text.slice(...span);
  const name = meant(written);
  if (name === undefined) return { declined: 'no single instruction is one letter away from it' };
  const keyword = written === written.toLowerCase() ? name.toLowerCase() : name;
  if (!isBetter(dockerfile, span, keyword, errors.length))
    return { declined: `as ${name} the line would not be right either` };
  return {
    title: `write ${name}`,
    variant: 'keyword',
    edits: [{ span, text: keyword }],
    claims: [{ kind: 'repairs', code }],
  };
}

export default defineRule({
  id: 'syntax-error',
  practice: 'X1',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'BuildKit refuses the file',
  aliases: ['hadolint/DL1000'],
  reveals: true,
  subject: 'dockerfile',
  check({ build }) {
    const { errors, instructions } = build.dockerfile;
    const [first] = instructions;
    if (errors.length === 0 && first !== undefined && build.stages.length === 0) {
      const finding = {
        at: first.keyword.span,
        message: 'the file has no FROM, so that there is nothing to build',
        help: 'begin a stage with FROM',
        code: 'no-stage',
        fix: { declined: 'on which image it is to build only its author knows' },
      };
      return { is: 'violated', findings: [finding] };
    }
    if (errors.length === 0) {
      const says = `BuildKit accepts all ${instructions.length} instructions`;
      return { is: 'held', evidence: [{ at: { file: build.file }, says }] };
    }
    const findings = errors.map((problem) => ({
      at: problem.span,
      message: problem.message,
      ...(problem.help !== undefined && { help: problem.help }),
      code: problem.code,
      fix: repair(problem, build.dockerfile),
    }));
    return { is: 'violated', findings };
  },
});

export const docs: RuleDocs = {
  why: `A build stops at the first thing that BuildKit cannot read. Everything that its parser and its instruction parser
refuse is reported at once here, with the place in the line. While a file does not parse, no other fix is applied to it.`,
  examples: [
    {
      title: 'a slip of the pen in a keyword',
      bad: 'FROM debian:12\n«RNU» echo hello\n',
      declined: 'one letter away',
    },
    {
      title: 'one letter too many',
      bad: 'FROM debian:12\n«COPPY» app /app\n',
      good: 'FROM debian:12\nCOPY app /app\n',
      variant: 'keyword',
    },
    {
      title: 'no better with the right keyword',
      bad: 'FROM debian:12\n«ENVV» A\n',
      declined: 'would not be right either',
    },
    {
      title: 'a flag that the instruction does not have',
      bad: 'FROM debian:12\nCOPY «--chwon=1000» app /app\n',
      declined: 'only its author',
    },
    {
      title: 'a line that lost its continuation',
      bad: 'FROM debian:12\nRUN apt-get update\n    «apt-get» install -y curl\n',
      declined: 'one letter away',
    },
    { title: 'arguments alone', bad: '«ARG» VERSION=1\n', declined: 'only its author' },
  ],
  silent: [
    {
      title: 'an ONBUILD body is only read when it is triggered',
      text: 'FROM debian:12\nONBUILD FOO bar\n',
      is: 'held',
    },
    { title: 'no instruction is refused', text: 'FROM scratch\nCOPY app /\n', is: 'held' },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/'],
};
