import type { Span } from '../../vocabulary/index.ts';
import type { SpanMap } from '../text/index.ts';
import { sourceSpan } from '../text/index.ts';

/** Go's `unicode.IsSpace`, which BuildKit trims by: NEL, NBSP and U+2028 are spaces, a byte order mark is not. */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x1680) return code === 0xa0 || code === 0x85;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** What BuildKit splits words on: tab, vertical tab, form feed, carriage return, space. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || (code >= 0x0b && code <= 0x0d);
}

/** First offset in `[start, end)` that is no `isSpace`, else `end`. */
export function skipSpace(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** Just after the last offset in `[start, end)` that is no `isSpace`, else `start`. */
export function trimSpaceEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  const start = skipSpace(text, 0, text.length);
  return text.slice(start, trimSpaceEnd(text, start, text.length));
}

/** Go's `strings.ToLower`, which maps İ to a plain i where JavaScript adds a combining dot. */
export function toLower(text: string): string {
  return text.includes('\u0130') ? text.replaceAll('\u0130', 'i').toLowerCase() : text.toLowerCase();
}

/** True at a unit that stands for one byte of invalid UTF-8 (see `decode`). */
export function isInvalidByte(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 0xdc80 || code > 0xdcff) return false;
  const before = at === 0 ? 0 : text.charCodeAt(at - 1);
  return before < 0xd800 || before > 0xdbff;
}

/** Invalid bytes become U+FFFD, as where BuildKit reads a text rune by rune. */
export function replaceInvalidBytes(text: string): string {
  return text.replace(/(?<![\ud800-\udbff])[\udc80-\udcff]/g, '\ufffd');
}

/** The place in the source of `[start, end)` of a derived text. */
export function placeOf(map: SpanMap, start: number, end: number): Span {
  if (map.segments.length === 1) {
    const { at, from, length } = map.segments[0] as (typeof map.segments)[0];
    if (start >= at && end <= at + length) return [from - at + start, from - at + end];
  }
  return sourceSpan(map, [start, end]);
}
