import type { Span } from '../../vocabulary/index.ts';
import { type Environment, type LexOptions, lex, UNKNOWN } from './lex.ts';

export { type Environment, type LexOptions, UNKNOWN };

/** A variable named in a word: `$name` or `${name…}`; references within the braces have their own entry. */
export interface VariableReference {
  readonly name: string;
  /** Within the word. */
  readonly span: Span;
}

export interface Expansion {
  /** Undefined when BuildKit refuses the word; UNKNOWN when it depends on a variable that the environment does not know. */
  readonly value: string | typeof UNKNOWN | undefined;
  /** Names that were set, in order of first use. */
  readonly used: readonly string[];
  /** Names that were not set, with or without a default: BuildKit's UndefinedVar asks these. */
  readonly unmatched: readonly string[];
  /** Names of which the environment does not know whether they are set. */
  readonly unknown: readonly string[];
  /** In order of their start. */
  readonly references: readonly VariableReference[];
  /** What BuildKit would say, without its prefix. */
  readonly error?: string;
}

/**
 * Expands the variables of a word and removes its quotes and escapes, as BuildKit does (frontend/dockerfile/shell/lex.go):
 * `$x ${x} ${x:-d} ${x-d} ${x:+d} ${x+d} ${x:?e} ${x?e} ${x#p} ${x##p} ${x%p} ${x%%p} ${x/p/r} ${x//p/r}`.
 */
export function expand(word: string, environment: Environment, options: LexOptions): Expansion {
  const { value, used, unmatched, unknown, references, error } = lex(word, environment, options);
  return {
    value,
    used: [...used],
    unmatched: [...unmatched],
    unknown: [...unknown],
    references: references.map(({ name, start, end }) => ({ name, span: [start, end] })),
    ...(error === undefined ? {} : { error }),
  };
}
