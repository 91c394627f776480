/** First and last line, from 1. */
export type Lines = readonly [first: number, last: number];

/** One instruction in BuildKit's parse tree. */
export interface OracleNode {
  readonly value: string;
  readonly keyword: string;
  readonly original: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly flags?: readonly string[];
  readonly attributes?: readonly string[];
  readonly args: readonly string[];
  readonly heredocs?: readonly OracleHeredoc[];
  readonly prevComment?: readonly string[];
  readonly onbuild?: OracleNode;
}

export interface OracleHeredoc {
  readonly name: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly content: string;
  readonly fd: number;
}

export interface OracleWarning {
  readonly rule: string;
  readonly lines: readonly Lines[];
  readonly message: string;
}

export interface ParseAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly escape?: string;
  readonly directives?: readonly { readonly name: string; readonly value: string; readonly line: number }[];
  readonly nodes?: readonly OracleNode[];
  readonly warnings?: readonly OracleWarning[];
}

/** A typed command; `view` holds the fields of its kind, listed in README.md. */
export interface OracleCommand {
  readonly name: string;
  readonly lines: Lines;
  readonly view: Readonly<Record<string, unknown>>;
}

export interface OracleStage {
  readonly name: string;
  readonly baseName: string;
  readonly platform?: string;
  readonly docComment?: string;
  readonly lines: Lines;
  readonly commands: readonly OracleCommand[];
}

export interface InstructionsAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly phase?: 'parse' | 'instructions';
  readonly metaArgs?: readonly OracleCommand[];
  readonly stages?: readonly OracleStage[];
}

export interface LintAnswer {
  readonly ok: boolean;
  readonly error?: string;
  /** Where the error is, if BuildKit says so: a refused instruction has a range for each of its lines. */
  readonly lines?: readonly Lines[];
  readonly warnings: readonly OracleWarning[];
}

/** What one stage builds from one base. */
export interface StageAnswer {
  readonly stage: string;
  readonly base: BaseName;
  readonly ok: boolean;
  readonly error?: string;
  readonly panic?: string;
  readonly llb?: string;
  readonly config?: string;
  readonly image?: Readonly<Record<string, unknown>>;
  readonly nodes?: readonly { readonly name: string; readonly fields: Readonly<Record<string, unknown>> }[];
}

export interface BuildAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly stages?: readonly StageAnswer[];
}

export interface CompareAnswer {
  readonly same: boolean;
  readonly differs: readonly string[];
  readonly unjudged?: readonly string[];
  readonly error?: string;
}

type Offsets = readonly [start: number, end: number];

export interface ShellWord {
  readonly s: number;
  readonly e: number;
  readonly text: string;
  /** After quote removal; null when the word has expansions. */
  readonly value: string | null;
}

export interface ShellRedirection {
  readonly s: number;
  readonly e: number;
  readonly op: string;
  readonly fd?: string;
  readonly target: ShellWord;
  readonly heredoc?: Offsets;
}

export interface ShellCommand {
  readonly pos: number;
  readonly end: number;
  readonly assigns: readonly Offsets[];
  readonly words: readonly ShellWord[];
  readonly redirs: readonly ShellRedirection[];
  /** How many commands are around this one. */
  readonly depth: number;
  /** How many command or process substitutions are around it. */
  readonly inSubst: number;
}

/** Offsets are UTF-16 in `client.ts`, bytes on the wire. */
export interface ShellAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly commands?: readonly ShellCommand[];
  readonly operators?: readonly { readonly s: number; readonly e: number; readonly op: string }[];
}

export interface ContextQuestion {
  readonly dockerignore: string;
  /** Each is decided by itself. */
  readonly paths?: readonly string[];
  /** Of the context, in the order of a walk; a directory ends in "/", a symbolic link is "path -> target". */
  readonly entries?: readonly string[];
  /** What instructions ask for; without it everything is sent. */
  readonly wanted?: readonly string[];
}

export interface ContextAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly patterns?: readonly string[];
  /** A letter for each path: y, n, or e for an error. */
  readonly ignored: string;
  readonly sent: readonly string[];
  /** The error that the walk ended with. */
  readonly failed?: string;
}

/** The stub base images: `root` is a bare one, `user` sets whatever a base can set. */
export type BaseName = 'root' | 'user';

export type Op = 'parse' | 'instructions' | 'lint' | 'build';

/** Every answer to one request; a field is there if it was asked for. */
export interface Answers {
  readonly error?: string;
  /** BuildKit itself panicked on this file. */
  readonly panic?: string;
  /** It took too long; `error` says how long that is. */
  readonly timeout?: true;
  readonly parse?: ParseAnswer;
  readonly instructions?: InstructionsAnswer;
  readonly lint?: LintAnswer;
  readonly build?: BuildAnswer;
  readonly compare?: CompareAnswer;
  readonly shell?: ShellAnswer;
  readonly context?: ContextAnswer;
}
