import type { SpanMap } from '../text/index.ts';
import { isBlank, placeOf } from './characters.ts';
import type { Pair } from './types.ts';
import { type QuotedWord, splitQuoted, wordAt } from './words.ts';

function pairOf(map: SpanMap, { value, start, end }: QuotedWord): Pair {
  const equals = value.indexOf('=');
  const span = placeOf(map, start, end);
  if (equals === -1) return { key: { value, span }, value: undefined, span };
  const at = start + equals;
  return {
    key: { value: value.slice(0, equals), span: placeOf(map, start, at) },
    value: { value: value.slice(equals + 1), span: placeOf(map, at + 1, end) },
    span,
  };
}

/** The words of ARG: `name`, `name=value`. */
export function readArgPairs(map: SpanMap, start: number, end: number, escape: number): Pair[] {
  return splitQuoted(map.text, start, end, escape).map((word) => pairOf(map, word));
}

export interface Pairs {
  readonly pairs: readonly Pair[];
  readonly legacy: boolean;
}

/**
 * The pairs of ENV and LABEL: `key=value …` when the first word holds "=", else the old `key value`. A pair without value
 * is an error of either form.
 */
export function readPairs(map: SpanMap, start: number, end: number, escape: number): Pairs {
  const words = splitQuoted(map.text, start, end, escape);
  const first = words[0];
  if (first === undefined) return { pairs: [], legacy: false };
  if (first.value.includes('=')) return { pairs: words.map((word) => pairOf(map, word)), legacy: false };
  let stop = start;
  while (stop < end && !isBlank(map.text.charCodeAt(stop))) stop += 1;
  let next = stop;
  while (next < end && isBlank(map.text.charCodeAt(next))) next += 1;
  const key = wordAt(map, start, stop);
  const value = stop === end ? undefined : wordAt(map, next, end);
  return { pairs: [{ key, value, span: placeOf(map, start, end) }], legacy: true };
}
