/** What git keeps under a path: its mode as git writes it (`100644`, `100755`, `120000`, `160000`) and the id of its content. */
export interface KeptEntry {
  readonly mode: string;
  readonly id: string;
}

/** A path as a commit leaves it; without an entry it is gone. */
export interface KeptChange {
  readonly path: string;
  readonly entry: KeptEntry | undefined;
}

/** Why a step reran. */
export type ReplayCause =
  /** Files that a COPY, ADD or bind mount takes: a path, or `src/**` for several of one directory. */
  | { readonly is: 'path'; readonly path: string }
  /** The ignore file lets through something else. */
  | { readonly is: 'ignore-file' }
  /** An instruction of the Dockerfile was added, changed, moved or taken out. */
  | { readonly is: 'Dockerfile' }
  /** A variable has another value. */
  | { readonly is: 'argument'; readonly name: string };

/** Why something reran at one commit, and the step at which it began: one above, or of a stage that is copied from. */
export interface ReplayRoot {
  readonly step: number;
  readonly causes: readonly ReplayCause[];
}

/** A step of a stage that the target needs, and how often it reran. */
export interface ReplayStep {
  readonly stage: string;
  /** `null`: the last Dockerfile does not have it any more. */
  readonly line: number | null;
  readonly instruction: string;
  /** On one line. */
  readonly text: string;
  /** Builds in which it was there, the first one apart. FROM reruns when it names another base. */
  readonly of: number;
  /** Reruns when every COPY --from counts as changed that may have. */
  readonly reran: number;
  /** Reruns when none does: less only below a COPY --from of a stage that reran. */
  readonly certain: number;
  /** Most often first. */
  readonly causes: readonly { readonly because: ReplayCause; readonly commits: number }[];
}

/** Steps that rerun at a commit, as indices of a side's steps. */
export interface ReplayReruns {
  readonly certain: readonly number[];
  readonly possible: readonly number[];
  /** For each stage the first step that reran, and why. */
  readonly stages: readonly { readonly stage: string; readonly first: number; readonly root: ReplayRoot }[];
}

export interface ReplayCommit {
  readonly id: string;
  readonly subject: string;
  /** Paths that it changes below the context, and how many of them its ignore file lets through. */
  readonly changed: number;
  readonly survived: number;
  /** Why no build of it can be told; it counts for nothing then. */
  readonly problem?: string;
  /** Of each side. */
  readonly reruns: readonly ReplayReruns[];
}

export interface ReplaySide {
  readonly name: string;
  readonly steps: readonly ReplayStep[];
  /** Builds that were compared with one before. */
  readonly builds: number;
  /** Steps that reran in a build, on average; FROM is none. */
  readonly average: number;
}

/** What `replay` found out. */
export interface ReplayReport {
  readonly context: string;
  readonly dockerfile: string;
  /** `null`: the last stage. */
  readonly target: string | null;
  /** Whether each commit is built with its own Dockerfile and ignore file, or all with those of today. */
  readonly files: 'of each commit' | 'of today';
  readonly policy: 'previous' | 'ever';
  readonly history: {
    readonly branch: string | null;
    readonly commits: number;
    readonly merges: number;
    readonly renames: number;
    readonly shallow: boolean;
  };
  /** One, or two that are compared. */
  readonly sides: readonly ReplaySide[];
  /** Steps of both sides that are the same one. */
  readonly pairs: readonly (readonly [before: number | null, after: number | null])[];
  /** Oldest first. */
  readonly commits: readonly ReplayCommit[];
  readonly notes: readonly string[];
}
