import { statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { reasonOf } from '../adapters/files.ts';
import { changedFiles, isRevision } from '../adapters/git.ts';
import { nameKind } from '../adapters/names.ts';
import type { Failure, Path } from '../core/vocabulary/index.ts';

export interface ChangedInputs {
  readonly subjects: readonly Path[];
  readonly named: ReadonlySet<Path>;
  readonly failures: readonly Failure[];
}

/** Whether `--changed NAME` may mean a revision although there is a path of that name; `./NAME` means the path. */
export async function ambiguous(cwd: string, name: string): Promise<boolean> {
  return /^[^./~-][^~^:]*$/.test(name) && isRevision(cwd, name);
}

/**
 * The Dockerfiles at or below the paths that git says have changed. Git is asked in the folder of each path, which may lie in
 * another repository than `cwd`.
 * @param ref since when; default: the last commit
 */
export async function changedInputs(
  cwd: string,
  paths: readonly string[],
  ref: string | undefined,
): Promise<ChangedInputs | { readonly usage: string; readonly help?: string }> {
  const failures: Failure[] = [];
  const wanted = new Map<string, Set<string>>();
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    try {
      const folder = statSync(absolute).isDirectory() ? absolute : dirname(absolute);
      wanted.set(folder, (wanted.get(folder) ?? new Set()).add(absolute));
    } catch (error) {
      const [says, help] = reasonOf(error);
      failures.push({ file: path, is: 'failed', says, ...(help === undefined ? {} : { help }) });
    }
  }
  const subjects = new Set<Path>();
  for (const [folder, targets] of wanted) {
    const changed = await changedFiles(folder, ref);
    if ('failed' in changed) {
      const where = folder === cwd ? '' : `${relative(cwd, folder)}: `;
      return {
        usage: `--changed: ${where}${changed.failed}`,
        ...(changed.help !== undefined && { help: changed.help }),
      };
    }
    for (const file of changed.files) {
      const absolute = resolve(folder, file);
      const named = targets.has(absolute);
      const found = targets.has(folder) && nameKind(file.slice(file.lastIndexOf('/') + 1)) === 'dockerfile';
      if (named || found) subjects.add(relative(cwd, absolute).split(sep).join('/'));
    }
  }
  return { subjects: [...subjects], named: new Set(), failures };
}
