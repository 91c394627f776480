import type { SpanMap } from '../text/index.ts';
import { isBlank, isSpace, placeOf, replaceInvalidBytes } from './characters.ts';
import type { Word } from './types.ts';

/** The word `[start, end)` of a logical line. */
export function wordAt(map: SpanMap, start: number, end: number): Word {
  return { value: map.text.slice(start, end), span: placeOf(map, start, end) };
}

/** Splits on blanks, quotes or not: FROM, EXPOSE, and ADD, COPY, VOLUME that are no JSON. */
export function splitBlanks(map: SpanMap, start: number, end: number): Word[] {
  const { text } = map;
  const words: Word[] = [];
  for (let at = start; at < end; ) {
    let stop = at;
    while (stop < end && !isBlank(text.charCodeAt(stop))) stop += 1;
    words.push(wordAt(map, at, stop));
    at = stop;
    while (at < end && isBlank(text.charCodeAt(at))) at += 1;
  }
  return words;
}

/** A word of ENV, LABEL or ARG in a logical line; `value` lacks a lone escape at the very end. */
export interface QuotedWord {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Splits on spaces outside quotes; quotes and escapes stay (BuildKit's parseWords). */
export function splitQuoted(text: string, start: number, end: number, escape: number): QuotedWord[] {
  const words: QuotedWord[] = [];
  let at = start;
  while (at < end) {
    while (at < end && isSpace(text.charCodeAt(at))) at += 1;
    if (at >= end) break;
    const from = at;
    let quote = 0;
    let quoted = false;
    let foreign = false;
    let dropped = 0;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (quote === 0 && isSpace(code)) break;
      if (code >= 0xdc80 && code <= 0xdcff) foreign = true;
      if (code === escape && quote !== 0x27) {
        if (at + 1 === end) {
          dropped = 1;
          continue;
        }
        at += 1;
        const escaped = text.charCodeAt(at);
        if (escaped >= 0xdc80 && escaped <= 0xdcff) foreign = true;
      } else if (quote === 0) {
        if (code === 0x27 || code === 0x22) {
          quote = code;
          quoted = true;
        }
      } else if (code === quote) quote = 0;
    }
    const raw = text.slice(from, at - dropped);
    if (raw !== '' || quoted) words.push({ value: foreign ? replaceInvalidBytes(raw) : raw, start: from, end: at });
  }
  return words;
}
