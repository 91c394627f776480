import type { Span } from '../../vocabulary/index.ts';
import { defineRule, found, type RuleDocs } from '../define.ts';

/** The whole line at `span`, with its newline. */
function wholeLine(text: string, [start, end]: Span): Span {
  const newline = text.indexOf('\n', end);
  return [start, newline < 0 ? text.length : newline + 1];
}

export default defineRule({
  id: 'empty-continuation',
  practice: 'X1',
  catalogue: ['X1.11'],
  level: 'warning',
  fixClass: 'S',
  summary: 'an empty line stands inside a continued instruction',
  aliases: ['buildkit/NoEmptyContinuation'],
  subject: 'dockerfile',
  check({ build }) {
    const { emptyContinuations, text, instructions } = build.dockerfile;
    const findings = emptyContinuations.map(({ instruction, spans }) => {
      const [first] = spans;
      return {
        at: wholeLine(text, first ?? instruction.span),
        message: `an empty line stands inside the ${instruction.name} that the line before continues`,
        help: 'remove it: BuildKit will refuse it one day',
        fix: {
          title: spans.length === 1 ? 'remove the empty line' : 'remove the empty lines',
          variant: 'default',
          edits: spans.map((span) => ({ span: wholeLine(text, span), text: '' })),
          claims: [{ kind: 'same-build' as const }],
        },
      };
    });
    const continued = instructions.filter(({ startLine, endLine }) => endLine > startLine);
    const [one] = continued;
    return found(
      findings,
      one === undefined
        ? { is: 'not-applicable', because: 'no instruction goes over several lines' }
        : {
            is: 'held',
            evidence: [
              { at: { file: build.file, span: one.span }, says: 'no continued instruction has an empty line' },
            ],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `A backslash at the end of a line says that the instruction goes on with the next one. BuildKit steps over an empty
line there for the sake of old files, and warns that this will become an error. A comment line inside a continuation is fine.`,
  examples: [
    {
      bad: 'FROM debian:12\nRUN echo a && \\\n«\n»    echo b\n',
      good: 'FROM debian:12\nRUN echo a && \\\n    echo b\n',
    },
    {
      title: 'several empty lines, one comment',
      bad: 'FROM debian:12\nRUN echo a && \\\n«  \n»\n    # why b\n    echo b\n',
      good: 'FROM debian:12\nRUN echo a && \\\n    # why b\n    echo b\n',
    },
  ],
  silent: [
    {
      title: 'comments and lone backslashes are not empty',
      text: 'FROM debian:12\nRUN echo a && \\\n    # a comment\n    \\\n    echo b\n',
      is: 'held',
    },
    {
      title: 'an empty line in a heredoc is its text',
      text: 'FROM debian:12\nRUN <<EOF\necho a\n\necho b\nEOF\n',
      is: 'held',
    },
    { title: 'empty lines between instructions', text: 'FROM debian:12\n\nRUN true\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/no-empty-continuation/'],
};
