/**
 * The data that passes between rooms. Plain JSON types: nothing in this room decides anything.
 * @module
 */

/** A path relative to the project root, always with "/". */
export type Path = string;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** UTF-16 offsets into a file's decoded text: `[start, end)`. */
export type Span = readonly [start: number, end: number];

/** Where something is. Without `span`: the whole file, or a file that is missing. */
export type Place =
  | { readonly file: Path; readonly span?: Span }
  | { readonly image: string; readonly layer?: number; readonly path?: string };

export interface Evidence {
  readonly at: Place;
  readonly says: string;
}

/** `kind` is one of the closed table in `world/facts`; `of` is the complete input that the answer depends on. */
export interface FactKey {
  readonly kind: string;
  readonly of: Json;
}

export type FactSource = 'files' | 'table' | 'registry' | 'tool' | 'user';

/** A value with its evidence, or the reason why it is not known and the option that would supply it. */
export type Fact<T = Json> = Known<T> | Unknown;

export interface Known<T> {
  readonly value: T;
  readonly from: FactSource;
  readonly evidence: readonly Evidence[];
}

export interface Unknown {
  readonly unknown: string;
  readonly flag?: string;
}

/** Replaces `span` by `text`. An empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** `was` is the hash of the text that the offsets speak of; creating is refused when the file exists. */
export type FileChange =
  | { readonly file: Path; readonly was: string; readonly edits: readonly Edit[] }
  /** A file that no offsets speak of, such as an ignore file: `before` is its whole text. */
  | { readonly file: Path; readonly before: string; readonly after: string }
  | { readonly file: Path; readonly create: string; readonly mode?: 0o644 | 0o755 };

/** What the lab or `prove` can look at. A closed table: each name has a probe of its own. */
export type Probe =
  | 'builds'
  | 'paths-only-before'
  | 'paths-only-after'
  | 'packages'
  | 'config'
  | 'uid'
  | 'argv'
  | 'health'
  | 'step-cached'
  | 'build-seconds'
  | 'rebuild-seconds'
  | 'dependency-seconds'
  | 'dependency-reruns'
  | 'label-seconds'
  | 'label-reinstalls'
  | 'image-bytes'
  | 'own-bytes'
  | 'layers'
  | 'canary'
  | 'libc'
  | 'tools'
  | 'cache-bytes'
  | 'setuid'
  | 'oci-labels'
  | 'attestations'
  | 'packed-bytes'
  | 'attestation'
  | 'lives'
  | 'http-status'
  | 'ports'
  | 'zombies'
  | 'written'
  | 'growing-logs'
  | 'confined'
  | 'stop-seconds'
  | 'stop-exit';

export type Claim =
  /** Equal operations and config; history text and positions aside. */
  | { readonly kind: 'same-build' }
  /** The same graph, only these differ, as stage/instruction/field: `final/RUN 2/args`, `final/config/Healthcheck`. */
  | { readonly kind: 'same-build-but'; readonly differs: readonly string[] }
  /** Rejected before with this error, accepted after. */
  | { readonly kind: 'repairs'; readonly code: string }
  | { readonly kind: 'observed'; readonly probe: Probe; readonly where?: Json; readonly expect: Json };

/** One look at what a Dockerfile builds; `before-again` tells what differs although nothing was changed. */
export interface Observation {
  readonly of: 'before' | 'before-again' | 'after';
  readonly probe: Probe;
  /** Which step or route, for probes that look at one of several. */
  readonly where?: Json;
  /** `missing`: it was looked for and could not be seen, and why. */
  readonly got: { readonly value: Json } | { readonly missing: string };
}

/** What became of a claim. `by` are the observations that it rests on: none, and it is not shown. */
export interface Verdict {
  readonly claim: Claim;
  readonly is: 'upheld' | 'refuted' | 'not-shown';
  readonly by: readonly Observation[];
  readonly why: string;
}

export interface Change {
  readonly title: string;
  /** The branch that evidence is kept for: `apt`, `npm`, … */
  readonly variant: string;
  /** All or none. */
  readonly files: readonly FileChange[];
  readonly claims: readonly Claim[];
  /** Ignore comments removed on purpose; no other comment may go. */
  readonly drops?: readonly Place[];
}

export type Safety = 'safe' | 'unsafe';

/** A change that was offered for a diagnostic; `safety` comes from recorded evidence, never from a rule's author. */
export interface Fix extends Change {
  readonly safety: Safety;
  readonly reveals: boolean;
}

export type Level = 'error' | 'warning' | 'info';

