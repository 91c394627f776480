import { isInvalidByte, replaceInvalidBytes } from './characters.ts';

/** A string of an array, with its quotes in `[start, end)`. */
export interface JsonString {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Deepest nesting that Go's encoding/json takes. */
const MAX_DEPTH = 10_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

function skipJsonSpace(text: string, start: number, end: number): number {
  let at = start;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) break;
  }
  return at;
}

/**
 * Reads `[start, end)` as BuildKit does: an array of strings; `'other'` for valid JSON with an element that is no string,
 * which is an error; undefined for what is no JSON array at all, which is shell form or words.
 */
export function readJsonArray(text: string, start: number, end: number): readonly JsonString[] | 'other' | undefined {
  if (text.charCodeAt(start) !== OPEN || start >= end) return undefined;
  const elements: JsonString[] = [];
  let at = skipJsonSpace(text, start + 1, end);
  if (at < end && text.charCodeAt(at) === CLOSE) {
    return skipJsonSpace(text, at + 1, end) === end ? elements : undefined;
  }
  for (;;) {
    if (at >= end) return undefined;
    if (text.charCodeAt(at) !== QUOTE) return isArray(text.slice(start, end)) ? 'other' : undefined;
    const element = readString(text, at, end);
    if (element === undefined) return undefined;
    elements.push(element);
    at = skipJsonSpace(text, element.end, end);
    if (at >= end) return undefined;
    const code = text.charCodeAt(at);
    if (code === CLOSE) return skipJsonSpace(text, at + 1, end) === end ? elements : undefined;
    if (code !== COMMA) return undefined;
    at = skipJsonSpace(text, at + 1, end);
  }
}

function readString(text: string, start: number, end: number): JsonString | undefined {
  let special = false;
  for (let at = start + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const raw = text.slice(start + 1, at);
      return { value: special ? unescape(raw) : raw, start, end: at + 1 };
    }
    if (code < 0x20) return undefined;
    if (code === BACKSLASH) {
      special = true;
      at += 1;
      if (at >= end) return undefined;
      const escaped = text.charCodeAt(at);
      if (escaped === 0x75) {
        if (!isHex(text, at + 1, Math.min(at + 5, end))) return undefined;
        at += 4;
      } else if (!ESCAPES.has(escaped)) return undefined;
    } else if (code >= 0xdc80 && code <= 0xdcff && isInvalidByte(text, at)) special = true;
  }
  return undefined;
}

const ESCAPES = new Map([
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
  [0x2f, '/'],
  [0x62, '\b'],
  [0x66, '\f'],
  [0x6e, '\n'],
  [0x72, '\r'],
  [0x74, '\t'],
]);

function isHex(text: string, start: number, end: number): boolean {
  if (end - start !== 4) return false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at) | 0x20;
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66)) || text.charCodeAt(at) < 0x30) return false;
  }
  return true;
}

/** The string inside valid quotes; lone surrogates and invalid bytes become U+FFFD, as in Go. */
function unescape(raw: string): string {
  const parts: string[] = [];
  let from = 0;
  const plain = (to: number) => parts.push(replaceInvalidBytes(raw.slice(from, to)));
  for (let at = raw.indexOf('\\'); at !== -1; at = raw.indexOf('\\', from)) {
    plain(at);
    const code = raw.charCodeAt(at + 1);
    if (code !== 0x75) {
      parts.push(ESCAPES.get(code) as string);
      from = at + 2;
      continue;
    }
    const unit = Number.parseInt(raw.slice(at + 2, at + 6), 16);
    from = at + 6;
    if (unit < 0xd800 || unit > 0xdfff) {
      parts.push(String.fromCharCode(unit));
      continue;
    }
    const low = raw.startsWith('\\u', from) ? Number.parseInt(raw.slice(from + 2, from + 6), 16) : 0;
    if (unit < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
      parts.push(String.fromCharCode(unit, low));
      from += 6;
    } else parts.push('\ufffd');
  }
  plain(raw.length);
  return parts.join('');
}

/** True when Go's encoding/json reads the text as an array: JavaScript's grammar, less what Go has limits for. */
function isArray(text: string): boolean {
  let top: unknown;
  try {
    top = JSON.parse(text);
  } catch {
    return false;
  }
  let level: unknown[] = [top];
  for (let depth = 0; level.length > 0; depth++) {
    const inner: unknown[] = [];
    for (const value of level) {
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return false;
      if (typeof value !== 'object' || value === null) continue;
      if (depth >= MAX_DEPTH) return false;
      for (const child of Object.values(value)) inner.push(child);
    }
    level = inner;
  }
  return true;
}
