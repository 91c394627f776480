import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nameKind } from '../adapters/names.ts';
import type { UsageError } from './parse.ts';

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
