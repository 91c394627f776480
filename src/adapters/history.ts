import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '../core/language/text/index.ts';
import type { KeptChange, KeptEntry } from '../core/vocabulary/index.ts';
import { type Commit, type History, HistoryStopped } from '../session/index.ts';
import { blobs } from './blobs.ts';
import { git } from './git.ts';
import { sayingOf, startGit, whyNotStarted } from './git-process.ts';

export type Opened = { readonly history: History } | { readonly failed: string; readonly help?: string };

/**
 * The last commits of the branch that is checked out, along first parents. One process tells all commits, one all contents that
 * are asked for.
 * @param folder the build context
 * @param most how many commits
 * @param also files above the folder that matter too, relative to it
 */
export async function openHistory(folder: string, most: number, also: readonly string[] = []): Promise<Opened> {
  // A prefix may hold a newline; the other two cannot.
  const told = await git(folder, ['rev-parse', '--is-shallow-repository', '--show-prefix', '--abbrev-ref', 'HEAD']);
  if ('failed' in told) return explain(told.failed);
  const lines = told.output.replace(/\n$/, '').split('\n');
  const [shallow, branch, prefix] = [lines[0], lines.at(-1) ?? '', lines.slice(1, -1).join('\n')];
  const inside = also.filter((path) => fromTop(prefix, path) !== undefined);
  // Names after "--" start where git runs.
  const commits = startLog(folder, most, prefix === '' ? [] : ['.', ...inside]);
  const before = await treeOf(folder, `HEAD~${most}`, tops(prefix, inside));
  if ('failed' in before) {
    commits.child.kill();
    return { failed: before.failed };
  }
  const contents = blobs(folder);
  return {
    history: {
      branch: branch === 'HEAD' ? null : branch,
      shallow: shallow === 'true',
      // In a submodule or another worktree it is a file that stays the same.
      hasGitFolder: statSync(join(folder, '.git'), { throwIfNoEntry: false })?.isDirectory() ?? false,
      prefix,
      before,
      commits: commitsOf(commits),
      blob: contents.blob,
      close: () => {
        commits.child.kill();
        contents.close();
      },
    },
  };
}

function explain(failed: string): Opened {
  if (/not a git repository/i.test(failed))
    return { failed: 'not in a git repository', help: 'replay looks at the commits of one' };
  if (/ambiguous argument 'HEAD'|unknown revision|Needed a single revision/i.test(failed))
    return { failed: 'there is no commit yet', help: 'replay looks at the commits that were made' };
  if (/dubious ownership/i.test(failed))
    return {
      failed: 'git does not trust the repository: it belongs to somebody else',
      help: 'see safe.directory in git help config',
    };
  return { failed: failed.split('\n')[0] ?? failed };
}

/** What is looked at, from the top of the repository; nothing named: all of it. */
function tops(prefix: string, also: readonly string[]): readonly string[] {
  return prefix === '' ? [] : [prefix.slice(0, -1), ...also.flatMap((path) => fromTop(prefix, path) ?? [])];
}

/** A path relative to a folder of the repository, seen from its top; undefined when it leads out of it. */
export function fromTop(prefix: string, path: string): string | undefined {
  const parts = prefix.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

async function treeOf(
  folder: string,
  commit: string,
  within: readonly string[],
): Promise<Map<string, KeptEntry> | { readonly failed: string }> {
  const entries = new Map<string, KeptEntry>();
  const child = startGit(folder, ['ls-tree', '-r', '-z', '--full-tree', commit, '--', ...within], PIPES);
  const ended = endOf(child);
  for await (const some of batches(child)) {
    // `100644 blob ID`, a tab, the path.
    for (const record of some) {
      const tab = record.indexOf('\t');
      const id = record.slice(record.lastIndexOf(' ', tab) + 1, tab);
      entries.set(record.slice(tab + 1), { mode: record.slice(0, 6), id });
    }
  }
  const failed = await ended;
  // The history may be shorter: then it begins with nothing.
  return failed === undefined || /not a valid object name/i.test(failed) ? entries : { failed };
}

const PIPES: SpawnOptions['stdio'] = ['ignore', 'pipe', 'pipe'];

/** Undefined when it ended well, else what it said. */
function endOf(child: ChildProcess): Promise<string | undefined> {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  return new Promise((done) => {
    child.on('error', (error) => done(whyNotStarted(error)));
    child.on('close', (status) => done(status === 0 ? undefined : sayingOf(errors)));
  });
}

/** What a child prints, split at NUL. */
async function* batches(child: ChildProcess): AsyncGenerator<readonly string[], void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(0);
    rest = bytes.subarray(end + 1);
    if (end < 0) continue;
    yield textOf(bytes.subarray(0, end)).split('\0');
  }
  if (rest.length > 0) yield [textOf(rest)];
}

/** A byte order mark is kept, and what is not UTF-8 too. */
const textOf = (bytes: Buffer) => decode(bytes).text;

/** What begins a commit: git puts its own marks before paths, so none can look like it. */
const MARK = '\u0001';

/** A rename counts as removed and added, as it does for a build; of a submodule git tells its commit. */
function startLog(folder: string, most: number, within: readonly string[]): Log {
  const child = startGit(
    folder,
    [
      ...['log', `--max-count=${most}`, '--reverse', '--first-parent', '-m', '--root', '--full-history', '--sparse'],
      ...['--raw', '-z', '--no-abbrev', '--no-renames', '--no-relative', '--no-ext-diff', '--ignore-submodules=none'],
      ...['--no-notes', '--no-color', `--format=${MARK}%H %P${MARK}%s`, 'HEAD', '--'],
      ...within,
    ],
    PIPES,
  );
  // When a child ends, Node throws away what nobody has begun to read.
  child.stdout?.on('readable', () => {});
  return { child, ended: endOf(child) };
}

interface Log {
  readonly child: ChildProcess;
  readonly ended: Promise<string | undefined>;
}

/**
 * The stream of commits.
 * @throws {HistoryStopped} when git fails on the way
 */
async function* commitsOf({ child, ended }: Log): AsyncGenerator<readonly Commit[], void, undefined> {
  let open: { id: string; subject: string; parents: number; changes: KeptChange[] } | undefined;
  let entry: KeptEntry | undefined | null = null;
  try {
    for await (const some of batches(child)) {
      const closed: Commit[] = [];
      for (const record of some) {
        if (entry !== null) {
          open?.changes.push({ path: record, entry });
          entry = null;
        } else if (record.startsWith(MARK)) {
          if (open !== undefined) closed.push(open);
          const [, ids = '', ...subject] = record.split(MARK);
          const [id = '', ...parents] = ids.split(' ').filter((one) => one !== '');
          open = { id, subject: subject.join(MARK), parents: parents.length, changes: [] };
        } else if (record !== '') {
          entry = entryOf(record);
        }
      }
      if (closed.length > 0) yield closed;
    }
    if (open !== undefined) yield [open];
    const failed = await ended;
    if (failed !== undefined) throw new HistoryStopped(failed);
  } finally {
    child.kill();
  }
}

/** What `:100644 100755 ID ID M` leaves; the first entry of a commit begins with a newline. */
function entryOf(record: string): KeptEntry | undefined {
  const start = record.charCodeAt(0) === 0x0a ? 2 : 1;
  const mode = record.slice(start + 7, start + 13);
  if (mode === '000000') return undefined;
  const before = start + 14;
  const after = record.indexOf(' ', before) + 1;
  return { mode, id: record.slice(after, after + after - before - 1) };
}
