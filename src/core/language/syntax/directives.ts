import type { Span } from '../../vocabulary/index.ts';
import { skipSpace } from './characters.ts';

const HASH = 0x23;

/** A parser directive found on one line. */
export interface DirectiveMatch {
  /** Lower case. */
  readonly name: 'syntax' | 'escape' | 'check';
  readonly value: string;
  readonly valueSpan: Span;
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Go's `\s`: no vertical tab, nothing outside ASCII. */
function isRegexpSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0c || code === 0x0d;
}

/**
 * Reads `# name = value` in `[start, end)`, which begins at "#". Undefined when it is an ordinary comment, which ends the
 * directives. A value of blanks alone is their last one, as BuildKit's regular expression has it.
 */
export function matchDirective(text: string, start: number, end: number): DirectiveMatch | undefined {
  if (text.charCodeAt(start) !== HASH) return undefined;
  let at = skipSpace(text, start + 1, end);
  const nameStart = at;
  if (at >= end || !isLetter(text.charCodeAt(at))) return undefined;
  while (at < end && (isLetter(text.charCodeAt(at)) || (text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39))) {
    at += 1;
  }
  const name = text.slice(nameStart, at).toLowerCase();
  if (name !== 'syntax' && name !== 'escape' && name !== 'check') return undefined;
  while (at < end && isRegexpSpace(text.charCodeAt(at))) at += 1;
  if (at >= end || text.charCodeAt(at) !== 0x3d) return undefined;
  at += 1;
  let from = at;
  while (from < end && isRegexpSpace(text.charCodeAt(from))) from += 1;
  let to = end;
  if (from === end) {
    if (at === end) return undefined;
    from = end - 1;
  } else {
    while (isRegexpSpace(text.charCodeAt(to - 1))) to -= 1;
  }
  return { name, value: text.slice(from, to), valueSpan: [from, to] };
}
