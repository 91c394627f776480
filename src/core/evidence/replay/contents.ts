import { takes } from '../../model/index.ts';
import type { KeptChange, KeptEntry } from '../../vocabulary/index.ts';
import type { IgnorePatterns, Links } from '../../world/context/index.ts';
import type { Taking } from './plan.ts';
import { hasWildcard, type NameIn, nameIn, resolved, SUBMODULE } from './sources.ts';
import type { Tree } from './tree.ts';

/** What a name, its mode and its content come to: two numbers of 32 bits. */
type Mark = readonly [number, number];

/** The construction of `hash` in language/text. */
function markOf(name: string, { mode, id }: KeptEntry): Mark {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  const text = id + mode + name;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return [a, b];
}

/**
 * A sum that goes along with the changes of what a source takes: after two builds it is the same if and, as good as certainly, only
 * if they took the same paths, modes and ids. It begins with zero, so that nothing needs to be added up first. 64 bits.
 */
class Sum {
  #high = 0;
  #low = 0;
  #key: string | undefined;

  get key(): string {
    this.#key ??= `${this.#high}.${this.#low}`;
    return this.#key;
  }

  shift([high, low]: Mark, sign: 1 | -1): void {
    this.#high = (this.#high + sign * high) | 0;
    this.#low = (this.#low + sign * low) | 0;
    this.#key = undefined;
  }
}

/** What one source takes, and what was done to it since the last build. */
export interface Content {
  readonly taking: Taking;
  readonly sum: Sum;
  nameOf: NameIn;
  /** Paths, those of one directory under one name, with the path while it is the only one. */
  readonly touched: Map<string, string | undefined>;
  refiltered: boolean;
  /** A build would have found it, now or before. */
  wasThere: boolean;
}

/** What each source takes of the context, kept up to date while the context changes. */
export class Contents {
  readonly tree: Tree;
  readonly #known = new Map<string, Content>();
  readonly #all: Content[] = [];
  /** Where the symbolic links of the context lead. */
  #links: Links = new Map();
  #isTouched = false;
  /** Something that a source names may have come or gone since it was last looked for. */
  #isDoubtful = true;
  /** For each source a path that shows that there is something. */
  readonly #witnesses = new Set<string>();
  /** Of some source there is nothing. */
  #lacks = false;
  #missing: readonly Taking[] = [];

  constructor(tree: Tree) {
    this.tree = tree;
  }

  /** A change of the context. @param links what its symbolic links are after it, when it changes one */
  apply(change: KeptChange, links?: Links): void {
    const { path, entry } = change;
    const before = this.tree.entries.get(path);
    if (this.tree.sends(path)) {
      for (const content of this.#all) {
        const was = before && content.nameOf(path, before);
        const is = entry && content.nameOf(path, entry);
        if (before !== undefined && was !== undefined) content.sum.shift(markOf(was, before), -1);
        if (entry !== undefined && is !== undefined) content.sum.shift(markOf(is, entry), 1);
        if (was !== undefined || is !== undefined) this.#touch(content, path);
      }
      if (entry === undefined ? this.#witnesses.has(path) : before === undefined && this.#lacks)
        this.#isDoubtful = true;
    }
    this.tree.apply(change);
    if (links !== undefined) this.link(links);
  }

  #touch({ taking, touched }: Content, path: string): void {
    this.#isTouched = true;
    const group = groupOf(taking.source, path);
    const only = touched.get(group);
    touched.set(
      group,
      only === undefined && touched.has(group) ? undefined : (only ?? path) === path ? path : undefined,
    );
  }

  /** Where the symbolic links of the context lead now: a source may take something else. */
  link(links: Links): void {
    this.#links = links;
    this.#isDoubtful = true;
    for (const content of this.#all) {
      if (content.taking.source === '.') continue;
      const nameOf = nameIn(content.taking, links);
      for (const [path, entry] of this.tree.entries) {
        const [was, is] = [content.nameOf(path, entry), nameOf(path, entry)];
        if (was === is || !this.tree.sends(path)) continue;
        if (was !== undefined) content.sum.shift(markOf(was, entry), -1);
        if (is !== undefined) content.sum.shift(markOf(is, entry), 1);
        this.#touch(content, path);
      }
      content.nameOf = nameOf;
    }
  }

