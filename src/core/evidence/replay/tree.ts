import type { KeptChange, KeptEntry } from '../../vocabulary/index.ts';
import { type ContextEntry, gateOf, type IgnorePatterns, walkContext } from '../../world/context/index.ts';

/** What the context holds at a commit, and what its ignore file lets through. */
export class Tree {
  readonly entries = new Map<string, KeptEntry>();
  #patterns: IgnorePatterns | undefined;
  #gate: ((path: string) => boolean) | undefined;
  #sent = new Map<string, boolean>();

  /** @returns the pattern that cannot be tried, for which every build fails */
  ignore(patterns: IgnorePatterns | undefined): string | undefined {
    this.#patterns = patterns !== undefined && patterns.patterns.length > 0 ? patterns : undefined;
    this.#gate = this.#patterns && gateOf(this.#patterns);
    this.#sent = new Map();
    if (this.#patterns?.patterns.every(({ matches }) => typeof matches === 'function') ?? true) return undefined;
    const walk = this.#walk();
    return 'failed' in walk && walk.failed === 'pattern' ? walk.pattern.text : undefined;
  }

  #walk() {
    const entries = withDirectories([...this.entries.keys()].sort(byParts));
    return walkContext(entries, this.#patterns === undefined ? {} : { exclude: this.#patterns });
  }

  /** What is let through now, all of it looked at at once; the answer stays when the ignore file changes. */
  sent(): (path: string) => boolean {
    if (this.#patterns === undefined) return () => true;
    const walk = this.#walk();
    return (path) => 'fates' in walk && walk.fates.get(path)?.is === 'sent';
  }

  apply({ path, entry }: KeptChange): void {
    if (entry === undefined) this.entries.delete(path);
    else this.entries.set(path, entry);
  }

  /** Whether there is a file or a directory of this name, left out or not. */
  holds(name: string): boolean {
    if (this.entries.has(name)) return true;
    for (const path of this.entries.keys()) if (path.startsWith(`${name}/`)) return true;
    return false;
  }

  /** Whether the ignore file lets a path through, whether there is something or not. */
  sends(path: string): boolean {
    if (this.#gate === undefined) return true;
    const known = this.#sent.get(path);
    if (known !== undefined) return known;
    const sent = this.#gate(path);
    this.#sent.set(path, sent);
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
