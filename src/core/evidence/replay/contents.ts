import { takes } from '../../model/index.ts';
import type { KeptChange, KeptEntry } from '../../vocabulary/index.ts';
import { decide, followLinks, ignorePatterns, type Links } from '../../world/context/index.ts';
import type { Taking } from './plan.ts';
import type { Tree } from './tree.ts';

const hasWildcard = (text: string) => /[*?[\\]/.test(text);

/** Whether a path is taken; a submodule is when anything in it is. */
export type Takes = (path: string, entry: KeptEntry | undefined) => boolean;

const SUBMODULE = '160000';

/** Which paths a source takes, symbolic links on its way followed as BuildKit does. */
export function takesOf({ source, exclude }: Taking, links: Links): Takes {
  const followed = source === '.' || links.size === 0 ? [source] : followLinks(links, [source]);
  const sources = followed === undefined ? ['.'] : [...new Set([source, ...followed])];
  const each = sources.map(takesOne);
  const all: Takes = each.length === 1 && each[0] !== undefined ? each[0] : (...at) => each.some((one) => one(...at));
  if (exclude.length === 0) return all;
  const patterns = ignorePatterns(exclude);
  if ('refused' in patterns) return all;
  const below = source === '.' ? '' : hasWildcard(source) ? undefined : `${source}/`;
  return (path, entry) => {
    if (!all(path, entry)) return false;
    const inside = below !== undefined && path.startsWith(below) ? path.slice(below.length) : lastPart(path);
    const decision = decide(patterns, inside);
    return !('ignored' in decision && decision.ignored);
  };
}

const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function takesOne(source: string): Takes {
  if (source === '.') return () => true;
  const holds = (path: string, entry: KeptEntry | undefined) =>
    entry?.mode === SUBMODULE && source.startsWith(`${path}/`);
  if (hasWildcard(source)) return (path, entry) => takes(source, path) || holds(path, entry);
  const below = `${source}/`;
  return (path, entry) => path === source || path.startsWith(below) || holds(path, entry);
}

/**
 * A sum over what a source takes, that goes along with changes: two contents have the same sum if and, as good as certainly, only if
 * they have the same paths, modes and ids. 64 bits.
 */
export class Content {
  readonly takes: Takes;
  readonly #anchor: number;
  #high = 0;
  #low = 0;
  #count = 0;

  constructor(taking: Taking, links: Links) {
    this.takes = takesOf(taking, links);
    // Where a source lies is no part of what it brings.
    const slash = taking.source.lastIndexOf('/');
    this.#anchor = links.size > 0 || hasWildcard(taking.source.slice(0, Math.max(0, slash))) ? 0 : slash + 1;
  }

  add(path: string, entry: KeptEntry): void {
    this.#mix(path, entry, 1);
    this.#count += 1;
  }

  remove(path: string, entry: KeptEntry): void {
    this.#mix(path, entry, -1);
    this.#count -= 1;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get key(): string {
    return `${this.#count}.${this.#high >>> 0}.${this.#low >>> 0}`;
  }

  /** The construction of `hash` in language/text. */
  #mix(path: string, { mode, id }: KeptEntry, sign: 1 | -1): void {
    let a = 0xdeadbeef;
    let b = 0x41c6ce57;
    const text = `${id}${mode}${this.#anchor > 0 ? path.slice(this.#anchor) : path}`;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 2654435761);
      b = Math.imul(b ^ unit, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    this.#high = (this.#high + sign * a) | 0;
    this.#low = (this.#low + sign * b) | 0;
  }
}

/** What was done to what a source takes since the last build. */
interface Touched {
  /** Paths, those of one directory under one name: how many times, and the path while it is the only one. */
  readonly groups: Map<string, string | undefined>;
  refiltered: boolean;
}

/** What each source takes of the context, kept up to date while the context changes. */
export class Contents {
  readonly tree: Tree;
  readonly #known = new Map<string, { readonly taking: Taking; content: Content; readonly touched: Touched }>();
  /** Where the symbolic links of the context lead. */
  #links: Links = new Map();

  constructor(tree: Tree) {
    this.tree = tree;
  }

  /** A change of the context. @param links what its symbolic links are after it, when it changes one */
  apply(change: KeptChange, links?: Links): void {
    const { path, entry } = change;
    const before = this.tree.entries.get(path);
    this.tree.apply(change);
    if (links !== undefined) this.link(links);
    if (!this.tree.sends(path)) return;
    for (const { taking, content, touched } of this.#known.values()) {
      const was = before !== undefined && content.takes(path, before);
      const is = entry !== undefined && content.takes(path, entry);
      if (!was && !is) continue;
      // With new links everything was added up anew.
      if (links === undefined && was) content.remove(path, before);
      if (links === undefined && is) content.add(path, entry);
      const group = groupOf(taking.source, path);
      const only = touched.groups.get(group);
      touched.groups.set(group, touched.groups.has(group) && only !== path ? undefined : path);
    }
  }

  /** Where the symbolic links of the context lead. */
  link(links: Links): void {
    this.#links = links;
    this.refilter(false);
  }

  /** Adds everything up anew: the ignore file is another one. */
  refilter(told = true): void {
    for (const one of this.#known.values()) {
      one.content = this.#sum(one.taking);
      if (told) one.touched.refiltered = true;
    }
  }

  /** What a source takes now. */
  of(taking: Taking): { readonly content: Content; readonly touched: Touched } {
    const key = keyOf(taking);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = { taking, content: this.#sum(taking), touched: { groups: new Map(), refiltered: false } };
    this.#known.set(key, made);
    return made;
  }

  /** Something that is taken may be another one than in the last build. */
  get isTouched(): boolean {
    for (const { touched } of this.#known.values()) if (touched.refiltered || touched.groups.size > 0) return true;
    return false;
  }

  /** A build was made of this. */
  settle(): void {
    for (const { touched } of this.#known.values()) {
      touched.groups.clear();
      touched.refiltered = false;
    }
  }

  #sum(taking: Taking): Content {
    const content = new Content(taking, this.#links);
    for (const [path, entry] of this.tree.entries)
      if (content.takes(path, entry) && this.tree.sends(path)) content.add(path, entry);
    return content;
  }
}

export const keyOf = ({ source, exclude }: Taking) => [source, ...exclude].join('\u0000');

/** A path is told by the directory below its source in which it lies. */
function groupOf(source: string, path: string): string {
  const base = source !== '.' && path.startsWith(`${source}/`) ? source.length + 1 : 0;
  const slash = path.indexOf('/', base);
  return slash < 0 ? path : `${path.slice(0, slash)}/**`;
}
