import { cleanPath } from './paths.ts';
import { matchName } from './syntax.ts';

/** The symbolic links of a context: where each leads, as it is written. */
export type Links = ReadonlyMap<string, string>;

const hasWildcard = (name: string) => /[*?[]/.test(name.replace(/\\./gs, ''));

const parentOf = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.');

/** Where a link at `path` leads, from the root of the context: an absolute one cannot leave it. */
function target(path: string, link: string): string {
  const clean = cleanPath(link);
  return clean.startsWith('/') ? clean : cleanPath(`/${parentOf(path)}/${clean}`);
}

/** Targets of the links that a path names, with a wildcard in its last part too; undefined when it names none. */
function targets(links: Links, path: string): readonly string[] | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!hasWildcard(name)) {
    const link = links.get(path);
    return link === undefined ? undefined : [target(path, link)];
  }
  const found = [...links].filter(
    ([one]) => parentOf(one) === parentOf(path) && matchName(name, one.slice(one.lastIndexOf('/') + 1)) === true,
  );
  return found.length === 0 ? undefined : found.map(([one, link]) => target(one, link));
}

/**
 * What is sent for paths that instructions name: themselves, and where links on the way lead.
 * @returns undefined when that is the whole context
 * Source of the behaviour: github.com/tonistiigi/fsutil, `FollowLinks`.
 */
export function followLinks(links: Links, paths: readonly string[]): readonly string[] | undefined {
  const resolved = new Set<string>();
  const append = (path: string) => {
    const parts = cleanPath(`/${path}`).slice(1).split('/');
    let current = '';
    for (const [i, part] of parts.entries()) {
      current = current === '' ? part : `${current}/${part}`;
      const found = targets(links, current);
      const isLast = i === parts.length - 1;
      if ((isLast || found) && resolved.has(current)) return;
      if (!found) continue;
      resolved.add(current);
      for (const one of found) append([one, ...parts.slice(i + 1)].join('/'));
      return;
    }
    resolved.add(current === '' ? '.' : current);
  };
  for (const path of paths) append(path);
  const sorted = [...resolved].sort((a, b) => (a < b ? -1 : 1));
  if (sorted.includes('.')) return undefined;
  const kept: string[] = [];
  for (const path of sorted) if (!path.startsWith(`${kept.at(-1)}/`)) kept.push(path);
  return kept;
}
