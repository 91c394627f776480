import type { Observation, Verdict } from './index.ts';

/** What one probe saw on both sides, in words. */
export interface ProofRow {
  readonly title: string;
  /** Undefined: it was not looked at; a reason in brackets: it could not be seen. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** After over before, where the difference is larger than its spread. */
  readonly ratio?: number;
}

/** A verdict in words. */
export interface ProofSaying {
  readonly is: Verdict['is'];
  readonly says: string;
  readonly why: string;
}

/** What a build told of its steps, those of the engine's own apart. */
export interface ProofStep {
  /** As the Dockerfile names it; undefined where there is one stage, or the engine does not say. */
  readonly stage?: string;
  readonly text: string;
  readonly cached: boolean;
  readonly seconds: number;
  /** Seconds after the first step of the build; undefined where it did not run, or the engine does not say. */
  readonly began?: number;
}

/** A build after an edit of one source file. */
export interface ProofRebuild {
  readonly of: 'before' | 'after';
  readonly file: string;
  readonly seconds: number;
  readonly steps: readonly ProofStep[];
}

/** A build after another change than that of a source file. */
export interface ProofChange {
  readonly of: 'before' | 'after';
  readonly change: 'dependency' | 'label';
  /** The file, or the build argument. */
  readonly what: string;
  readonly seconds: number;
  readonly steps: readonly ProofStep[];
}

export interface ProofSide {
  /** As the user would name it. */
  readonly name: string;
  readonly steps: readonly ProofStep[];
  /** The last lines of what failed: a step of the build, or a program that ended by itself. */
  readonly failed?: { readonly step?: string; readonly lines: readonly string[] };
}

/** What replay foretold of a build after an edit of one file, and what the engine did. */
export interface ProofForetold {
  readonly of: 'before' | 'after';
  readonly file: string;
  readonly steps: readonly {
    readonly text: string;
    /** `open`: files are copied from a stage that reruns, and may be the same. */
    readonly is: 'reruns' | 'cached' | 'open';
    /** `null`: the engine did not tell. */
    readonly ran: boolean | null;
  }[];
}

export interface ProofLeftOut {
  /** Whose fix it is. */
  readonly rule: string;
  /** What was refuted with it and not without. */
  readonly says: readonly string[];
}

/** What `prove` found out. */
export interface ProofReport {
  readonly engine: string;
  readonly before: ProofSide;
  readonly after: ProofSide;
  readonly observations: readonly Observation[];
  readonly verdicts: readonly Verdict[];
  /** All of it; what its builds took; what its programs took until they were ready, and to stop. */
  readonly seconds?: { readonly all: number; readonly builds: number; readonly runs: number };
  readonly rows: readonly ProofRow[];
  readonly sayings: readonly ProofSaying[];
  /** In the order in which they were made; more than one of each side when they are quick. */
  readonly rebuilds?: readonly ProofRebuild[];
  readonly changes?: readonly ProofChange[];
  /** Of the first build after the edit, for each side that was built. */
  readonly foretold?: readonly ProofForetold[];
  /** Fixes that are not part of the after, because of what they would break. */
  readonly leftOut?: readonly ProofLeftOut[];
  /** Neither side could be built, or what is around them failed: there is no verdict. */
  readonly impossible?: string;
}
