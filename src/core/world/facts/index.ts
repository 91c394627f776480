import type { ContextProposal, Fact, FactKey, Json, Path, Unknown } from '../../vocabulary/index.ts';

/** What a name in the build context is, told from its first bytes. */
export interface ContextFile {
  readonly is: 'missing' | 'directory' | 'file';
  /** A format that ADD unpacks, by its magic bytes; `null` for other files. */
  readonly archive: 'tar' | 'gzip' | 'bzip2' | 'xz' | 'zstd' | null;
}

/** Files that lie at the root of a build context, by name; no directories. */
export interface ContextRoot {
  readonly files: readonly string[];
}

export interface IgnoreFile {
  /** The file that BuildKit takes: `<Dockerfile>.dockerignore` or `.dockerignore`; `null` when there is none. */
  readonly file: Path | null;
  /** Its patterns as BuildKit reads them: cleaned, comments and blank lines left out. */
  readonly patterns: readonly string[];
}

/** The text of a file in the build context; `null` where there is no file of that name, or one with zero bytes at its head. */
export interface ContextText {
  readonly text: string | null;
}

/** The first characters of such a file, however long it is. */
export interface ContextHead {
  readonly text: string | null;
}

/**
 * What the ignore file of a context should say besides what it does. It takes a walk over the whole context: whoever does not
 * want to change it answers `not-asked`.
 */
export type IgnorePlan =
  | { readonly is: 'not-asked' }
  | { readonly is: 'nothing' }
  | { readonly is: 'change'; readonly proposal: ContextProposal };

/** A longer file of the context is not read: what starts a project is short. In bytes. */
export const MAX_CONTEXT_TEXT = 64 * 1024;

/** How much of a file its head is, in bytes: what says its format stands there. */
export const CONTEXT_HEAD = 512;

/** The closed table of fact kinds: what a key holds and what its answer is. */
export interface FactKinds {
  /** One name in the build context. `path` is relative to the context and clean (no "..", no wildcard). */
  readonly 'context-file': {
    readonly of: { readonly context: Path; readonly path: Path };
    readonly value: ContextFile;
  };
  /** The text of one file in the build context: UTF-8, at most `MAX_CONTEXT_TEXT`, and none that holds secrets by its name. */
  readonly 'context-text': {
    readonly of: { readonly context: Path; readonly path: Path };
    readonly value: ContextText;
  };
  /** How the text of one file in the build context begins; none that holds secrets by its name. */
  readonly 'context-head': {
    readonly of: { readonly context: Path; readonly path: Path };
    readonly value: ContextHead;
  };
  readonly 'context-root': { readonly of: { readonly context: Path }; readonly value: ContextRoot };
  readonly 'ignore-file': {
    readonly of: { readonly context: Path; readonly dockerfile: Path };
    readonly value: IgnoreFile;
  };
  readonly 'ignore-plan': {
    readonly of: { readonly context: Path; readonly dockerfile: Path };
    readonly value: IgnorePlan;
  };
}

export type FactKind = keyof FactKinds;

export interface TypedKey<K extends FactKind> extends FactKey {
  readonly kind: K;
  readonly of: FactKinds[K]['of'] & Json;
}

/** A key as text: equal keys have equal texts. Objects are written with sorted names. */
export function keyText(key: FactKey): string {
  return `${key.kind} ${canonical(key.of)}`;
}

function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value as Readonly<Record<string, Json>>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}

/** Answers to fact keys, collected by the session. Asking never fetches: an unanswered key is recorded as wanted. */
export interface Facts {
  ask<K extends FactKind>(kind: K, of: FactKinds[K]['of']): Fact<FactKinds[K]['value']>;
}

export interface FactRecorder extends Facts {
  /** Keys that were asked and are not answered, each once. */
  readonly wanted: readonly FactKey[];
}

const notFetched: Unknown = { unknown: 'not looked up' };

/**
 * Answers by `keyText`. A map is one; a store that can look things up at once is given the key as well, and spares the file
 * another round.
 */
export interface FactStore {
  get(text: string, key: FactKey): Fact | undefined;
}

/** Facts over a store of answers; remembers what it could not answer. */
export function recordFacts(answers: FactStore): FactRecorder {
  const wanted = new Map<string, FactKey>();
  return {
    get wanted() {
      return [...wanted.values()];
    },
    ask<K extends FactKind>(kind: K, of: FactKinds[K]['of']): Fact<FactKinds[K]['value']> {
      const key: FactKey = { kind, of: of as unknown as Json };
      const text = keyText(key);
      const answer = answers.get(text, key);
      if (answer !== undefined) return answer as unknown as Fact<FactKinds[K]['value']>;
      wanted.set(text, key);
      return notFetched;
    },
  };
}

/** Archive format by magic bytes: what ADD would unpack. Needs the first 262 bytes for plain tar. Source: archive detection in moby. */
export function archiveFormat(head: Uint8Array): ContextFile['archive'] {
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x1f, 0x8b, 0x08)) return 'gzip';
  if (starts(0x42, 0x5a, 0x68)) return 'bzip2';
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return 'xz';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  const ustar = [0x75, 0x73, 0x74, 0x61, 0x72];
  if (ustar.every((byte, i) => head[257 + i] === byte)) return 'tar';
  return null;
}
