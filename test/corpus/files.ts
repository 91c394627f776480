/** Which files a corpus consists of. Deliberately not the product's own discovery: a judge does not ask the judged. */
import { createHash } from 'node:crypto';
import { type Dirent, opendirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CorpusFile {
  /** Path on disk, or the name of a generated text. */
  readonly path: string;
  /** SHA-256 of its bytes. */
  readonly sum: string;
}

const named = /^(?:docker|container)file(?:[._-].*)?$|\.(?:docker|container)file$/i;
/** Sources and pages that speak of Dockerfiles. */
const other = /_.*\.\w+$|\.md$|ignore$/i;
/** Sources are in lower case; `Dockerfile.go` builds a Go program. */
const source = /^dockerfile.*\.(?:go|[jt]s|py|rb)$/;

/** True for names that people give to Dockerfiles; ignore files beside them are none. */
export function looksLikeDockerfile(name: string): boolean {
  return named.test(name) && !other.test(name) && !source.test(name);
}

function* walk(folder: string, all: boolean): Generator<string> {
  const entries: Dirent[] = [];
  const directory = opendirSync(folder);
  for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) entries.push(entry);
  directory.closeSync();
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '.git') yield* walk(path, all);
    } else if (entry.isFile() && (all || looksLikeDockerfile(entry.name))) yield path;
  }
}

/**
 * Regular files below the folders, one for each distinct content, in order of path. Links are not followed.
 * @param all takes every file, whatever its name
 */
export function findFiles(folders: readonly string[], all = false): CorpusFile[] {
  const seen = new Set<string>();
  const found: CorpusFile[] = [];
  for (const folder of folders) {
    for (const path of walk(folder, all)) {
      const sum = createHash('sha256').update(readFileSync(path)).digest('hex');
      if (seen.has(sum)) continue;
      seen.add(sum);
      found.push({ path, sum });
    }
  }
  return found;
}

/** The same `count` files for the same seed, whatever else the folder holds: those whose salted sum is lowest. */
export function sample(files: readonly CorpusFile[], count: number, seed: string): CorpusFile[] {
  const keyed = files.map((file) => ({ file, key: createHash('sha256').update(`${seed} ${file.sum}`).digest('hex') }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return keyed.slice(0, count).map(({ file }) => file);
}
