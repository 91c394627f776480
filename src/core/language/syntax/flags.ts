import type { Span } from '../../vocabulary/index.ts';
import type { Segment, SpanMap } from '../text/index.ts';
import { decode, encode } from '../text/index.ts';
import { isInvalidByte, isSpace, placeOf } from './characters.ts';
import type { Flag, Word } from './types.ts';
import { wordAt } from './words.ts';

const DASH = 0x2d;

export interface FlagScan {
  readonly flags: readonly Flag[];
  /** The logical line; it differs from the given one only where a flag ended in the middle of a character. */
  readonly map: SpanMap;
  /** The bare "--" that ends the flags. */
  readonly dashes?: Span;
  /** Where the arguments begin in `map`. */
  readonly rest: number;
  readonly end: number;
}

const NO_FLAGS: readonly Flag[] = [];

/** A byte of the line as BuildKit's flag scanner takes it: as if it were a character of Latin-1. */
function byteAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
}

/** True where a byte is a space to BuildKit; in a text that is not in pieces, no whole character outside ASCII is one. */
function isSpaceByte(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 0x80 ? isSpace(code) : code === 0xdc85 || code === 0xdca0;
}

/**
 * Reads the flags of `[start, end)`: words that begin with "--", up to the first that does not or to a bare "--". Quotes
 * and escapes are removed. The scan is by bytes, as BuildKit's: a letter outside ASCII is mangled, and one with a byte
 * A0 or 85 (`à`) ends the flag.
 */
export function readFlags(map: SpanMap, start: number, end: number, escape: number): FlagScan {
  const { text } = map;
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at += 1;
  if (text.charCodeAt(at) !== DASH && !isInvalidByte(text, at)) return { flags: NO_FLAGS, map, rest: at, end };
  for (let i = start; i < end; i++) {
    if (text.charCodeAt(i) >= 0x80) return readFlagsByBytes(map, start, end, escape);
  }
  return scan(map, start, end, escape, (from, to) => placeOf(map, from, to));
}

type Place = (start: number, end: number) => Span;

function scan(map: SpanMap, start: number, end: number, escape: number, place: Place): FlagScan {
  const { text } = map;
  const flags: Flag[] = [];
  let at = start;
  while (at < end) {
    if (isSpaceByte(text, at)) {
      at += 1;
      continue;
    }
    if (text.charCodeAt(at) !== DASH || text.charCodeAt(at + 1) !== DASH || at + 1 >= end) break;
    const from = at;
    let word = '';
    let equals = -1;
    let quote = 0;
    for (; at < end; at++) {
      let byte = byteAt(text, at);
      if (quote === 0 && isSpaceByte(text, at)) break;
      if (quote === 0 && (byte === 0x27 || byte === 0x22)) {
        quote = byte;
        continue;
      }
      if (quote !== 0 && byte === quote) {
        quote = 0;
        continue;
      }
      if (byte === escape) {
        if (at + 1 === end) {
          quote = 0;
          continue;
        }
        at += 1;
        byte = byteAt(text, at);
      }
      if (byte === 0x3d && equals === -1) equals = at;
      word += String.fromCharCode(byte);
    }
    if (word === '--') return { flags, map, dashes: place(from, at), rest: at, end };
    const sign = equals === -1 ? -1 : word.indexOf('=');
    flags.push({
      name: sign === -1 ? word.slice(2) : word.slice(2, sign),
      value: sign === -1 ? undefined : word.slice(sign + 1),
      span: place(from, at),
      nameSpan: place(from + 2, sign === -1 ? at : equals),
      valueSpan: sign === -1 ? undefined : place(equals + 1, at),
    });
  }
  return { flags, map, rest: at, end };
}

/** A line with the characters of a part in pieces: BuildKit looks at bytes there. */
interface Exploded {
  readonly text: string;
  /** For each unit, where its character stands in the whole line. */
  readonly origin: readonly number[];
}

