import { type DiskEntry, namesByDirectory, type Sending } from '../model/index.ts';
import type { ProposedPattern } from '../vocabulary/index.ts';
import { artefact, ignorePatterns, remembered, translateGitignore } from '../world/context/index.ts';
import { secretFile } from '../world/secrets/index.ts';
import type { IgnorePlanInput } from './ignore-file.ts';

/** A pattern that may be proposed. */
export interface Candidate extends ProposedPattern {
  /** The image may be for what it names, unless the Dockerfile makes it anew. */
  readonly remade: boolean;
  /** A new file gets it although nothing of its kind lies there yet. */
  readonly always: boolean;
  /** Of a .gitignore: where it lies. Its exceptions go with its patterns. */
  readonly folder?: string;
  /** What it names is kept by git and taken by COPY, and still changes no image. */
  readonly known?: true;
}

/** Samples of them are let in again. */
export const settings = '**/.env.*';
export const gitToo = 'git ignores it too';

const literal = (path: string) => path.replace(/[*?[\]\\]/g, '\\$&').replace(/^[#!]/, '\\$&');

/** What could be left out, in the order in which it is written. */
export function ignoreCandidates(
  { entries, gitignores, secrets }: IgnorePlanInput,
  now: Sending,
  copiesAll: boolean,
): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  const add = (pattern: string, because: string, more: Partial<Candidate> = {}) => {
    if (!found.has(pattern)) found.set(pattern, { pattern, because, remade: false, always: false, ...more });
  };
  const names = namesByDirectory(entries);
  const top = new Set(names.get('') ?? []);
  for (const { path, directory } of entries) {
    if (!directory || now.fates.get(path)?.is === 'ignored') continue;
    const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    const is = artefact(path, names.get(above) ?? [], names.get(path) ?? []);
    if (is === undefined) continue;
    add(is.pattern, is.says, { remade: is.remade });
    // Where git keeps one of that name elsewhere, this one is left out by its path.
    add(literal(path), is.says, { remade: is.remade });
  }
  // What the first installation on this machine will make.
  if (top.has('package.json'))
    add('**/node_modules', 'packages installed on this machine', { remade: true, always: true });
  if (['pyproject.toml', 'requirements.txt', 'setup.py'].some((name) => top.has(name))) {
    add('**/__pycache__', 'caches of Python on this machine', { always: true });
    add('**/*.py[cod]', 'caches of Python on this machine', { always: true });
  }
  add('**/.git', 'the history of the project', { always: true });
  add('**/.DS_Store', 'of the file manager');
  add('**/.env', 'settings that are usually secrets', { always: true });
  add(settings, 'settings that are usually secrets', { always: true });
  for (const path of secrets) add(literal(path), secretFile(path)?.holds ?? 'secrets');
  for (const { folder, text } of gitignores) {
    for (const { pattern, directories } of translateGitignore(text, folder) ?? []) {
      const isFile = directories && takesFile(pattern, entries);
      if (!isFile) add(pattern, gitToo, { remade: true, always: folder === '', folder });
    }
  }
  if (!copiesAll) return [...found.values()];
  for (const name of [...top, '.dockerignore']) {
    const isOurs = /^(?:Dockerfile|Containerfile)(?:\.|$)|^\.dockerignore$/.test(name);
    // The file itself too, which may be about to be made.
    if (isOurs) add(name, 'a change in it changes no image', { always: name === '.dockerignore', known: true });
  }
  return [...found.values()];
}

/** A pattern that git means for directories would take a file. */
function takesFile(pattern: string, entries: readonly DiskEntry[]): boolean {
  const parsed = ignorePatterns([pattern.replace(/^!/, '')]);
  const matches = 'refused' in parsed ? undefined : parsed.patterns[0]?.matches;
  return (
    typeof matches !== 'function' || entries.some(({ path, directory }) => !directory && matches(remembered(path)))
  );
}
