import type { Json } from '../../vocabulary/index.ts';

/**
 * What a claim expects, as its JSON says it. Anything that is none of these forms is the expected value itself.
 * `{ as: 'before' }` equal to the before; `{ 'at-most': 'before' }` no more than it; `{ not: value }` anything else;
 * `{ below: number }`; `{ no: 'shell' }` no shell that runs a script given by `-c`.
 */
export type Expectation =
  | { readonly kind: 'is' | 'not'; readonly value: Json }
  | { readonly kind: 'below'; readonly limit: number }
  | { readonly kind: 'as-before' | 'at-most-before' | 'no-shell' };

/** Reads a claim's `expect`. */
export function expectationOf(expect: Json): Expectation {
  if (typeof expect === 'object' && expect !== null && !Array.isArray(expect)) {
    const entries = Object.entries(expect);
    const [name, value] = entries[0] ?? [];
    if (entries.length === 1 && value !== undefined) {
      if (name === 'as' && value === 'before') return { kind: 'as-before' };
      if (name === 'at-most' && value === 'before') return { kind: 'at-most-before' };
      if (name === 'no' && value === 'shell') return { kind: 'no-shell' };
      if (name === 'below' && typeof value === 'number') return { kind: 'below', limit: value };
      if (name === 'not') return { kind: 'not', value };
    }
  }
  return { kind: 'is', value: expect };
}

/** Holds the after to what the before does, rather than to a fixed value. */
export function isRelative(expect: Json): boolean {
  const { kind } = expectationOf(expect);
  return kind === 'as-before' || kind === 'at-most-before';
}

const shell = /^(?:\S*\/)?(?:busybox\s+)?(?:sh|ash|dash|bash|zsh|ksh)\s+(?:-\S*o\s+\w+\s+|-\S+\s+)*?-[a-z]*c(?:\s|$)/;

/** A command line that is a shell with a script as its argument: it is PID 1 in its program's place. */
export function isShellScript(argv: string): boolean {
  return shell.test(argv);
}

/** Equal as JSON, whatever the order of keys. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  const other = b as Readonly<Record<string, Json>>;
  return (
    left.length === right.length && left.every(([key, value]) => Object.hasOwn(b, key) && sameJson(value, other[key]))
  );
}
