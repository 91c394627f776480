import type { KeptEntry } from '../core/vocabulary/index.ts';
import { cleanPath } from '../core/world/context/index.ts';
import type { History } from './history.ts';

export type Found =
  | { readonly is: 'none' }
  | { readonly is: 'text'; readonly id: string; readonly text: string }
  | { readonly is: 'unreadable'; readonly why: string };

/** So many links may lead to one another. */
const mostLinks = 8;

/** Files of a repository whose text matters, as commits go by. */
export class Watched {
  readonly #history: History;
  readonly #paths: readonly string[];
  readonly #inside: (path: string) => KeptEntry | undefined;
  readonly #outside = new Map<string, KeptEntry>();
  #last: string | undefined;

  /**
   * @param paths from the top of the repository
   * @param inside what lies below the context now
   */
  constructor(history: History, paths: readonly string[], inside: (path: string) => KeptEntry | undefined) {
    this.#history = history;
    this.#paths = paths;
    this.#inside = inside;
  }

  /** Whether it is one of the files, links apart. */
  names(path: string): boolean {
    return this.#paths.includes(path);
  }

  /** A path that does not lie below the context. */
  outside(path: string, entry: KeptEntry | undefined): void {
    if (entry === undefined) this.#outside.delete(path);
    else this.#outside.set(path, entry);
  }

  /** The files as they are now; undefined when they are as they were. */
  async look(): Promise<readonly Found[] | undefined> {
    if (this.#isAsBefore()) return undefined;
    const entries = await Promise.all(this.#paths.map((path) => this.#entryOf(path)));
    const now = entries.map((entry) => (typeof entry === 'string' ? entry : (entry?.id ?? ''))).join(' ');
    if (now === this.#last) return undefined;
    this.#last = now;
    return Promise.all(entries.map((entry) => this.#read(entry)));
  }

  #at(path: string): KeptEntry | undefined {
    return this.#inside(path) ?? this.#outside.get(path);
  }

  /** Told without a wait where no link is on the way. */
  #isAsBefore(): boolean {
    let now = '';
    for (const [i, path] of this.#paths.entries()) {
      const entry = this.#at(path);
      if (entry?.mode === '120000') return false;
      now += `${i === 0 ? '' : ' '}${entry?.id ?? ''}`;
    }
    return now === this.#last;
  }

  /** What is there, links followed; a text says why nothing can be. */
  async #entryOf(path: string): Promise<KeptEntry | undefined | string> {
    let at = path;
    for (let links = 0; links < mostLinks; links++) {
      const entry = this.#at(at);
      if (entry?.mode !== '120000') return entry;
      const link = await this.#history.blob(entry.id);
      if ('failed' in link) return link.failed;
      const folder = at.slice(0, at.lastIndexOf('/') + 1);
      at = cleanPath(`${folder}${link.text}`);
    }
    return 'it is a symbolic link that leads nowhere';
  }

  async #read(entry: KeptEntry | undefined | string): Promise<Found> {
    if (entry === undefined) return { is: 'none' };
    if (typeof entry === 'string') return { is: 'unreadable', why: entry };
    if (entry.mode === '160000') return { is: 'unreadable', why: 'it is a submodule' };
    const blob = await this.#history.blob(entry.id);
    return 'failed' in blob ? { is: 'unreadable', why: blob.failed } : { is: 'text', id: entry.id, text: blob.text };
  }
}
