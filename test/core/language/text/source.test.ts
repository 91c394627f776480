import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../../../../src/core/language/text/index.ts';

const bytes = (...values: (number | string)[]) =>
  Uint8Array.from(values.flatMap((value) => (typeof value === 'number' ? [value] : [...Buffer.from(value)])));

test('UTF-8 is decoded as it is, with its byte order mark', () => {
  expect(decode(bytes('\ufeffFROM é😀\n'))).toEqual({ text: '\ufeffFROM é😀\n', utf8: true });
});

test('a byte that is not UTF-8 stands as U+DC00 plus its value', () => {
  expect(decode(bytes('a', 0xe9, 'b'))).toEqual({ text: 'a\udce9b', utf8: false });
});

test.each([
  ['an overlong slash', [0xc0, 0xaf]],
  ['half of a character', [0xe2, 0x82]],
  ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
  ['past the last character', [0xf4, 0x90, 0x80, 0x80]],
  ['a continuation alone', [0x80]],
])('%s is kept byte by byte', (_, invalid) => {
  const { text, utf8 } = decode(bytes('é', ...invalid, '😀'));
  expect(utf8).toBe(false);
  expect([...text]).toEqual(['é', ...invalid.map((byte) => String.fromCharCode(0xdc00 + byte)), '😀']);
});

test('the low half of a real character is no byte', () => {
  // U+1F480 is D83D DC80 in UTF-16.
  expect(encode('\u{1f480}')).toEqual(bytes(0xf0, 0x9f, 0x92, 0x80));
});

test('any bytes come back', () => {
  const mixed = fc.oneof(
    fc.uint8Array(),
    fc.string({ unit: 'binary' }).map((text) => bytes(text)),
  );
  fc.assert(
    fc.property(fc.array(mixed), (parts) => {
      const all = bytes(...parts.flatMap((part) => [...part]));
      expect(encode(decode(all).text)).toEqual(all);
    }),
  );
});
