import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { Failure, Path } from '../core/vocabulary/index.ts';
import { isInside, reasonOf } from './files.ts';
import type { Ignored } from './gitignore.ts';
import { nameKind } from './names.ts';

export interface Discovered {
  /** Each once, relative to the root. */
  readonly files: readonly Path[];
  /** Those of `files` that a user named, rather than a directory they are in. */
  readonly named: ReadonlySet<Path>;
  readonly failures: readonly Failure[];
}

/** Never walked: nobody's Dockerfiles of this project are in there. */
const skipped = new Set(['.git', '.hg', '.svn', 'node_modules']);

/**
 * The Dockerfiles that the paths stand for: a file is taken whatever its name (but no ignore file or template), a
 * directory is walked for files with a Dockerfile's name, as git would see it.
 * @param root what paths are relative to
 */
export async function discover(root: string, paths: readonly string[]): Promise<Discovered> {
  const files = new Set<Path>();
  const named = new Set<Path>();
  const failures: Failure[] = [];
  for (const path of paths) {
    const absolute = resolve(root, path);
    const file = toPath(root, absolute);
    try {
      if (!statSync(absolute).isDirectory()) {
        const failure = refusal(file);
        if (failure) failures.push(failure);
        else {
          files.add(file);
          named.add(file);
        }
        continue;
      }
      const { found, links } = await walk(absolute, failures, root);
      for (const one of found) files.add(toPath(root, one));
      if (found.length === 0)
        failures.push(
          noDockerfiles(
            file,
            links.map((link) => toPath(root, link)),
          ),
        );
    } catch (error) {
      const [says, help] = reasonOf(error);
      failures.push({ file: path, is: 'failed', says, ...(help === undefined ? {} : { help }) });
    }
  }
  return { files: [...files], named, failures };
}

/** Why a file is not checked although a user named it. */
function refusal(file: Path): Failure | undefined {
  const kind = nameKind(basename(file));
  if (kind === 'ignore-file') {
    return {
      file,
      is: 'skipped',
      says: 'is an ignore file, not a Dockerfile',
      help: 'it is read along with its Dockerfile',
    };
  }
  if (kind === 'template') {
    const help = 'render it, then check the result: … | layerwise check - --stdin-filename Dockerfile';
    return { file, is: 'failed', says: 'is a template, not a Dockerfile', help };
  }
  return undefined;
}

/** @param links that have a Dockerfile's name and lead out of the directory */
function noDockerfiles(directory: Path, [link]: readonly Path[]): Failure {
  const file = directory === '' ? '.' : directory;
  if (link !== undefined)
    return {
      file,
      is: 'failed',
      says: `holds no Dockerfile of its own: ${link} is a link to a file outside of it`,
      help: `name it to check what it leads to: layerwise check ${link}`,
    };
  return {
    file,
    is: 'failed',
    says: 'holds no Dockerfile',
    help: 'looked for Dockerfile, Dockerfile.*, *.Dockerfile and Containerfile* that git does not ignore; name the file to check another one',
  };
}

function toPath(root: string, absolute: string): Path {
  return relative(root, absolute).split(sep).join('/');
}

interface Walked {
  readonly found: readonly string[];
  /** Links of that name that lead out of the tree: what they lead to is somebody else's file. */
  readonly links: readonly string[];
}

async function walk(top: string, failures: Failure[], root: string): Promise<Walked> {
  const found: string[] = [];
  const links: string[] = [];
  const { ignoredBelow } = await import('./gitignore.ts');
  await visit(top, await ignoredBelow(top));
  return { found, links };

  async function visit(folder: string, ignored: Ignored): Promise<void> {
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      const [says, help] = reasonOf(error);
      failures.push({ file: toPath(root, folder), is: 'failed', says, ...(help === undefined ? {} : { help }) });
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const here =
      entries.some(({ name }) => name === '.gitignore') && folder !== top ? await ignored.within(folder) : ignored;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name) && !here.ignores(path, true)) await visit(path, here);
      } else if (nameKind(entry.name) === 'dockerfile' && !here.ignores(path, false)) {
        if (isFileOfTree(entry, path)) found.push(path);
        else if (leadsToFile(entry, path)) links.push(path);
      }
    }
  }

  /** Regular files, and links to files of the tree: a link out of it is somebody else's file. */
  function isFileOfTree(entry: Dirent, path: string): boolean {
    if (entry.isFile()) return true;
    if (!entry.isSymbolicLink()) return false;
    try {
      const target = realpathSync(path);
      return lstatSync(target).isFile() && isInside(realpathSync(top), target);
    } catch {
      return false;
    }
  }
}

function leadsToFile(entry: Dirent, path: string): boolean {
  return entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