  /** The ignore file is another one. @returns the pattern that cannot be tried, for which every build fails */
  ignore(patterns: IgnorePatterns | undefined): string | undefined {
    const before = this.#all.length === 0 ? undefined : this.tree.sent();
    const broken = this.tree.ignore(patterns);
    this.#isDoubtful = true;
    if (before === undefined || broken !== undefined) return broken;
    const after = this.tree.sent();
    for (const [path, entry] of this.tree.entries) {
      const is = after(path);
      if (before(path) === is) continue;
      for (const content of this.#all) {
        const name = content.nameOf(path, entry);
        if (name === undefined) continue;
        content.sum.shift(markOf(name, entry), is ? 1 : -1);
        content.refiltered = true;
        this.#isTouched = true;
      }
    }
    return undefined;
  }

  /** What a source takes. */
  of(taking: Taking): Content {
    const key = keyOf(taking);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const nameOf = nameIn(taking, this.#links);
    const made: Content = { taking, sum: new Sum(), nameOf, touched: new Map(), refiltered: false, wasThere: false };
    this.#isDoubtful = true;
    this.#known.set(key, made);
    this.#all.push(made);
    return made;
  }

  /** Whether a source takes something now, and if not, whether the ignore file alone leaves it nothing. */
  stateOf(taking: Taking): 'sent' | 'ignored' | 'none' {
    const { nameOf } = this.of(taking);
    let state: 'ignored' | 'none' = 'none';
    for (const [path, entry] of this.tree.entries) {
      if (nameOf(path, entry) === undefined) continue;
      if (this.tree.sends(path)) return 'sent';
      state = 'ignored';
    }
    return state;
  }

  /**
   * Sources of which a build finds nothing now: it fails on them. What git never had until now may be made before a build; what it
   * has, and the ignore file leaves out, may not.
   * @param all sources of the build
   */
  missing(all: readonly Taking[]): readonly Taking[] {
    if (!this.#isDoubtful) return this.#missing;
    this.#isDoubtful = false;
    this.#lacks = false;
    this.#witnesses.clear();
    this.#missing = all.filter((taking) => {
      const content = this.of(taking);
      const witness = this.#witness(taking.source, all);
      if (witness !== undefined) {
        content.wasThere = true;
        this.#witnesses.add(witness);
        return false;
      }
      this.#lacks = true;
      return content.wasThere || this.tree.holds(taking.source);
    });
    return this.#missing;
  }

  /**
   * A path that shows that a build finds what a source names. A wildcard may match nothing, but the directory that it names must be there.
   * Source of the behaviour: cache/contenthash and solver/llbsolver/file of github.com/moby/buildkit, tried in the lab.
   */
  #witness(source: string, all: readonly Taking[]): string | undefined {
    const parts = source.split('/');
    const wildcard = parts.findIndex(hasWildcard);
    const named = wildcard < 0 ? source : parts.slice(0, wildcard).join('/');
    const root = named === '' ? '.' : resolved(named, this.#links);
    if (root === '.') return root;
    const { entries } = this.tree;
    if (entries.has(root)) return this.tree.sends(root) ? root : undefined;
    const isSent = wildcard < 0 && this.tree.sends(root);
    const start = `${root}/`;
    for (const [path, { mode }] of entries) {
      if (mode === SUBMODULE && root.startsWith(`${path}/`)) return path;
      if (!path.startsWith(start) || !(isSent || this.tree.sends(path))) continue;
      // A directory is sent along with what some source takes of it.
      if (wildcard < 0 || all.some((one) => takes(one.source, path))) return path;
    }
    return undefined;
  }

  /** Something that is taken may be another one than in the last build. */
  get isTouched(): boolean {
    return this.#isTouched;
  }

  /** A build was made of this. */
  settle(): void {
    if (!this.#isTouched) return;
    this.#isTouched = false;
    for (const content of this.#all) {
      content.touched.clear();
      content.refiltered = false;
    }
  }
}

export const keyOf = ({ source, exclude }: Taking) => [source, ...exclude].join('\u0000');

/** A path is told by the directory below its source in which it lies. */
function groupOf(source: string, path: string): string {
  const base = source !== '.' && path.startsWith(`${source}/`) ? source.length + 1 : 0;
  const slash = path.indexOf('/', base);
  return slash < 0 ? path : `${path.slice(0, slash)}/**`;
}
