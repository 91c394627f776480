import type { KeptChange, KeptEntry } from '../../vocabulary/index.ts';
import { type ContextEntry, type IgnorePatterns, walkContext } from '../../world/context/index.ts';

/** What the context holds at a commit, and what its ignore file lets through. */
export class Tree {
  readonly entries = new Map<string, KeptEntry>();
  #patterns: IgnorePatterns | undefined;
  #sent: Map<string, boolean> | undefined;

  /** @returns the pattern that cannot be tried, for which every build fails */
  ignore(patterns: IgnorePatterns | undefined): string | undefined {
    this.#patterns = patterns !== undefined && patterns.patterns.length > 0 ? patterns : undefined;
    this.#sent = undefined;
    if (this.#patterns === undefined) return undefined;
    // Each pattern is tried on all of it at once: directories need to be looked at once only.
    const sent = new Map<string, boolean>();
    const walk = walkContext(withDirectories([...this.entries.keys()].sort(byParts)), { exclude: this.#patterns });
    if ('failed' in walk) return walk.failed === 'pattern' ? walk.pattern.text : walk.path;
    for (const path of this.entries.keys()) sent.set(path, walk.fates.get(path)?.is === 'sent');
    this.#sent = sent;
    return undefined;
  }

  apply({ path, entry }: KeptChange): void {
    if (entry === undefined) this.entries.delete(path);
    else this.entries.set(path, entry);
  }

  /** Whether the ignore file lets a path through, whether there is something or not. */
  sends(path: string): boolean {
    if (this.#patterns === undefined) return true;
    const known = this.#sent?.get(path);
    if (known !== undefined) return known;
    const walk = walkContext(withDirectories([path]), { exclude: this.#patterns });
    const sent = 'fates' in walk && walk.fates.get(path)?.is === 'sent';
    this.#sent?.set(path, sent);
    return sent;
  }
}

/** Each directory before what is in it, and its content right after it. */
function byParts(a: string, b: string): number {
  const [x, y] = [a.replaceAll('/', '\u0000'), b.replaceAll('/', '\u0000')];
  return x < y ? -1 : x > y ? 1 : 0;
}

function* withDirectories(paths: readonly string[]): Generator<ContextEntry, void, undefined> {
  let above: string[] = [];
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    let same = 0;
    while (same < parts.length && same < above.length && parts[same] === above[same]) same += 1;
    for (let i = same; i < parts.length; i++) yield { path: parts.slice(0, i + 1).join('/'), directory: true };
    above = parts;
    yield { path, directory: false };
  }
}
