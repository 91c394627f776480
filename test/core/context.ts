import { parse } from '../../src/core/language/syntax/index.ts';
import { type Build, buildModel, type DiskEntry } from '../../src/core/model/index.ts';

/** Entries of a context: "a/" is a directory, "a -> b" a link, "a:1000" a file of that many bytes. Directories above come by themselves. */
export function entriesOf(...names: readonly string[]): readonly DiskEntry[] {
  const found = new Map<string, DiskEntry>();
  for (const name of names) {
    const [path = '', link] = name.replace(/:\d+$|\/$/, '').split(' -> ');
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i++) {
      const above = parts.slice(0, i).join('/');
      if (!found.has(above)) found.set(above, { path: above, directory: true, bytes: 0 });
    }
    const bytes = Number(/:(\d+)$/.exec(name)?.[1] ?? 0);
    found.set(path, { path, directory: name.endsWith('/'), bytes, ...(link !== undefined && { link }) });
  }
  const key = ({ path }: DiskEntry) => path.replaceAll('/', '\0');
  return [...found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

export const buildOf = (text: string, file = 'Dockerfile'): Build => buildModel(parse(text), { file });
