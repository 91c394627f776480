import type { Check, FixFile } from '../core/lint/types.ts';
import type { Fact, FactKey, Failure, Path } from '../core/vocabulary/index.ts';

/** Adapters may answer at once or later. */
export type Awaitable<T> = T | Promise<T>;

/** A file as read: `decode` of its bytes, or why not. */
export type Reading = { readonly text: string; readonly utf8: boolean } | Failure;

export interface Replacement {
  readonly file: Path;
  /** The text as it was read; `null` when the file must not exist yet. */
  readonly was: string | null;
  readonly text: string;
  /** Of a file that is created. */
  readonly mode?: 0o644 | 0o755;
}

export interface Files {
  read(file: Path): Awaitable<Reading>;
  /**
   * Replaces all files or none: refused when any of them is not as it was read.
   * @returns what kept it from being done; undefined when all is written.
   */
  replace(changes: readonly Replacement[]): Awaitable<Failure | undefined>;
}

export interface FactSource {
  /** Never throws: what cannot be found out is an unknown with the reason. */
  answer(key: FactKey): Awaitable<Fact>;
}

/** What the session calls; core's own functions outside of tests. */
export interface Linter {
  readonly check: Check;
  readonly fixFile: FixFile;
}

export interface Adapters {
  readonly files: Files;
  readonly facts: FactSource;
  readonly linter: Linter;
}
