import { expand, UNKNOWN } from '../../language/syntax/index.ts';
import { type Build, convertedSteps, expandedTexts, isPlain, type Step } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

interface Piece {
  readonly text: string;
  readonly span: Span;
  readonly heredoc: boolean;
}

/** FROM and EXPOSE are expanded too; `expandedTexts` leaves them out because BuildKit does not ask for their variables. */
function piecesOf(step: Step, text: string): readonly Piece[] {
  const { name, args, flags, errors } = step.instruction;
  if (errors.length > 0) return [];
  if (name !== 'FROM' && name !== 'EXPOSE') return expandedTexts(step, text);
  const words = args.form === 'words' ? (name === 'FROM' ? args.words.slice(0, 1) : args.words) : [];
  const platform = flags.flatMap(({ name: flag, value, valueSpan, span }) =>
    flag === 'platform' && value !== undefined ? [{ value, span: valueSpan ?? span }] : [],
  );
  return [...words, ...platform].map(({ value, span }) => ({ text: value, span, heredoc: false }));
}

const stepsOf = (build: Build) => [
  ...build.metaArgs,
  ...build.stages.map(({ from }) => from),
  ...convertedSteps(build),
];

export default defineRule({
  id: 'word-not-expandable',
  practice: 'X2',
  catalogue: ['X2.4'],
  level: 'error',
  fixClass: 'N',
  summary: 'BuildKit cannot expand a word: the build stops there',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const { text, escape } = build.dockerfile;
    const findings: Finding[] = [];
    let seen = false;
    for (const step of stepsOf(build)) {
      for (const piece of piecesOf(step, text)) {
        seen = true;
        if (isPlain(piece.text)) continue;
        const options = piece.heredoc ? ({ escape: '\\', ignoreQuotes: true } as const) : { escape };
        // with every variable unknown, what is left are errors of the word itself
        const { error } = expand(piece.text, () => UNKNOWN, options);
        if (error === undefined) continue;
        findings.push({
          at: piece.span,
          message: `BuildKit cannot read this word: ${error}`,
          help: 'close the quote or the brace, or put a backslash before a quote that is meant as a letter',
          step,
          fix: { declined: 'only its author knows what was meant' },
        });
      }
    }
    if (!seen) return { is: 'not-applicable', because: 'no word is expanded' };
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file }, says: 'every word can be expanded' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `FROM, ENV, LABEL, COPY, WORKDIR, USER, EXPOSE and others are read by a small shell lexer of BuildKit's own, after the file has been parsed. A quote or brace that is
never closed, or an operator that the lexer does not know, stops the build at that instruction, minutes into it.`,
  examples: [
    {
      title: 'an apostrophe opens a quote',
      bad: `FROM debian:12-slim\nENV MESSAGE «it's»\n`,
      declined: 'only its author',
    },
    { title: 'a brace without an end', bad: `FROM debian:12-slim\nWORKDIR «/a/\${B»\n`, declined: 'only its author' },
    { title: 'a quote in EXPOSE', bad: `FROM debian:12-slim\nEXPOSE «80"»\n`, declined: 'only its author' },
    {
      title: 'a piece of a variable, as bash has it',
      bad: `ARG V=12-slim\nFROM «debian:\${V:0:2}»\n`,
      declined: 'only its author',
    },
    {
      title: 'an operator of bash',
      bad: `FROM debian:12-slim\nENV A=1\nENV B=«\${A^^}»\n`,
      declined: 'only its author',
    },
  ],
  silent: [
    {
      title: 'operators that BuildKit knows',
      text: `FROM debian:12-slim\nARG V=1.2\nENV A=\${V%.*} B=\${V:-2}\n`,
      is: 'held',
    },
    {
      title: 'a message for a variable that may be missing',
      text: `FROM debian:12-slim\nARG V\nENV A="\${V:?give V}"\n`,
      is: 'held',
    },
    {
      title: 'an apostrophe in a RUN is for the shell',
      text: `FROM debian:12-slim\nRUN echo "it's"\n`,
      is: 'held',
    },
  ],
};
