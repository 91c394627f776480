import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Ignore } from 'ignore';

/** What git leaves out, from the ignore files on the way down to a folder. */
export interface Ignored {
  /** Both paths absolute. A directory above must not be ignored: its content is then not asked about. */
  ignores(path: string, isDirectory: boolean): boolean;
  /** With the folder's own `.gitignore`. */
  within(folder: string): Promise<Ignored>;
}

interface Layer {
  readonly folder: string;
  readonly rules: Ignore;
}

/** Everything that bears on a folder: `.git/info/exclude` of its repository and the `.gitignore` files from there down. */
export async function ignoredBelow(top: string): Promise<Ignored> {
  const layers: Layer[] = [];
  const way = foldersFromRepository(top);
  const [repository] = way;
  if (repository !== undefined && repository !== top) {
    await addLayer(layers, repository, join(repository, '.git', 'info', 'exclude'));
    for (const folder of way.slice(0, -1)) await addLayer(layers, folder, join(folder, '.gitignore'));
    // A user who names an ignored folder wants it walked: what hides it does not count inside.
    if (decide(layers, top, true)) layers.length = 0;
  } else if (repository !== undefined) {
    await addLayer(layers, repository, join(repository, '.git', 'info', 'exclude'));
  }
  await addLayer(layers, top, join(top, '.gitignore'));
  return over(layers);
}

function over(layers: readonly Layer[]): Ignored {
  return {
    ignores: (path, isDirectory) => decide(layers, path, isDirectory),
    async within(folder) {
      const more = [...layers];
      await addLayer(more, folder, join(folder, '.gitignore'));
      return over(more);
    },
  };
}

/** The deepest ignore file that says anything about a path decides. */
function decide(layers: readonly Layer[], path: string, isDirectory: boolean): boolean {
  for (let i = layers.length - 1; i >= 0; i--) {
    const { folder, rules } = layers[i] as Layer;
    const way = relative(folder, path).split(sep).join('/');
    const { ignored, unignored } = rules.test(isDirectory ? `${way}/` : way);
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** From the root of the git repository that holds the folder down to it; empty outside of repositories. */
function foldersFromRepository(top: string): string[] {
  const way: string[] = [];
  for (let folder = top; ; folder = dirname(folder)) {
    way.unshift(folder);
    if (existsSync(join(folder, '.git'))) return way;
    if (dirname(folder) === folder) return [];
  }
}

async function addLayer(layers: Layer[], folder: string, file: string): Promise<void> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return;
  }
  const { default: ignore } = await import('ignore');
  layers.push({ folder, rules: ignore({ ignorecase: false }).add(text) });
}
