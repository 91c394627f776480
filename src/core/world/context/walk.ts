import { type IgnorePattern, type IgnorePatterns, remembered } from './ignore.ts';
import { directoriesAbove } from './paths.ts';
import { subjectOf } from './pattern.ts';

/** A name in the build context, relative to it and clean. A symbolic link is not followed. */
export interface ContextEntry {
  readonly path: string;
  readonly directory: boolean;
  /** Its names could not be read: a build fails on it unless it is left out. */
  readonly unreadable?: true;
}

export interface WalkFilter {
  /** Of .dockerignore. */
  readonly exclude?: IgnorePatterns;
  /** Of what COPY, ADD and bind mounts ask for; without them everything is. */
  readonly include?: IgnorePatterns;
}

/** What becomes of an entry. */
export type Fate =
  | { readonly is: 'sent' }
  /** By a pattern of .dockerignore, itself or with a directory above it. */
  | { readonly is: 'ignored'; readonly by: IgnorePattern }
  /** No instruction asks for it. */
  | { readonly is: 'not-wanted' };

export type Walk =
  | { readonly fates: ReadonlyMap<string, Fate> }
  /** A build fails: a pattern cannot be tried, or a directory cannot be read. */
  | { readonly failed: 'pattern'; readonly pattern: IgnorePattern; readonly because: string }
  | { readonly failed: 'directory'; readonly path: string };

interface Match {
  readonly matched: boolean;
  readonly by: IgnorePattern | undefined;
  /** For each pattern, whether it matched: what lies below need not be tried again. */
  readonly each: readonly boolean[];
}

class Broken {
  readonly pattern: IgnorePattern;
  readonly because: string;
  constructor(pattern: IgnorePattern, because: string) {
    this.pattern = pattern;
    this.because = because;
  }
}

/** `MatchesUsingParentResults` of github.com/moby/patternmatcher. */
function matchBelow(
  { patterns }: IgnorePatterns,
  path: string,
  parent: readonly boolean[] | undefined,
): Match | Broken {
  const each = new Array<boolean>(patterns.length).fill(false);
  const above = parent === undefined || parent.length === 0 ? directoriesAbove(path) : [];
  let matched = false;
  let by: IgnorePattern | undefined;
  for (const [i, pattern] of patterns.entries()) {
    let match = parent?.[i] ?? false;
    if (!match) {
      if (pattern.exception !== matched) continue;
      const { matches } = pattern;
      if (typeof matches !== 'function') return new Broken(pattern, matches.refused);
      match = matches(remembered(path)) || above.some((one) => matches(subjectOf(one)));
    }
    each[i] = match;
    if (!match) continue;
    // Two patterns that say the same: the first one decided.
    if (matched === pattern.exception) by = pattern;
    matched = !pattern.exception;
  }
  return { matched, by, each };
}

/** The pattern without a last part that stands for everything in a directory. */
const withoutGlob = (text: string) => text.replace(/\/\*\*$/, '').replace(/\/\*$/, '');

/** Patterns that let something in, when all of them name it without wildcards: then the walk can pass over directories. */
function prefixes(patterns: readonly IgnorePattern[]): readonly string[] | undefined {
  const texts = patterns.map(({ text }) => withoutGlob(text));
  return texts.some((text) => /[*[\]?^\\]/.test(text)) ? undefined : texts.map((text) => `${text}/`);
}

/** A directory on the way to a path: what each pattern did with it; undefined when the walk passes over all of it. */
type Passed = readonly boolean[] | undefined;

const NONE: readonly boolean[] = [];

/**
 * Whether an ignore file lets a single path through, as `walkContext` would tell of it among all others. What a directory comes to
 * is remembered.
 * @returns a function that says no where a pattern cannot be tried
 */
export function gateOf(exclude: IgnorePatterns): (path: string) => boolean {
  const excepting = prefixes(exclude.patterns.filter(({ exception }) => exception));
  const known = new Map<string, Passed>();
  const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const passed = (path: string): Passed => {
    if (path === '') return NONE;
    if (known.has(path)) return known.get(path);
    const above = passed(parentOf(path));
    const match = above && matchBelow(exclude, path, above);
    const below = `${path}/`;
    const isOutside =
      excepting !== undefined && !(exclude.exceptions && excepting.some((one) => one.startsWith(below)));
    const result =
      match === undefined || match instanceof Broken || (match.matched && isOutside) ? undefined : match.each;
    known.set(path, result);
    return result;
  };
  return (path) => {
    const above = passed(parentOf(path));
    const match = above && matchBelow(exclude, path, above);
    return match !== undefined && !(match instanceof Broken) && !match.matched;
  };
}

interface Above {
  readonly path: string;
  readonly include: readonly boolean[] | undefined;
  readonly exclude: readonly boolean[] | undefined;
}

/**
 * What a build sends of a context.
 * @param entries every file and directory, each directory before what is in it and its content right after it
 * Source of the behaviour: github.com/tonistiigi/fsutil, `filterFS.Walk`.
 */
export function walkContext(entries: Iterable<ContextEntry>, { exclude, include }: WalkFilter): Walk {
  const fates = new Map<string, Fate>();
  const including = include && prefixes(include.patterns.filter(({ exception }) => !exception));
  const excepting = exclude && prefixes(exclude.patterns.filter(({ exception }) => exception));
  const above: Above[] = [];
  let skipped: { readonly prefix: string; readonly fate: Fate } | undefined;

  for (const entry of entries) {
    const { path, directory } = entry;
    if (skipped && path.startsWith(skipped.prefix)) {
      fates.set(path, skipped.fate);
      continue;
    }
    while (above.length > 0 && !path.startsWith(`${above.at(-1)?.path}/`)) above.pop();
    const parent = above.at(-1);
    const below = `${path}/`;
    const isOutside = (paths: readonly string[] | undefined) =>
      directory && paths !== undefined && !paths.some((one) => one.startsWith(below));
    let fate: Fate = { is: 'sent' };

    const wanted = include && matchBelow(include, path, parent?.include);
    if (wanted instanceof Broken) return { failed: 'pattern', ...wanted };
    if (wanted && !wanted.matched) {
      fate = { is: 'not-wanted' };
      if (isOutside(including)) {
        skipped = { prefix: below, fate };
        fates.set(path, fate);
        continue;
      }
    }
    const ignored = exclude && matchBelow(exclude, path, parent?.exclude);
    if (ignored instanceof Broken) return { failed: 'pattern', ...ignored };
    if (ignored?.matched) {
      fate = { is: 'ignored', by: ignored.by as IgnorePattern };
      if (isOutside(exclude?.exceptions ? excepting : excepting && [])) {
        skipped = { prefix: below, fate };
        fates.set(path, fate);
        continue;
      }
    }
    if (entry.unreadable && fate.is === 'sent') return { failed: 'directory', path };
    if (directory) above.push({ path, include: wanted?.each, exclude: ignored?.each });
    fates.set(path, fate);
    if (fate.is !== 'sent') continue;
    // What is in a directory brings the directory along.
    for (const one of above) fates.set(one.path, fate);
  }
  return { fates };
}