/** `[start, end)` of a line with each character outside ASCII as its bytes (U+DC00+b each); nothing after `end`. */
function explode(text: string, start: number, end: number): Exploded {
  const parts: string[] = [text.slice(0, start)];
  const origin: number[] = Array.from({ length: start }, (_, i) => i);
  for (let at = start; at < end; ) {
    const width = widthAt(text, at);
    const pieces =
      text.charCodeAt(at) < 0x80 || isInvalidByte(text, at) ? text.slice(at, at + 1) : bytesOf(text, at, width);
    parts.push(pieces);
    for (let i = 0; i < pieces.length; i++) origin.push(at);
    at += width;
  }
  origin.push(end);
  return { text: parts.join(''), origin };
}

function widthAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff ? 2 : 1;
}

function bytesOf(text: string, at: number, width: number): string {
  return String.fromCharCode(...Array.from(encode(text.slice(at, at + width)), (byte) => 0xdc00 + byte));
}

/** The place of `[start, end)` of an exploded line; a character that is only partly within counts as a whole. */
function placeOfPieces(map: SpanMap, { origin }: Exploded, start: number, end: number): Span {
  const from = origin[start] as number;
  if (end <= start) return placeOf(map, from, from);
  const last = origin[end - 1] as number;
  return placeOf(map, from, last + widthAt(map.text, last));
}

/** The line as it goes on at unit `at` of an exploded one: only a character that begins before it stays in pieces. */
function rejoin(map: SpanMap, exploded: Exploded, at: number): { map: SpanMap; at: number } {
  const index = exploded.origin[at] as number;
  let first = at;
  while (first > 0 && exploded.origin[first - 1] === index) first -= 1;
  if (first === at) return { map, at: index };
  let last = at;
  while (exploded.origin[last] === index) last += 1;
  const after = index + widthAt(map.text, index);
  const grown = last - first - (after - index);
  const segments: Segment[] = [];
  for (const { at: start, from, length } of map.segments) {
    const before = Math.min(start + length, index);
    if (before > start) segments.push({ at: start, from, length: before - start });
    const resumed = Math.max(start, after);
    if (start + length > resumed) {
      segments.push({ at: resumed + grown, from: from + resumed - start, length: start + length - resumed });
    }
  }
  const text = map.text.slice(0, index) + exploded.text.slice(first, last) + map.text.slice(after);
  return { map: { text, segments }, at: index + at - first };
}

function readFlagsByBytes(map: SpanMap, start: number, end: number, escape: number): FlagScan {
  const exploded = explode(map.text, start, end);
  const pieces = { text: exploded.text, segments: map.segments };
  const scanned = scan(pieces, start, exploded.text.length, escape, (from, to) =>
    placeOfPieces(map, exploded, from, to),
  );
  const rest = rejoin(map, exploded, scanned.rest);
  return { ...scanned, map: rest.map, rest: rest.at, end: end + rest.map.text.length - map.text.length };
}

/** The first word of HEALTHCHECK, which BuildKit also splits by bytes. */
export function readProbe(
  map: SpanMap,
  start: number,
  end: number,
): { readonly probe: Word; readonly map: SpanMap; readonly rest: number; readonly end: number } {
  const wordEnd = (text: string, stop: number) => {
    let at = start;
    while (at < stop && !isSpaceByte(text, at)) at += 1;
    return at;
  };
  const wordStart = (text: string, from: number, stop: number) => {
    let at = from;
    while (at < stop && isSpaceByte(text, at)) at += 1;
    return at;
  };
  const to = wordEnd(map.text, end);
  if (/^[\0-\x7f]*$/.test(map.text.slice(start, to))) {
    return { probe: wordAt(map, start, to), map, rest: wordStart(map.text, to, end), end };
  }
  const exploded = explode(map.text, start, end);
  const stop = exploded.text.length;
  const last = wordEnd(exploded.text, stop);
  const value = decode(encode(exploded.text.slice(start, last))).text;
  const rest = rejoin(map, exploded, wordStart(exploded.text, last, stop));
  return {
    probe: { value, span: placeOfPieces(map, exploded, start, last) },
    map: rest.map,
    rest: rest.at,
    end: end + rest.map.text.length - map.text.length,
  };
}
