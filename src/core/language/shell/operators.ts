import { type Frame, place } from './frame.ts';
import type { Operator, OperatorText } from './types.ts';

/** The first offset at or after `at` that is neither blank nor a continued line's end. */
function skipBlanks(text: string, at: number): number {
  for (;;) {
    const unit = text.charCodeAt(at);
    if (unit === 0x20 || unit === 0x09) at += 1;
    else if (unit === 0x5c && text.charCodeAt(at + 1) === 0x0a) at += 2;
    else return at;
  }
}

function operator(frame: Frame, text: OperatorText, at: number): Operator {
  return { text, span: place(frame, at, at + text.length) };
}

/**
 * The operator that follows a node: the library gives the nodes' places only, and grammar leaves nothing but blanks
 * between a node's end and its operator.
 */
export function operatorAfter(frame: Frame, end: number, text: '&&' | '||' | '|' | '|&'): Operator | undefined {
  const at = skipBlanks(frame.text, end);
  return frame.text.startsWith(text, at) ? operator(frame, text, at) : undefined;
}

/** What ends the and-or list whose last command ends at `end`; a comment may stand before a newline. */
export function terminatorAfter(frame: Frame, end: number, limit: number): Operator | undefined {
  const { text } = frame;
  let at = skipBlanks(text, end);
  if (at >= limit) return undefined;
  if (text[at] === '#' && at > end) {
    at = text.indexOf('\n', at);
    if (at === -1 || at >= limit) return undefined;
  }
  switch (text[at]) {
    case '\n':
      return operator(frame, '\n', at);
    case '&':
      return operator(frame, '&', at);
    case ';':
      return text[at + 1] === ';' || text[at + 1] === '&' ? undefined : operator(frame, ';', at);
    default:
      return undefined;
  }
}
