import { constants } from 'node:fs';
import { appendFile, chmod, copyFile, lstat, lutimes, mkdir, readlink, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DiskEntry, sending } from '../../core/model/index.ts';

/**
 * Copies what a build sends of a context, with its modes and times. Both sides are built from the one copy: a file at 664 on one
 * side and at 644 on the other would rerun its step, and the change would be blamed. The project itself is never touched.
 * @param entries as `listContext` gives them
 * @param ignoreFile text of the .dockerignore in force
 * @returns the paths of the files that were copied
 */
export async function layOut(
  from: string,
  to: string,
  entries: readonly DiskEntry[],
  ignoreFile: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { fates } = sending(entries, undefined, ignoreFile);
  const directories: { readonly path: string; readonly mode: number; readonly atime: Date; readonly mtime: Date }[] =
    [];
  const files: string[] = [];
  await mkdir(to, { recursive: true });
  for (const { path, directory, special } of entries) {
    signal.throwIfAborted();
    if (special || fates.get(path)?.is !== 'sent') continue;
    const place = join(to, path);
    const stat = await lstat(join(from, path));
    await mkdir(dirname(place), { recursive: true });
    if (directory) {
      await mkdir(place, { recursive: true });
      directories.push({ path: place, mode: stat.mode & 0o777, atime: stat.atime, mtime: stat.mtime });
    } else if (stat.isSymbolicLink()) {
      await symlink(await readlink(join(from, path)), place);
      await lutimes(place, stat.atime, stat.mtime);
    } else {
      await copyFile(join(from, path), place, constants.COPYFILE_FICLONE);
      await chmod(place, stat.mode & 0o777);
      await utimes(place, stat.atime, stat.mtime);
      files.push(path);
    }
  }
  // Last, and the deepest first: what is written into a directory changes its time.
  for (const { path, mode, atime, mtime } of directories.reverse()) {
    await chmod(path, mode);
    await utimes(path, atime, mtime);
  }
  return files;
}

const slashes = (text: string) => `\n// ${text}\n`;
const hash = (text: string) => `\n# ${text}\n`;
const tags = (text: string) => `\n<!-- ${text} -->\n`;
const stars = (text: string) => `\n/* ${text} */\n`;

/** A comment in the language of a source file, by the end of its name. */
const comments: Readonly<Record<string, (text: string) => string>> = {
  ...Object.fromEntries(
    [
      'ts',
      'tsx',
      'js',
      'jsx',
      'mjs',
      'cjs',
      'go',
      'rs',
      'java',
      'kt',
      'scala',
      'swift',
      'cs',
      'c',
      'cc',
      'cpp',
      'h',
    ].map((name) => [name, slashes]),
  ),
  ...Object.fromEntries(['py', 'rb', 'ex', 'exs', 'pl', 'sh'].map((name) => [name, hash])),
  ...Object.fromEntries(['html', 'vue', 'svelte'].map((name) => [name, tags])),
  css: stars,
  scss: stars,
};

const notSource =
  /(?:^|\/)(?:tests?|specs?|__tests__|docs?|examples?|scripts?|\.[^/]+)\/|\.(?:config|test|spec|d)\.[a-z]+$|(?:^|\/)setup\.py$/;

/** The comment that a file takes; undefined for a file that is no source of a language we know. */
function commentFor(path: string): ((text: string) => string) | undefined {
  return comments[/\.([a-z]+)$/.exec(path)?.[1] ?? ''];
}

/** A source file that an edit would touch: not a test, not a setting; the first in a folder of sources, or else at the top. */
export function sourceFile(paths: readonly string[]): string | undefined {
  const sources = paths.filter((path) => commentFor(path) !== undefined && !notSource.test(path));
  return sources.find((path) => /^(?:src|app|lib|cmd|internal)\//.test(path)) ?? sources[0];
}

/** Changes a file as an edit would, in a way that no earlier run has. */
export async function editFile(path: string, text: string): Promise<void> {
  await appendFile(path, (commentFor(path) ?? ((said) => `\n${said}\n`))(text));
}
