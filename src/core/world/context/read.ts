import { cleanPath, trimSpace } from './paths.ts';

/** A pattern of a .dockerignore as BuildKit's reader passes it on. */
export interface IgnoreLine {
  /** Cleaned; with its "!". */
  readonly pattern: string;
  /** From 1. */
  readonly line: number;
}

/** The patterns of a file, or the line that BuildKit cannot read. */
export type IgnoreLines =
  | { readonly lines: readonly IgnoreLine[] }
  | { readonly refused: string; readonly line: number };

/** In bytes, without the line feed: Go's line scanner gives up at its buffer's size. */
const longestLine = 65535;

/** Bytes that a decoded text takes. */
function byteLength(text: string): number {
  let length = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const isByte = code >= 0xdc80 && code <= 0xdcff;
    length += isByte || code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/**
 * Reads a .dockerignore: a comment starts in the first column, blanks around a pattern do not count, a leading "/" says nothing.
 * @param text as `decode` gives it, byte order mark and carriage returns too
 * Source of the behaviour: github.com/moby/patternmatcher/ignorefile, `ReadAll`.
 */
export function readIgnoreFile(text: string): IgnoreLines {
  const lines: IgnoreLine[] = [];
  let number = 0;
  for (const whole of text.split('\n')) {
    number += 1;
    if (whole.length > longestLine / 3 && byteLength(whole) > longestLine) {
      return { refused: 'the line is longer than 64 KB', line: number };
    }
    const line = number === 1 ? whole.replace(/^\ufeff/, '') : whole;
    if (line.startsWith('#')) continue;
    const trimmed = trimSpace(line);
    if (trimmed === '') continue;
    const isException = trimmed.startsWith('!');
    const written = isException ? trimSpace(trimmed.slice(1)) : trimmed;
    const clean = written === '' ? '' : cleanPath(written);
    const pattern = clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
    lines.push({ pattern: isException ? `!${pattern}` : pattern, line: number });
  }
  return { lines };
}
