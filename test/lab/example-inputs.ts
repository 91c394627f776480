import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imagesNamed } from './images.ts';

export const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const STAND_INS = fileURLToPath(new URL('images', import.meta.url));
/** For each example the sum of its inputs when all of its tests passed last. */
const RECORD = fileURLToPath(new URL('proven.json', import.meta.url));

/** What lies in an example's folder after its tests ran there, and is no part of it. */
const MADE = new Set(['node_modules', 'dist', '.venv', '__pycache__']);

export const isInput = (path: string): boolean => !MADE.has(basename(path));

/** The names of all examples, in order. */
export async function exampleNames(): Promise<string[]> {
  const folders = await readdir(EXAMPLES, { withFileTypes: true });
  return folders.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

export function dockerfileOf(name: string, side: string): Promise<string> {
  return readFile(join(EXAMPLES, name, side, 'Dockerfile'), 'utf8');
}

/** A sum of all that an example's images are made of: its own files, and the lab's recipes of the images that they name. */
async function inputsOf(name: string): Promise<string> {
  const sum = createHash('sha256');
  const add = async (path: string): Promise<void> => {
    sum
      .update(`${relative(EXAMPLES, path)}\0`)
      .update(await readFile(path))
      .update('\0');
  };
  for (const path of await filesBelow(join(EXAMPLES, name))) if (basename(path) !== 'README.md') await add(path);
  const texts = await Promise.all(['before', 'after'].map((side) => dockerfileOf(name, side)));
  const images = texts.flatMap((text) => imagesNamed(text).all);
  for (const folder of (await readdir(STAND_INS)).sort()) {
    // All stand on Debian.
    if (folder !== 'debian' && !images.some((image) => image.includes(folder))) continue;
    sum.update(`${folder}\0`).update(await readFile(join(STAND_INS, folder, 'Dockerfile')));
  }
  return sum.digest('hex');
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (!isInput(path)) continue;
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else found.push(path);
  }
  return found;
}

/** One for each language. */
const ALWAYS = ['go', 'node', 'python'];

/**
 * The examples that are built and proven in this run: one for each language, and those whose inputs have changed since all of their
 * tests passed; with `LAB=full` all of them.
 */
export async function chosenExamples(): Promise<{
  names: ReadonlySet<string>;
  inputs: Readonly<Record<string, string>>;
}> {
  const all = await exampleNames();
  const inputs = Object.fromEntries(await Promise.all(all.map(async (name) => [name, await inputsOf(name)] as const)));
  const proven = await recorded();
  const changed = all.filter((name) => inputs[name] !== proven[name]);
  return { names: new Set(process.env.LAB === 'full' ? all : [...ALWAYS, ...changed]), inputs };
}

async function recorded(): Promise<Record<string, string>> {
  return JSON.parse(await readFile(RECORD, 'utf8')) as Record<string, string>;
}

/** Notes for later runs that all tests of an example passed with these inputs. */
export async function recordProven(name: string, inputs: string): Promise<void> {
  const all = Object.entries({ ...(await recorded()), [name]: inputs }).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(RECORD, `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`);
}
