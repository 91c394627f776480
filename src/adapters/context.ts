import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decode } from '../core/language/text/index.ts';
import type { DiskEntry } from '../core/model/index.ts';
import type { ContextDisk } from '../session/index.ts';
import { discover } from './discover.ts';
import { trackedFiles } from './git.ts';

/** In bytes: larger files are not searched for secrets. */
const largestSearched = 128 * 1024;

/**
 * Everything below a folder, in the order in which BuildKit's client walks it; links are not followed. What cannot be read is told,
 * never thrown.
 */
export function listContext(root: string): readonly DiskEntry[] {
  const entries: DiskEntry[] = [];
  /** Whether the names in it could be read. */
  const visit = (folder: string, prefix: string): boolean => {
    let names: Dirent[];
    try {
      names = readdirSync(folder, { withFileTypes: true });
    } catch {
      return false;
    }
    names.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of names) {
      const path = prefix + entry.name;
      const place = join(folder, entry.name);
      if (entry.isDirectory()) {
        const index = entries.push({ path, directory: true, bytes: 0 }) - 1;
        const isMisnamed = entry.name.includes('\ufffd') && lstatSync(place, { throwIfNoEntry: false }) === undefined;
        if (isMisnamed) entries[index] = { path, directory: true, bytes: 0, misnamed: true };
        else if (!visit(place, `${path}/`)) entries[index] = { path, directory: true, bytes: 0, unreadable: true };
      } else entries.push({ path, directory: false, ...described(entry, place) });
    }
    return true;
  };
  visit(root, '');
  return entries;
}

function described(entry: Dirent, place: string): Pick<DiskEntry, 'bytes' | 'link' | 'special' | 'misnamed'> {
  try {
    if (entry.isSymbolicLink()) return { bytes: 0, link: readlinkSync(place) };
    if (entry.isFile()) return { bytes: lstatSync(place).size };
    lstatSync(place);
    return { bytes: 0, special: true };
  } catch {
    // It went away since its folder was listed, or there never was one of that name.
    return { bytes: 0, ...(entry.name.includes('\ufffd') && { misnamed: true }) };
  }
}

/** Text of a small file of the context; undefined for large, binary and unreadable ones. */
export function readSmall(root: string, { path, bytes }: Pick<DiskEntry, 'path' | 'bytes'>): string | undefined {
  if (bytes === 0 || bytes > largestSearched) return undefined;
  try {
    const content = readFileSync(join(root, path));
    return content.subarray(0, 1024).includes(0) ? undefined : decode(content).text;
  } catch {
    return undefined;
  }
}

/** The disk as the session looks at build contexts. */
export function contextDisk(root: string): ContextDisk {
  return {
    list: (folder) => listContext(resolve(root, folder)),
    readSmall: (folder, entry) => readSmall(resolve(root, folder), entry),
    tracked: (folder) => trackedFiles(resolve(root, folder)),
    dockerfiles: async (folder) => (await discover(root, [folder === '' ? '.' : folder])).files,
  };
}
