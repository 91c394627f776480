import type { KeptChange, KeptEntry } from '../core/vocabulary/index.ts';

/** A commit, with what it changes against its first parent. Paths are those of the repository. */
export interface Commit {
  readonly id: string;
  readonly subject: string;
  readonly parents: number;
  readonly changes: readonly KeptChange[];
}

/** The history cannot be read any further. */
export class HistoryStopped extends Error {}

/** Text of a blob, or why there is none. */
export type Blob = { readonly text: string } | { readonly failed: string };

/** The last commits of a branch, first parents only, as the adapter reads them: nothing is checked out. */
export interface History {
  /** `null` when no branch is checked out. */
  readonly branch: string | null;
  /** The repository holds only the end of its history. */
  readonly shallow: boolean;
  /** Where the folder that was asked for lies in the repository: `""` or `app/`. */
  readonly prefix: string;
  /** The folder has the repository's own files too, in `.git`. */
  readonly hasGitFolder: boolean;
  /** What the repository held before the first of the commits, in git's order. */
  readonly before: ReadonlyMap<string, KeptEntry>;
  /** Oldest first, some at a time. Throws HistoryStopped. */
  readonly commits: AsyncIterable<readonly Commit[]>;
  blob(id: string): Promise<Blob>;
  close(): void;
}
