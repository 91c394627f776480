import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits, mapSpan } from '../../../../src/core/language/text/index.ts';

test('edits speak of the text before, in any order', () => {
  const edits = [
    { span: [9, 12], text: 'three' },
    { span: [0, 3], text: '1' },
  ] as const;
  expect(applyEdits('one, two 333', edits)).toBe('1, two three');
});

test('two insertions at one place keep their order', () => {
  const edits = [
    { span: [1, 1], text: '-' },
    { span: [1, 1], text: '+' },
  ] as const;
  expect(applyEdits('ab', edits)).toBe('a-+b');
});

test.each([
  ['edits overlap', [0, 2], [1, 3]],
  ['one reaches outside', [0, 1], [3, 9]],
  ['one runs backwards', [0, 1], [3, 2]],
] as const)('nothing is guessed when %s', (_, first, second) => {
  expect(
    applyEdits('abcd', [
      { span: first, text: '' },
      { span: second, text: '' },
    ]),
  ).toBeUndefined();
});

test.each([
  ['before it', [0, 2], 'xxx', 'c'],
  ['after it', [4, 5], '', 'c'],
  ['an insertion at its start', [2, 2], 'xx', 'c'],
  ['an insertion at its end', [3, 3], 'xx', 'c'],
  ['its replacement', [2, 3], 'new', 'new'],
  ['a replacement around it', [1, 4], 'new', 'new'],
] as const)('a place follows its characters through %s', (_, span, text, expected) => {
  const edits = [{ span, text }];
  const [start, end] = mapSpan(edits, [2, 3]);
  expect(applyEdits('abcde', edits)?.slice(start, end)).toBe(expected);
});

test('an untouched place holds the same text after any edits elsewhere', () => {
  const words = fc.array(fc.record({ old: fc.string({ minLength: 1 }), now: fc.string() }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(words, words, fc.string({ minLength: 1 }), (before, after, place) => {
      const edits: { span: readonly [number, number]; text: string }[] = [];
      let text = '';
      const add = ({ old, now }: { old: string; now: string }) => {
        edits.push({ span: [text.length, text.length + old.length], text: now });
        text += old;
      };
      before.forEach(add);
      const at = text.length;
      text += place;
      after.forEach(add);
      const [start, end] = mapSpan(edits, [at, at + place.length]);
      expect(applyEdits(text, edits)?.slice(start, end)).toBe(place);
    }),
  );
});
