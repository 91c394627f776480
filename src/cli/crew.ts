import type { Summary } from '../core/reporters/index.ts';
import type { SessionOptions, Subject } from '../session/index.ts';
import type { CheckRun } from './check-options.ts';
import type { Manner, Piece } from './tell.ts';

/** Files to check, and what to do with each. */
export interface Work {
  readonly subjects: readonly Subject[];
  /** Those that a user named, rather than a directory they are in. */
  readonly named: ReadonlySet<string>;
  readonly session: SessionOptions;
  readonly signal: Stop | undefined;
}

/** What some files came to, in their order. */
export interface Batch {
  readonly pieces: readonly Piece[];
  readonly files: number;
  /** Their sum, where the teller's own tally does not have it yet. */
  readonly summary?: Summary;
}

/** Says between two files that no further one is to be begun: to every thread at once. */
export interface Stop {
  readonly aborted: boolean;
  /** The same in memory that threads share: 1 when aborted. */
  readonly shared: Int32Array;
}

export function stopOf(shared: Int32Array): Stop {
  return {
    shared,
    get aborted() {
      return Atomics.load(shared, 0) !== 0;
    },
  };
}

/** What threads are given when they start. */
export interface CrewOrder {
  readonly cwd: string;
  readonly manner: Manner;
  readonly session: SessionOptions;
  readonly stop: Int32Array | undefined;
}

/** Files for a thread. */
export interface Task {
  readonly index: number;
  readonly files: readonly string[];
  /** Those of them that a user named. */
  readonly named: readonly string[];
}

export interface Done extends Batch {
  readonly index: number;
}

export interface CrewWork extends Work {
  readonly cwd: string;
  readonly manner: Manner;
  /** How many threads. */
  readonly jobs: number;
}

export type Crew = (work: CrewWork) => AsyncGenerator<Batch, void, undefined>;

/** Fewer files are done before threads have warmed up, and before compiled code pays. */
export const manyFiles = 100;
/** More threads need more memory than they save time. */
const mostJobs = 8;

/** How many threads a run is worth. */
export function jobsFor({ jobs, stdin }: CheckRun, files: number): number {
  if (stdin || files < 2) return 1;
  if (jobs !== undefined) return Math.min(jobs, files);
  if (files < manyFiles) return 1;
  return Math.min(process.getBuiltinModule('node:os').availableParallelism(), mostJobs);
}

/**
 * Tells V8, for the whole process, to inline little. Dozens of rules look at every command: code inlined all the way down
 * costs seconds of compiling, and saves none of them again. A V8 that does not know the flag ignores it.
 */
export function compileFlat(): void {
  process.getBuiltinModule('node:v8').setFlagsFromString('--max-inlined-bytecode-size-cumulative=100');
}