export interface Diagnostic {
  readonly rule: string;
  /** Another tool's id, e.g. SC2086. */
  readonly code?: string;
  readonly level: Level;
  readonly at: Place;
  readonly message: string;
  /** Build targets it holds for; empty: not about a build. */
  readonly targets: readonly string[];
  readonly help?: string;
  readonly related?: readonly { readonly at: Place; readonly label: string }[];
  /** Masked by every reporter, in frames and diffs too. */
  readonly secrets?: readonly Place[];
  /** Of rule, file, stage, instruction text and ordinal: survives edits elsewhere in the file. */
  readonly fingerprint: string;
  readonly ignored?: { readonly by: Place; readonly reason?: string };
  readonly fix?: Fix | { readonly declined: string };
  /** Never applied unasked. */
  readonly suggestions?: readonly Change[];
}

/** What became of one rule for one subject. A rule never answers "nothing". */
export type Outcome = { readonly rule: string; readonly target: string | null } & (
  | { readonly is: 'held'; readonly evidence: readonly Evidence[] }
  | { readonly is: 'violated' }
  | { readonly is: 'ignored'; readonly by: Place; readonly reason?: string }
  | { readonly is: 'not-applicable'; readonly because: string }
  | { readonly is: 'unknown'; readonly because: string; readonly wants: readonly FactKey[] }
);

export interface Report {
  readonly diagnostics: readonly Diagnostic[];
  readonly outcomes: readonly Outcome[];
  readonly wanted: readonly FactKey[];
  /** Places of secrets that no diagnostic marks, because the rule that would is off: reporters mask them all the same. */
  readonly secrets?: readonly Place[];
}

/** One of the guide's seven points, summed up from outcomes. */
export interface ChecklistPoint {
  readonly point: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly title: string;
  readonly is: 'met' | 'not-met' | 'not-applicable' | 'unknown';
  /** The reason, or the fact that is wanted, or what was seen. */
  readonly because: string;
  readonly diagnostics: number;
  readonly fixable: number;
}

/** What `check` says of one file; reporters get these one by one. */
export interface FileReport {
  readonly file: Path;
  /** The decoded text that every span speaks of. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly checklist: readonly ChecklistPoint[];
  /** Places of secrets that no diagnostic marks. */
  readonly secrets?: readonly Place[];
  /** Facts that nobody answered: the rules that need them were skipped. */
  readonly wanted: readonly FactKey[];
  /** Ids of rules that could not answer for want of a fact. */
  readonly skipped: readonly string[];
  /** So many instructions that no rule was asked. */
  readonly tooManyInstructions?: { readonly found: number; readonly most: number };
  /** What the stages are called, when the target that was asked for is none of them. */
  readonly otherTargets?: readonly string[];
  /** Facts that were asked for and could not be had: why, and the option that would supply them. Set by the session. */
  readonly missing?: readonly Unknown[];
  /** The build context that was found above the file, by what it copies; without it: as given, or the file's own directory. Set by the session. */
  readonly context?: Path;
  /** Set when the file was fixed, or would be: the text before, and what was applied. */
  readonly fixed?: FixedText;
}

export interface FixedText {
  readonly before: string;
  /** Other files that the fixes write: an ignore file. */
  readonly others?: readonly OtherFile[];
  readonly applied: readonly AppliedFix[];
  readonly banned: readonly BannedFix[];
  /** Secrets in `before`, masked in the diff. Set by the session. */
  readonly secrets?: readonly Place[];
}

/** A file that is changed along with a Dockerfile. */
export interface OtherFile {
  readonly file: Path;
  /** `null`: there is no such file yet. */
  readonly before: string | null;
  readonly after: string;
}

/** A file that was not checked: one clear line saying what is the matter and what to do. */
export interface Failure {
  readonly file: Path;
  /** `failed`: it was asked for and could not be done. `skipped`: it is no Dockerfile. `bug`: our own mistake. */
  readonly is: 'failed' | 'skipped' | 'bug';
  /** Completes "<file>: …": lower case, no full stop. */
  readonly says: string;
  readonly help?: string;
}

export interface AppliedFix {
  readonly rule: string;
  readonly title: string;
  readonly variant: string;
  readonly safety: Safety;
  /** Line in the text before, from 1. */
  readonly line: number;
}

/** A change that was taken back because it broke something: a bug of ours, told instead of hidden. */
export interface BannedFix {
  readonly rule: string;
  readonly title: string;
  readonly because: string;
}

export type * from './context.ts';
export type * from './proof.ts';
export type * from './replay.ts';
