import type { Observation } from '../../core/vocabulary/index.ts';

export interface ProofSource {
  /** As the user would name it. */
  readonly name: string;
  readonly text: string;
  /** Absolute path where it lies for the build. */
  readonly path: string;
}

export interface ProofOrder {
  readonly before: ProofSource;
  readonly after: ProofSource;
  /** Absolute path of the context that both are built from. */
  readonly context: string;
  /** Writes a Dockerfile beside those of the sides, for what is under the image. */
  readonly write: (name: string, text: string) => Promise<string>;
  /** Changes a source file as no run has before; undefined when there is none to be changed. */
  readonly edit: { readonly file: string; readonly again: () => Promise<void> } | undefined;
  /** Nothing is built again after other changes than of `edit`. */
  readonly sourceOnly: boolean;
  /** Files that say what the project depends on, and a change of one after which it says the same. */
  readonly dependencies: { readonly files: readonly string[]; readonly again: (file: string) => Promise<void> };
  /** A random value of at least 24 small letters and digits, each time another. */
  readonly canary: () => string;
  /** Kinds of statements that what is published must come with: `provenance`, `SBOM`. */
  readonly statements: readonly string[];
  readonly target?: string;
  readonly fresh: boolean;
  readonly route: { readonly path: string; readonly port: number | undefined } | undefined;
  /** Seconds that a program has until it answers and is healthy. */
  readonly timeout: number;
  /** Tags of the run begin with it. */
  readonly tag: string;
  readonly signal: AbortSignal;
  readonly tell: (what: string) => void;
}

/** Which image is looked at. */
export type Of = Observation['of'];

/** The tag of an image that this run makes. */
export const tagOf = (order: ProofOrder, of: string) => `${order.tag}-${of}`;
