import type { Span } from '../../vocabulary/index.ts';
import type { Segment, SpanMap } from '../text/index.ts';
import { skipSpace } from './characters.ts';
import type { Token, TokenKind } from './types.ts';

/** Longest physical line that BuildKit's scanner takes, in bytes, without its "\n" (bufio.MaxScanTokenSize - 1). */
export const MAX_LINE_BYTES = 65_535;

const HASH = 0x23;

/** Where the reading of physical lines stands. */
export interface Cursor {
  readonly text: string;
  /** The current line: from `start`, its content up to `end`, its newline up to `next`. */
  start: number;
  end: number;
  next: number;
  /** Number of the current line, from 1; 0 before the first. */
  line: number;
}

export function cursorOf(text: string): Cursor {
  return { text, start: 0, end: 0, next: 0, line: 0 };
}

/** Moves to the next physical line: "\n" ends it; every "\r" before that belongs to the newline. False at the end. */
export function nextLine(cursor: Cursor): boolean {
  const { text } = cursor;
  const start = cursor.next;
  if (start >= text.length) return false;
  const newline = text.indexOf('\n', start);
  let end = newline === -1 ? text.length : newline;
  cursor.start = start;
  cursor.next = newline === -1 ? end : newline + 1;
  while (end > start && text.charCodeAt(end - 1) === 0x0d) end -= 1;
  cursor.end = end;
  cursor.line += 1;
  return true;
}

/** True when the current line is longer than BuildKit reads. */
export function isTooLong(cursor: Cursor): boolean {
  const { text, start } = cursor;
  const end = cursor.next > start && text.charCodeAt(cursor.next - 1) === 0x0a ? cursor.next - 1 : cursor.next;
  if ((end - start) * 3 <= MAX_LINE_BYTES) return false;
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code < 0xd800 || code > 0xdfff) bytes += 3;
    else if (code < 0xdc00) {
      bytes += 4;
      at += 1;
    } else bytes += 1; // stands for one invalid byte
  }
  return bytes > MAX_LINE_BYTES;
}

/** BuildKit's logical line: physical lines joined at continuations. */
export interface LogicalLine {
  readonly map: SpanMap;
  /** Tokens of all that the joined text leaves out, in order: blanks, comments, continuations, newlines. */
  readonly trivia: Token[];
  readonly comments: readonly Span[];
  /** Empty lines within the continuation. */
  readonly empty: readonly Span[];
}

const NONE: readonly never[] = [];

/** Pushes the token `[start, end)` of the source unless it is empty. */
export function pushToken(tokens: Token[], kind: TokenKind, source: string, start: number, end: number): void {
  if (end > start) tokens.push({ kind, text: source.slice(start, end), at: start });
}

/**
 * Offset of the escape character that continues `[start, end)` on the next line, or -1: one escape and blanks at its
 * end, not preceded by another escape.
 */
function continuationAt(text: string, start: number, end: number, escape: number): number {
  let at = end - 1;
  while (at >= start && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at -= 1;
  if (at < start || text.charCodeAt(at) !== escape) return -1;
  return at > start && text.charCodeAt(at - 1) === escape ? -1 : at;
}

/**
 * Reads the logical line that begins on the current line at `from` (its first character that is no space), and leaves
 * the cursor on its last physical line. `onLine` sees every physical line after the first.
 */
export function readLogicalLine(cursor: Cursor, from: number, escape: number, onLine: () => void): LogicalLine {
  const { text } = cursor;
  const trivia: Token[] = [];
  const first = continuationAt(text, from, cursor.end, escape);
  if (first === -1) {
    pushToken(trivia, 'newline', text, cursor.end, cursor.next);
    const length = cursor.end - from;
    return {
      map: { text: text.slice(from, cursor.end), segments: [{ at: 0, from, length }] },
      trivia,
      comments: NONE,
      empty: NONE,
    };
  }
  const segments: Segment[] = [];
  const parts: string[] = [];
  const comments: Span[] = [];
  const empty: Span[] = [];
  let at = 0;
  const take = (start: number, end: number) => {
    if (end === start) return;
    segments.push({ at, from: start, length: end - start });
    parts.push(text.slice(start, end));
    at += end - start;
  };
  take(from, first);
  pushToken(trivia, 'continuation', text, first, cursor.next);
  while (nextLine(cursor)) {
    onLine();
    const { start, end, next } = cursor;
    const content = skipSpace(text, start, end);
    if (content === end) {
      empty.push([start, end]);
      pushToken(trivia, 'blank', text, start, end);
      pushToken(trivia, 'newline', text, end, next);
      continue;
    }
    if (text.charCodeAt(content) === HASH) {
      comments.push([content, end]);
      pushToken(trivia, 'blank', text, start, content);
      pushToken(trivia, 'comment', text, content, end);
      pushToken(trivia, 'newline', text, end, next);
      continue;
    }
    const continued = continuationAt(text, start, end, escape);
    if (continued === -1) {
      take(start, end);
      pushToken(trivia, 'newline', text, end, next);
      break;
    }
    take(start, continued);
    pushToken(trivia, 'continuation', text, continued, next);
  }
  // A line of escapes alone still has a place.
  if (segments.length === 0) segments.push({ at: 0, from, length: 0 });
  return { map: { text: parts.join(''), segments }, trivia, comments, empty };
}

/** A span of the source with the kind of its tokens. */
export interface Mark {
  readonly kind: TokenKind;
  readonly span: Span;
}

/**
 * The tokens of a logical line: its trivia, and between them its text cut at the marks; text outside every mark is
 * blank. Marks are in order and do not overlap.
 */
export function tokensOf(source: string, line: LogicalLine, marks: readonly Mark[], into: Token[]): void {
  const { trivia } = line;
  let trivial = 0;
  let marked = 0;
  for (const { from, length } of line.map.segments) {
    for (let token = trivia[trivial]; token !== undefined && token.at < from; token = trivia[++trivial]) {
      into.push(token);
    }
    const end = from + length;
    for (let at = from; at < end; ) {
      while (marked < marks.length && (marks[marked] as Mark).span[1] <= at) marked += 1;
      const mark = marks[marked];
      let stop = end;
      let kind: TokenKind = 'blank';
      if (mark !== undefined && mark.span[0] < end) {
        if (mark.span[0] > at) stop = mark.span[0];
        else {
          kind = mark.kind;
          if (mark.span[1] < end) stop = mark.span[1];
        }
      }
      into.push({ kind, text: source.slice(at, stop), at });
      at = stop;
    }
  }
  for (let token = trivia[trivial]; token !== undefined; token = trivia[++trivial]) into.push(token);
}
