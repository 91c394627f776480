import { decode } from '../core/language/text/index.ts';
import type { Path } from '../core/vocabulary/index.ts';
import { sayingOf, startGit, whyNotStarted } from './git-process.ts';

export type Changed = { readonly files: readonly Path[] } | { readonly failed: string; readonly help?: string };

/**
 * Files below `root` that differ from where its branch left `ref`, in the working tree too, with new files that git does
 * not ignore; deleted ones are left out. Relative to `root`.
 * @param ref default: the last commit
 */
export async function changedFiles(root: string, ref = 'HEAD'): Promise<Changed> {
  if (ref.startsWith('-') || ref === '') return { failed: `${ref} is not a git revision` };
  const base = await git(root, ['merge-base', ref, 'HEAD']);
  if ('failed' in base) return explain(base.failed, ref);
  const commit = base.output.trim();
  const differing = await git(root, [
    'diff',
    '--name-only',
    '-z',
    '--diff-filter=d',
    '--relative',
    '--no-ext-diff',
    commit,
    '--',
  ]);
  if ('failed' in differing) return explain(differing.failed, ref);
  const added = await git(root, ['ls-files', '--others', '--exclude-standard', '-z']);
  if ('failed' in added) return explain(added.failed, ref);
  const names = `${differing.output}${added.output}`.split('\0').filter((name) => name !== '');
  return { files: [...new Set(names)].sort() };
}

/** Whether git knows a commit by that name. */
export async function isRevision(root: string, name: string): Promise<boolean> {
  return 'output' in (await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]));
}

/** Files below a folder that git keeps, relative to it; undefined when the folder is in no repository. */
export async function trackedFiles(root: string): Promise<ReadonlySet<string> | undefined> {
  const listed = await git(root, ['ls-files', '-z', '--cached', '--recurse-submodules']);
  if ('failed' in listed) return undefined;
  const names = listed.output.split('\0').filter((name) => name !== '');
  return names.length === 0 ? undefined : new Set(names);
}

export type Committed = { readonly text: string } | { readonly failed: string; readonly help?: string };

/** A file as the last commit has it. `name` is relative to `folder`. */
export async function committedFile(folder: string, name: string): Promise<Committed> {
  const shown = await git(folder, ['show', `HEAD:./${name}`]);
  if ('output' in shown) return { text: shown.output };
  const help = 'name what to compare it with by --before';
  if (/not a git repository/i.test(shown.failed)) return { failed: `${name} is in no git repository`, help };
  if (/exists on disk, but not in|does not exist in|invalid object name|unknown revision/i.test(shown.failed))
    return { failed: `${name} is in no commit yet`, help };
  return { failed: shown.failed };
}

function explain(failed: string, ref: string): Changed {
  if (/not a git repository/i.test(failed))
    return { failed: 'not in a git repository', help: 'run --changed inside of one' };
  if (/not a valid object name|bad revision|unknown revision/i.test(failed)) {
    return { failed: `git knows no revision ${ref}`, help: 'fetch it first, or name another one' };
  }
  if (failed === '') return { failed: `${ref} and HEAD have no common commit`, help: 'fetch more of the history' };
  return { failed };
}

/** What git prints, or why it failed. */
export function git(root: string, args: readonly string[]): Promise<{ output: string } | { failed: string }> {
  return new Promise((done) => {
    const child = startGit(root, args, ['ignore', 'pipe', 'pipe']);
    const output: Buffer[] = [];
    let errors = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output.push(chunk);
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk;
    });
    child.on('error', (error) => done({ failed: whyNotStarted(error) }));
    child.on('close', (status) =>
      done(status === 0 ? { output: decode(Buffer.concat(output)).text } : { failed: sayingOf(errors) }),
    );
  });
}
