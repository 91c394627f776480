import type { FileReport, Level, Path } from '../vocabulary/index.ts';
import type { FactStore } from '../world/facts/index.ts';

/** How a project turns rules on, off and up. */
export interface Settings {
  /** Rule id → off or a level; what is not named keeps its default. */
  readonly rules: Readonly<Record<string, 'off' | Level>>;
}

export interface CheckInput {
  /** What places in the report call it; it may exist or not. Its directory is the default build context. */
  readonly file: Path;
  /** Decoded text (`decode(bytes).text`). */
  readonly text: string;
  /** False: the file is checked, never fixed. Default true. */
  readonly utf8?: boolean;
  /** Build context, relative to the project root; default: the file's directory. */
  readonly context?: Path;
  /** Stage to build; default: the last. */
  readonly target?: string;
}

export interface CheckOptions {
  /** Answers by `keyText`. The report's `wanted` says what else would help. Default: none. */
  readonly facts?: FactStore;
  readonly settings?: Settings;
}

export interface FixOptions extends CheckOptions {
  /** Apply unsafe fixes too. */
  readonly unsafe?: boolean;
  /** Apply only fixes of these rules. */
  readonly only?: readonly string[];
}

export type Check = (input: CheckInput, options?: CheckOptions) => FileReport;
/** The report speaks of the text as it is after fixing; `fixed.before` is the text before. */
export type FixFile = (input: CheckInput, options?: FixOptions) => FileReport;
