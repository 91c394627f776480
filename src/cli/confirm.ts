import { readSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Asks on the terminal, where no is the default; undefined where nobody can answer. */
export function confirm(question: string): boolean | undefined {
  if (!isatty(0) || !isatty(2)) return undefined;
  writeSync(2, `${question} [y/N] `);
  const buffer = Buffer.alloc(256);
  const count = readSync(0, buffer, 0, buffer.length, null);
  return /^\s*y(?:es)?\s*$/i.test(buffer.toString('utf8', 0, count));
}
