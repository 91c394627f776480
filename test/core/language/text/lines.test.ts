import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hash, lineMap, position } from '../../../../src/core/language/text/index.ts';

test('only "\\n" ends a line', () => {
  expect(lineMap('a\r\nb\rc\u2028d\n')).toEqual([0, 3, 9]);
});

test.each([
  [0, 1, 1],
  [2, 1, 3],
  [3, 2, 1],
  [4, 2, 2],
  [99, 2, 97],
])('offset %i is line %i, column %i', (offset, line, column) => {
  expect(position(lineMap('ab\nc'), offset)).toEqual({ line, column });
});

test('a position counts the line ends before it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r') }), fc.nat(40), (text, offset) => {
      const at = Math.min(offset, text.length);
      const before = text.slice(0, at).split('\n');
      expect(position(lineMap(text), at)).toEqual({
        line: before.length,
        column: (before[before.length - 1] as string).length + 1,
      });
    }),
  );
});

test('a hash is 14 hex digits, stable, and differs for texts that differ', () => {
  expect(hash('FROM a\n')).toBe(hash('FROM a\n'));
  expect(hash('')).toMatch(/^[0-9a-f]{14}$/);
  const texts = Array.from({ length: 10_000 }, (_, i) => `RUN echo ${i}`);
  expect(new Set(texts.map(hash)).size).toBe(texts.length);
});
