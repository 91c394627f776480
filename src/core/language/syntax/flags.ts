import type { Span } from '../../vocabulary/index.ts';
import type { Segment, SpanMap } from '../text/index.ts';
import { decode, encode } from '../text/index.ts';
import { isInvalidByte, isSpace, placeOf } from './characters.ts';
import type { Flag } from './types.ts';

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
  return scan(map, start, end, escape);
}

function scan(map: SpanMap, start: number, end: number, escape: number): FlagScan {
  const { text } = map;
  const flags: Flag[] = [];
  let at = start;
  while (at < end) {
    if (isSpace(byteAt(text, at))) {
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
      if (quote === 0 && isSpace(byte)) break;
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
    if (word === '--') return { flags, map, dashes: placeOf(map, from, at), rest: at, end };
    const sign = equals === -1 ? -1 : word.indexOf('=');
    flags.push({
      name: sign === -1 ? word.slice(2) : word.slice(2, sign),
      value: sign === -1 ? undefined : word.slice(sign + 1),
      span: placeOf(map, from, at),
      nameSpan: placeOf(map, from + 2, sign === -1 ? at : equals),
      valueSpan: sign === -1 ? undefined : placeOf(map, equals + 1, at),
    });
  }
  return { flags, map, rest: at, end };
}

/** `[start, end)` with each character outside ASCII as its bytes (U+DC00+b each): where BuildKit looks at bytes. */
function explode(map: SpanMap, start: number, end: number): SpanMap {
  const { text, segments } = map;
  const parts: string[] = [text.slice(0, start)];
  const out: Segment[] = [];
  let grown = 0;
  let index = 0;
  const copy = (from: number, to: number) => {
    while (index < segments.length) {
      const { at, from: source, length } = segments[index] as Segment;
      const low = Math.max(at, from);
      const high = Math.min(at + length, to);
      if (high > low) out.push({ at: low + grown, from: source + low - at, length: high - low });
      if (at + length > to) break;
      index += 1;
    }
  };
  let plain = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80 || isInvalidByte(text, at)) continue;
    copy(plain, at);
    parts.push(text.slice(Math.max(plain, start), at));
    const width = code >= 0xd800 && code <= 0xdbff ? 2 : 1;
    const bytes = encode(text.slice(at, at + width));
    for (const byte of bytes) parts.push(String.fromCharCode(0xdc00 + byte));
    grown += bytes.length - width;
    at += width - 1;
    plain = at + 1;
  }
  copy(plain, text.length);
  parts.push(text.slice(Math.max(plain, start)));
  return { text: parts.join(''), segments: out };
}

/**
 * The line with the bytes of an exploded one joined to characters again from `at` on; only a character that begins
 * before `at` stays in pieces.
 */
function rejoin(original: SpanMap, exploded: SpanMap, start: number, at: number): { map: SpanMap; at: number } {
  let seen = start;
  for (let i = start; i < original.text.length; ) {
    if (seen === at) return { map: original, at: i };
    const code = original.text.charCodeAt(i);
    const width = code >= 0xd800 && code <= 0xdbff ? 2 : 1;
    const bytes = code < 0x80 || isInvalidByte(original.text, i) ? 1 : encode(original.text.slice(i, i + width)).length;
    if (seen + bytes > at) {
      const pieces = exploded.text.slice(seen, seen + bytes);
      const segments: Segment[] = [];
      for (const { at: from, from: source, length } of original.segments) {
        const before = Math.min(from + length, i);
        if (before > from) segments.push({ at: from, from: source, length: before - from });
        const after = Math.max(from, i + width);
        if (from + length > after) {
          segments.push({ at: after + bytes - width, from: source + after - from, length: from + length - after });
        }
      }
      const text = original.text.slice(0, i) + pieces + original.text.slice(i + width);
      return { map: { text, segments }, at: i + at - seen };
    }
    seen += bytes;
    i += width;
  }
  return { map: original, at: original.text.length };
}

function readFlagsByBytes(map: SpanMap, start: number, end: number, escape: number): FlagScan {
  const exploded = explode(map, start, end);
  const scanned = scan(exploded, start, end + exploded.text.length - map.text.length, escape);
  const rest = rejoin(map, exploded, start, scanned.rest);
  return { ...scanned, map: rest.map, rest: rest.at, end: end + rest.map.text.length - map.text.length };
}

/** The first word of HEALTHCHECK, which BuildKit also splits by bytes. */
export function readProbe(map: SpanMap, start: number, end: number) {
  let line = map;
  for (let i = start; i < end && !isSpace(map.text.charCodeAt(i)); i++) {
    if (map.text.charCodeAt(i) >= 0x80) {
      line = explode(map, start, end);
      break;
    }
  }
  const stop = end + line.text.length - map.text.length;
  let to = start;
  while (to < stop && !isSpace(byteAt(line.text, to))) to += 1;
  let next = to;
  while (next < stop && isSpace(byteAt(line.text, next))) next += 1;
  const value = line === map ? map.text.slice(start, to) : decode(encode(line.text.slice(start, to))).text;
  const probe = { value, span: placeOf(line, start, to) };
  if (line === map) return { probe, map, rest: next, end };
  const rest = rejoin(map, line, start, next);
  return { probe, map: rest.map, rest: rest.at, end: end + rest.map.text.length - map.text.length };
}
