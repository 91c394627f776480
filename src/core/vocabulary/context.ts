import type { Path } from './index.ts';

/** Files, not directories; bytes as they lie on the disk. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** What a build context holds and what a build sends of it. Paths are relative to the context. */
export interface ContextSurvey {
  /** Both as the user would name them. */
  readonly context: Path;
  readonly dockerfile: Path;
  /** The file whose patterns count; `null` when there is none. */
  readonly ignoreFile: Path | null;
  readonly onDisk: Amount;
  readonly ignored: Amount;
  /** Neither left out nor taken by an instruction: the client is not asked for it. */
  readonly notWanted: Amount;
  readonly sent: Amount;
  /** Of what is sent, the largest first. */
  readonly largest: readonly { readonly path: Path; readonly bytes: number }[];
  /** In the order of the file. An exception leaves nothing out. */
  readonly patterns: readonly (Amount & { readonly line: number; readonly text: string })[];
  readonly needs: readonly ContextTaking[];
  readonly secrets: readonly ContextSecret[];
  /** What was made on this machine and may not fit in the image: topmost directories. */
  readonly artefacts: readonly (Amount & { readonly path: Path; readonly says: string })[];
  readonly notes: readonly { readonly path: Path; readonly says: string }[];
  /** Directories that `--build-context` names; each is sent on its own. */
  readonly named?: readonly (ContextSurvey & { readonly name: string })[];
  /** What makes every build fail, before anything is sent; figures are then without its cause. */
  readonly failure?: string;
}

/** What one source of a COPY, ADD or bind mount takes of what is sent. */
export interface ContextTaking extends Amount {
  readonly line: number;
  readonly instruction: 'COPY' | 'ADD' | 'mount';
  readonly text: string;
  /** Of it, what `--exclude` keeps out of the stage. */
  readonly excluded?: Amount;
  /**
   * `missing`: no such name on the disk. `ignored`: all of it is left out. `unknown`: it depends on a variable. `nothing`: a wildcard
   * that matches nothing, or only what is left out, which is no error. `nowhere`: the same, and of the directory that it names nothing
   * is sent.
   */
  readonly problem?: 'missing' | 'ignored' | 'unknown' | 'nothing' | 'nowhere';
}

export interface ContextSecret {
  readonly path: Path;
  /** What it holds, never the value: `a private key`. */
  readonly holds: string;
  /** By its name only: it often holds none. */
  readonly doubtful: boolean;
  /** Of the file, from 1; `null` when its name alone tells. */
  readonly line: number | null;
  /** The instruction that takes it into a stage, by its line; `null` when it is only sent. */
  readonly copiedAt: number | null;
}

/** A pattern that is proposed, and why. */
export interface ProposedPattern {
  readonly pattern: string;
  readonly because: string;
}

export interface ContextProposal {
  readonly file: Path;
  /** `null`: there is no such file yet. */
  readonly before: string | null;
  readonly after: string;
  readonly patterns: readonly ProposedPattern[];
  /** What would have been proposed and was not. */
  readonly kept: readonly ProposedPattern[];
  /** What would not be sent any more. */
  readonly saves: Amount;
}
