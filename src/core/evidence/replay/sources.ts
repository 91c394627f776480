import { takes } from '../../model/index.ts';
import type { KeptEntry } from '../../vocabulary/index.ts';
import { cleanPath, decide, ignorePatterns, type Links } from '../../world/context/index.ts';
import type { Taking } from './plan.ts';

/**
 * What a path is called in what a source brings, undefined when it does not bring it: where a directory or file lies in the context,
 * and through which link it was found, is no part of that. A submodule is brought when anything in it is.
 * Source of the behaviour: cache/contenthash of github.com/moby/buildkit, `Checksum` and `checksumWildcard`.
 */
export type NameIn = (path: string, entry: KeptEntry) => string | undefined;

export const LINK = '120000';
export const SUBMODULE = '160000';
/** So many links may lead to one another. */
const mostLinks = 40;

export const hasWildcard = (text: string) => /[*?[\\]/.test(text);

export function nameIn(taking: Taking, links: Links): NameIn {
  const { source, exclude } = taking;
  const name = source === '.' ? everything : hasWildcard(source) ? matching(source, links) : below(source, links);
  const patterns = exclude.length === 0 ? undefined : ignorePatterns(exclude);
  if (patterns === undefined || 'refused' in patterns) return name;
  return (path, entry) => {
    const found = name(path, entry);
    if (found === undefined || found === '') return found;
    // Matched below what the source names or its wildcard matches; a file that it names itself comes along.
    const inside = hasWildcard(source) ? found.slice(found.indexOf('/') + 1 || found.length) : found;
    const decision = decide(patterns, inside);
    return 'ignored' in decision && decision.ignored ? undefined : found;
  };
}

const everything: NameIn = (path) => path;

const holds = (source: string, path: string, { mode }: KeptEntry) =>
  mode === SUBMODULE && source.startsWith(`${path}/`);

/** A file or directory that is named, links on the way followed; a file has no name of its own. */
function below(source: string, links: Links): NameIn {
  const root = resolved(source, links);
  if (root === '.') return everything;
  const start = `${root}/`;
  return (path, entry) => {
    if (path === root) return '';
    if (path.startsWith(start)) return path.slice(start.length);
    return holds(root, path, entry) ? path : undefined;
  };
}

/** What a pattern matches, each under its last name; a link that it matches stands for what it leads to. */
function matching(source: string, links: Links): NameIn {
  const depth = source.split('/').length;
  const start = source.slice(0, source.search(/[*?[\\]/));
  const linked = [...links.keys()]
    .filter((link) => link.split('/').length === depth && takes(source, link))
    .map((link) => ({ called: lastPart(link), name: below(link, links) }));
  return (path, entry) => {
    for (const { called, name } of linked) {
      const rest = name(path, entry);
      if (rest !== undefined) return `${called}/${rest}`;
    }
    // Most paths begin otherwise: no pattern needs to be tried on them.
    if (path.startsWith(start) && takes(source, path)) {
      const parts = path.split('/');
      if (entry.mode === LINK && parts.length === depth) return undefined;
      return parts.slice(depth - 1).join('/');
    }
    return holds(source, path, entry) ? path : undefined;
  };
}

const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Where a path leads: an absolute link begins at the root of the context, and none leaves it. */
export function resolved(path: string, links: Links): string {
  if (links.size === 0) return path;
  let at = path;
  for (let followed = 0; followed < mostLinks; followed++) {
    const parts = at.split('/');
    const link = parts.findIndex((_, i) => links.has(parts.slice(0, i + 1).join('/')));
    if (link < 0) return at;
    const to = links.get(parts.slice(0, link + 1).join('/')) ?? '';
    const from = to.startsWith('/') ? '' : parts.slice(0, link).join('/');
    const clean = cleanPath(`/${from}/${to}/${parts.slice(link + 1).join('/')}`);
    at = clean === '/' ? '.' : clean.slice(1);
  }
  return at;
}
