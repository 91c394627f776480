import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/core/language/syntax/index.ts';
import { unmark } from './marked.ts';

describe('what BuildKit refuses has a code and a span', () => {
  test.each([
    ['unknown-instruction', '«FOO» bar'],
    ['wrong-argument-count', 'FROM «a b»'],
    ['wrong-argument-count', '«WORKDIR»'],
    ['wrong-argument-count', 'COPY «a»'],
    ['missing-argument', '«EXPOSE»'],
    ['bad-stage-name', 'FROM a AS «1b»'],
    ['unknown-flag', 'COPY «--form=b» a c'],
    ['duplicate-flag', 'COPY --from=b «--from=c» a c'],
    ['bad-flag-value', 'COPY --link=«1» a c'],
    ['missing-flag-value', 'COPY «--from» a c'],
    ['blank-key', 'ENV «=b»'],
    ['missing-equals', 'ENV a=b «c»'],
    ['missing-value', 'ENV «a»'],
    ['bad-json', 'RUN «["a", 1]»'],
    ['json-required', 'SHELL «sh -c»'],
    ['unterminated-heredoc', 'RUN cat «<<EOF»\na\n'],
    ['heredoc-destination', 'COPY a «<<b»\nb'],
    ['bad-onbuild', 'ONBUILD «FROM» b'],
    ['bad-healthcheck', 'HEALTHCHECK «FOO» a'],
    ['bad-healthcheck', 'HEALTHCHECK «CMD»'],
    ['bad-flag-value', 'HEALTHCHECK --interval=«5» CMD a'],
    ['bad-flag-value', 'HEALTHCHECK --interval=«1us» CMD a'],
    ['bad-volume', 'VOLUME [«""»]'],
    ['bad-mount', 'RUN --mount=«type=bind,from=$a» b'],
    ['bad-flag-value', 'RUN --network=«bridge» a'],
    // BuildKit's lexer drops the escape and splits the default, so that a heredoc named '} seems to begin.
    ['bad-quoting', 'RUN echo «$' + "{a:- <<\\'}»"],
  ] as const)('%s: %s', (code, marked) => {
    const { text, spans } = unmark(`FROM base\n${marked}`);
    expect(parse(text).errors.map((error) => [error.code, error.span])).toEqual([[code, spans[0]]]);
  });

  test.each([
    ['empty-file', '«# nothing\n»'],
    ['instruction-before-from', '«RUN» a\nRUN b\nFROM c'],
    ['duplicate-directive', '# escape=`\n«# escape=`»\nFROM a'],
    ['bad-escape-directive', '# escape=«x»\nFROM a'],
    ['line-too-long', `FROM a\n«RUN ${'x'.repeat(65532)}»`],
  ] as const)('%s', (code, marked) => {
    const { text, spans } = unmark(marked);
    expect(parse(text).errors.map((error) => [error.code, error.span])).toEqual([[code, spans[0]]]);
  });
});

test.each([
  'ARG a',
  'FROM a AS B-1_.c',
  'FROM a\nRUN',
  'FROM a\nARG --unknown=x y',
  'FROM a\nSTOPSIGNAL --x 9',
  'FROM a\nHEALTHCHECK --unknown NONE',
  'FROM a\nONBUILD FOO bar',
  'FROM a\nONBUILD COPY x',
  'FROM a\nCOPY --exclude=a --exclude=b c d',
  'FROM a\nRUN --mount=type=nonsense a',
  'FROM --platform= a',
  `FROM a\nRUN ${'x'.repeat(65531)}`,
  `FROM a\nRUN ${'x\\\n'.repeat(70000)}y`,
])('%.40j is accepted, as by BuildKit', (text) => {
  expect(parse(text).errors).toEqual([]);
});

test('a slip is recognised', () => {
  expect(parse('FROM a\nCPOY b c').errors[0]?.help).toBe('did you mean COPY?');
  expect(parse('FROM a\nCOPY --form=x b c').errors[0]?.help).toBe('did you mean --from?');
  expect(parse('FROM a\nSOMETHING').errors[0]?.help).toBeUndefined();
});

test('a character that cannot be seen is named', () => {
  const help = (keyword: string) => parse(`FROM a\n${keyword} x`).errors[0]?.help;
  expect(help('HEALTHCHECK\u00a0--interval=3s')).toContain('U+00A0');
  expect(help('RUN\udcff')).toContain('byte 0xFF');
  expect(help('ＲＵＮ')).toBeUndefined();
});

test('reading goes on behind an error, and the first is the one that BuildKit gives', () => {
  const { errors, instructions } = parse('FROM a\nFOO\nCOPY x\nRUN ["a", 1]\nUSER b');
  expect(errors.map(({ code }) => code)).toEqual(['bad-json', 'unknown-instruction', 'wrong-argument-count']);
  expect(instructions.map(({ name }) => name)).toEqual(['FROM', 'FOO', 'COPY', 'RUN', 'USER']);
});

test('what a trigger will be refused for is kept on the trigger', () => {
  const { errors, instructions } = parse('FROM a\nONBUILD COPY x');
  expect(errors).toEqual([]);
  expect(instructions[1]?.child?.errors.map(({ code }) => code)).toEqual(['wrong-argument-count']);
});
