import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { interpret, parseScript, type Script, shellOf } from '../../../../src/core/language/shell/index.ts';
import type { SpanMap } from '../../../../src/core/language/text/index.ts';
import { cpuNow } from '../../../cpu.ts';

const pieces = fc.constantFrom(
  'a',
  'b=1',
  ' ',
  ' ',
  ' ',
  '\n',
  ';',
  '&&',
  '||',
  '|',
  '&',
  '(',
  ')',
  '{ ',
  '; }',
  '$(',
  '`',
  '"',
  "'",
  '\\',
  '$x',
  '${x}',
  '${x:-',
  '}',
  '<<E\n',
  'E\n',
  '>',
  '2>&1',
  '#',
  'if ',
  '; then ',
  '; fi',
  'for i in ',
  '; do ',
  '; done',
  'case x in ',
  'a) ',
  ';;',
  ' esac',
  '[[ ',
  ' ]]',
  '((',
  '))',
  '$((',
  '!',
  'sh -c ',
  "bash -lc 'a b'",
  'sudo ',
  'env A=b ',
  'apt-get install ',
  'rm -rf ',
  'pip install ',
  '--',
  '-x',
  '-o',
  '=',
  '*',
  '~',
  'é',
  '😀',
  '\udc80',
  'time ',
  'f() ',
  'exit 1',
  'set -e',
  'tar xzf ',
  'python -m pip ',
  'find ',
  'function ',
  "$'a'",
  '<(',
); // prettier-ignore

const texts = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));

function everySpan(script: Script): readonly (readonly [number, number])[] {
  const { commands, operators, lists } = script;
  return [
    ...operators.map(({ span }) => span),
    ...lists.flatMap((list) => [list.span, ...list.pipelines.map(({ span }) => span)]),
    ...commands.flatMap((command) => [
      command.span,
      command.list.span,
      command.pipeline.span,
      ...command.words.map(({ span }) => span),
      ...command.assignments.flatMap(({ span, value }) => (value === undefined ? [span] : [span, value.span])),
      ...command.redirects.flatMap(({ span, target, body }) => [
        span,
        ...(target ? [target.span] : []),
        ...(body ? [body] : []),
      ]),
      ...[interpret(command)].flatMap(
        (invocation) => invocation?.options.flatMap(({ value }) => (value ? [value.span] : [])) ?? [],
      ),
    ]),
  ];
}

/** A file in which some characters of the script are apart from each other. */
function scattered(text: string, gaps: readonly number[]): SpanMap {
  const segments = [];
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const length = Math.min(1 + (gaps[i % gaps.length] ?? 7), text.length - at);
    segments.push({ at, from: at + 3 * (i + 1), length });
    at += length;
  }
  return { text, segments };
}

describe.each([['/bin/sh'], ['bash'], ['ash']])('%s', (shell) => {
  test('any text is read without a throw, and every place lies in it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const map = { text, segments: [{ at: 0, from: 100, length: text.length }] };
        const script = parseScript(map, shellOf([shell]));
        for (const [start, end] of everySpan(script)) {
          expect(start).toBeGreaterThanOrEqual(100);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(100 + text.length);
        }
        for (const { words, redirects, assignments, nesting, span } of script.commands) {
          if (nesting.some((each) => each === 'substitution' || each === 'sh -c')) continue;
          const of = ([from, to]: readonly [number, number]) => text.slice(from - 100, to - 100).replaceAll('\\\n', '');
          for (const word of words)
            if (!word.text.includes("'")) expect(of(word.span)).toBe(word.text.replaceAll('\\\n', ''));
          const last = [...words, ...redirects, ...assignments].map((each) => each.span[1]);
          if (last.length > 0) expect(span[1]).toBe(Math.max(...last));
        }
        for (const operator of script.operators) {
          expect(text.slice(operator.span[0] - 100, operator.span[1] - 100)).toBe(operator.text);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('gaps in the file change places only', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), (text, gaps) => {
        const map = { text, segments: [{ at: 0, from: 0, length: text.length }] };
        const whole = parseScript(map, shellOf([shell]));
        const apart = parseScript(scattered(text, gaps), shellOf([shell]));
        expect(apart.opaque).toBe(whole.opaque);
        expect(apart.commands.map(({ words }) => words.map((word) => word.text))).toEqual(
          whole.commands.map(({ words }) => words.map((word) => word.text)),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('limits', () => {
  const many = (text: string, count: number) => text.repeat(count);
  test.each([
    ['(', many('(', 50_000)],
    ['$(', many('$(', 50_000)],
    ['"$(', many('"$(', 50_000)],
    ['${x:-', many('${x:-', 50_000)],
    ['$((', many('$((', 50_000)],
    ['{ ', many('{ ', 50_000)],
    ['if ', many('if ', 50_000)],
    ['while', many('while a; do ', 15_000)],
    ['`', many('`', 100_000)],
    ['[[ ( ', many('[[ ( ', 50_000)],
    ['! ', many('! ', 100_000)],
    ['! (', many('! (', 50_000)],
    ['$(a', many('$(a ', 90) + many(')', 90)],
    ['case', many('case x in a) ', 15_000)],
    ['<<E', many('<<E ', 50_000)],
    ['a|', many('a|', 50_000)],
    ['a&&', many('a&&', 80_000)],
    ['a;', many('a;', 80_000)],
    ['f()', many('f() ', 60_000)],
    ['999 if', many('if a; then ', 999) + many('fi; ', 999)],
    ['999 f()', many('f() ', 999)],
    ['[', `a ${many('[', 200_000)}`],
    ['[…/]', `a ${many('[', 200_000)}/]`],
    ['{,', `a {${many(',', 200_000)}`],
    ['sudo', many('sudo ', 50_000)],
    ['nested sh -c', `${many("sh -c 'a ", 1)}'`],
    ['\\', many('\\', 200_000)],
    ['"', many('"', 200_001)],
    ['elif', `if a; then b; ${many('elif a; then b; ', 10_000)}fi`],
    ['brackets in quotes', many("'('", 60_000)],
    ['long', many('a', 300_000)],
  ])('%s', (_, text) => {
    const map = { text, segments: [{ at: 0, from: 0, length: text.length }] };
    const start = cpuNow();
    for (const shell of ['sh', 'bash']) {
      const script = parseScript(map, shellOf([shell]));
      // The library stays within the stack: the caps refuse before it, not the net under it.
      expect(script.opaque).not.toBe('it is nested too deeply');
    }
    expect(cpuNow() - start).toBeLessThan(10_000);
  });
});
