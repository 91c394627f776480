import type { ShellWord, State } from '../types.ts';
import { cachesIn } from './caches.ts';
import type { Program } from './table.ts';

/** Tests that keep a deletion whole: what matters in a cache are its files. */
const HARMLESS = new Set([
  '-type',
  'f',
  '-mindepth',
  '1',
  '-depth',
  '-xdev',
  '-mount',
  '-delete',
  '-follow',
  '-L',
  '-P',
]);

/** The caches that `find DIR -type f -delete` empties. */
function deleted(words: readonly ShellWord[]): readonly State[] {
  const start = words.findIndex((word) => /^[-(!]/.test(word.unquoted));
  const rest = words.slice(start);
  return rest.every((word) => word.value !== undefined && HARMLESS.has(word.value))
    ? cachesIn(words.slice(0, start), true)
    : [];
}

/** find(1): paths, then an expression in which every word has its place. */
export const find: Program = {
  name: 'find',
  syntax: { order: 'none', short: 'words' },
  refine: ({ operands }) => {
    if (operands.some((word) => word.value === '-delete')) {
      return { action: 'delete', writes: ['files'], clears: deleted(operands) };
    }
    const runs = operands.some((word) => /^-(?:exec|execdir|ok|okdir)$/.test(word.unquoted));
    return runs ? { action: 'run' } : { action: 'query' };
  },
};
