/** What the judges say of one file, as plain data that passes between processes. */

/** Ways in which we can be wrong. Each one found is a bug of ours. */
export const faults = [
  'crash', // an exception, or the process died
  'hang', // more CPU time than allowed, also when run alone; or no answer at all
  'print', // printing the tree does not give the file's bytes
  'tree', // the tree contradicts the text: a span does not hold what it names
  'disagreement', // BuildKit reads the file otherwise
  'oracle', // the oracle itself failed on a file
  'rejected', // BuildKit accepted the file before the fix and refuses it after
  'shape', // stages, targets, ARG names or COPY sources changed, and no fix said so
  'comment', // a comment is gone, and no fix said so
  'unstable', // a second run changes something
  'new-diagnostic', // fixed, and now another rule fires at warning or above
  'refuted', // a safe fix claimed what the oracle denies
  'refuted-unsafe', // the same of an unsafe one
  'ban', // the engine had to take a fix back
] as const;

export type Fault = (typeof faults)[number];

export interface Failing {
  readonly fault: Fault;
  /** `check`, `fix`, `unsafe-fixes`, or a rule with its variant. */
  readonly of: string;
  readonly detail: string;
}

export type Verdict =
  | 'upheld'
  | 'refuted'
  | 'unjudged' // BuildKit can build neither text, for the same reason
  | 'unclaimed'; // no claim about the build

/** One applied fix, as the oracle saw it. */
export interface JudgedFix {
  /** `rule/variant`. */
  readonly id: string;
  readonly safety: 'safe' | 'unsafe';
  readonly verdict: Verdict;
}

/** Outcome of one rule on one file, and what it offered. */
export interface RuleOnFile {
  readonly rule: string;
  readonly outcome: 'held' | 'violated' | 'ignored' | 'not-applicable' | 'unknown';
  readonly diagnostics: number;
  readonly offeredSafe: number;
  readonly offeredUnsafe: number;
  /** Reasons of declined fixes. */
  readonly declined: readonly string[];
  /** Diagnostics that were gone after safe fixes. */
  readonly mended: number;
  /** Why it could not answer. */
  readonly because?: string;
  /** Unknown for want of facts that the corpus has not: what stands beside the Dockerfile. */
  readonly wantsFacts?: boolean;
}

/** CPU milliseconds per command. */
export type Cpu = Readonly<Record<'parse' | 'check' | 'fix' | 'unsafe-fixes', number>>;

export interface FileResult {
  readonly path: string;
  readonly bytes: number;
  /** BuildKit's parser and instruction parser take it. */
  readonly accepted: boolean;
  /** BuildKit itself crashes on it, so that nobody says how it is to be read. */
  readonly panicked: boolean;
  readonly parsed: boolean;
  /** Every outside base of the target is in the table, or scratch. */
  readonly knownBase: boolean;
  readonly failing: readonly Failing[];
  readonly rules: readonly RuleOnFile[];
  readonly fixes: readonly JudgedFix[];
  /** Part of the lines that safe fixes touched, 0 to 1; undefined when none was applied. */
  readonly touched?: number;
  /** The same when each fix had touched one line. */
  readonly leastTouched?: number;
  readonly cpu: Cpu;
}
