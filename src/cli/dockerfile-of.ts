import { readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { nameKind } from '../adapters/names.ts';
import type { Reading } from '../session/index.ts';
import type { UsageError } from './parse.ts';

const toPath = (root: string, path: string) => relative(root, path).split(sep).join('/');

/** Absolute path of the Dockerfile of a folder: the one that the user names, the usual one, or the only one. */
export function dockerfileOf(cwd: string, folder: string, named: string | true | undefined): string | UsageError {
  if (typeof named === 'string') return resolve(cwd, named);
  const names = readdirSync(folder).filter((name) => nameKind(name) === 'dockerfile');
  const usual = ['Dockerfile', 'dockerfile', 'Containerfile'].find((name) => names.includes(name));
  if (usual !== undefined) return join(folder, usual);
  const [only, ...more] = names;
  if (only !== undefined && more.length === 0) return join(folder, only);
  return only === undefined
    ? { usage: 'there is no Dockerfile in the directory', help: 'name it with --file' }
    : { usage: `there are several Dockerfiles: ${names.sort().join(', ')}`, help: 'choose one with --file' };
}

/** BuildKit takes the file beside the Dockerfile before the context's own. */
export async function ignoreFileOf(
  cwd: string,
  dockerfile: string,
  folder: string,
  read: (file: string) => Reading | Promise<Reading>,
) {
  for (const path of [`${dockerfile}.dockerignore`, join(folder, '.dockerignore')]) {
    const reading = await read(toPath(cwd, path));
    if (!('is' in reading)) return { file: toPath(cwd, path), text: reading.text };
    if (reading.says === 'does not exist' || reading.says === 'is a directory') continue;
    return reading;
  }
  return undefined;
}
