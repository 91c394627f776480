/**
 * Fetches the Dockerfiles of the pinned Go modules in packages.json into a cache outside the project, and prints the
 * folder. A module's sum is checked by the Go command against its public log, and by us against the list.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { hash } from '../../src/core/language/text/index.ts';
import { findFiles, looksLikeDockerfile } from './files.ts';

interface Module {
  readonly module: string;
  readonly version: string;
  /** As in a go.sum file. */
  readonly sum: string;
}

interface Packages {
  /** So many different Dockerfiles they hold at least. */
  readonly distinctDockerfiles: number;
  readonly modules: readonly Module[];
}

const run = promisify(execFile);
const listFile = join(dirname(fileURLToPath(import.meta.url)), 'packages.json');

/** Where what is fetched or built for the judges is kept between runs. */
export function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME ?? (process.env.HOME ? join(process.env.HOME, '.cache') : tmpdir());
  return process.env.LAYERWISE_TEST_CACHE ?? join(base, 'layerwise-test');
}

async function download({ module, version, sum }: Module, modules: string): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', `${module}@${version}`], {
    cwd: tmpdir(),
    env: { ...process.env, GOMODCACHE: modules, GOFLAGS: '-modcacherw', GO111MODULE: 'on' },
  });
  const fetched = JSON.parse(stdout) as { Dir: string; Sum: string };
  if (fetched.Sum !== sum) throw new Error(`${module}@${version}: its sum is ${fetched.Sum}, the list says ${sum}`);
  return fetched.Dir;
}

function copyDockerfiles(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !looksLikeDockerfile(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const copy = join(to, relative(from, path));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(path, copy);
  }
}

/** Fetches what is not there yet, and gives the folder that holds a folder for each module. */
export async function fetchPackages(): Promise<string> {
  const list = readFileSync(listFile, 'utf8');
  const { modules, distinctDockerfiles } = JSON.parse(list) as Packages;
  const folder = join(cacheFolder(), `packages-${hash(list)}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  const downloads = join(cacheFolder(), `modules.${process.pid}`);
  try {
    for (const module of modules) {
      const source = await download(module, downloads);
      copyDockerfiles(source, join(unfinished, module.module.replaceAll('/', '+')));
      rmSync(source, { recursive: true, force: true });
    }
    const distinct = findFiles([unfinished]).length;
    if (distinct < distinctDockerfiles)
      throw new Error(`${distinct} different Dockerfiles, ${distinctDockerfiles} are wanted`);
    renameSync(unfinished, folder);
  } finally {
    rmSync(downloads, { recursive: true, force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = await fetchPackages();
  process.stderr.write(`${findFiles([folder]).length} different Dockerfiles\n`);
  process.stdout.write(`${folder}\n`);
}
