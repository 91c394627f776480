import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compose,
  type SpanMap,
  slice,
  sourceOffset,
  sourceSpan,
  spansGap,
  verbatim,
} from '../../../../src/core/language/text/index.ts';

const source = 'RUN a \\\n# why\n  b';
/** The source without its continuation and its comment. */
const joined: SpanMap = {
  text: 'RUN a   b',
  segments: [
    { at: 0, from: 0, length: 6 },
    { at: 6, from: 14, length: 3 },
  ],
};

test('offsets lead to the same character of the source', () => {
  for (let i = 0; i < joined.text.length; i++) expect(source[sourceOffset(joined, i)]).toBe(joined.text[i]);
});

test('a span ends just after its last character, not at the next piece', () => {
  expect(sourceSpan(joined, [4, 6])).toEqual([4, 6]);
  expect(sourceSpan(joined, [4, 9])).toEqual([4, 17]);
});

test('a span knows whether the source has more than it', () => {
  expect(spansGap(joined, [0, 6])).toBe(false);
  expect(spansGap(joined, [6, 9])).toBe(false);
  expect(spansGap(joined, [4, 9])).toBe(true);
});

/** A derived text made by leaving pieces of a source out. */
const derived = fc.array(fc.tuple(fc.string(), fc.boolean()), { maxLength: 8 }).map((pieces) => {
  let from = 0;
  let text = '';
  const segments: { at: number; from: number; length: number }[] = [];
  for (const [piece, kept] of pieces) {
    if (kept && piece !== '') {
      segments.push({ at: text.length, from, length: piece.length });
      text += piece;
    }
    from += piece.length;
  }
  return { source: pieces.map(([piece]) => piece).join(''), map: { text, segments } };
});

const leadsToSource = (map: SpanMap, text: string) => {
  for (let i = 0; i < map.text.length; i++) expect(text[sourceOffset(map, i)]).toBe(map.text[i]);
};

test('a slice leads to the source directly', () => {
  fc.assert(
    fc.property(derived, fc.nat(), fc.nat(), ({ source: text, map }, a, b) => {
      const low = a % (map.text.length + 1);
      const high = low + (b % (map.text.length - low + 1));
      const piece = slice(map, [low, high]);
      expect(piece.text).toBe(map.text.slice(low, high));
      leadsToSource(piece, text);
    }),
  );
});

test('maps compose', () => {
  fc.assert(
    fc.property(derived, fc.nat(), fc.nat(), ({ source: text, map }, a, b) => {
      const low = a % (map.text.length + 1);
      const high = low + (b % (map.text.length - low + 1));
      const composed = compose(verbatim(map.text, [low, high]), map);
      expect(composed).toEqual({ ...slice(map, [low, high]) });
      leadsToSource(composed, text);
    }),
  );
});
