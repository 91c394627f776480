import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHistory } from '../../src/adapters/history.ts';
import type { Commit, History } from '../../src/session/index.ts';

let root: string;
let scratch: string;
const gitIn = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd,
    stdio: 'pipe',
  }).toString();
const git = (...args: string[]) => gitIn(root, ...args);
const put = (name: string, text: string | Uint8Array) => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};
const commit = (subject: string) => {
  git('add', '-A');
  git('commit', '-qm', subject, '--allow-empty');
};

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'layerwise-history-'));
  root = join(scratch, 'repo');
  execFileSync('git', ['init', '-q', '-b', 'main', root]);
  put('Dockerfile', 'FROM a\n');
  put('app/größe "x"\n', 'one');
  put('app/old', 'some content that is moved');
  symlinkSync('old', join(root, 'app/link'));
  commit('one');
  put('app/run', '#!/bin/sh\n');
  commit('two');
  chmodSync(join(root, 'app/run'), 0o755);
  git('mv', 'app/old', 'app/new');
  commit('three: \u0001 :100644');
  git('checkout', '-qb', 'side');
  put('app/side', '1');
  commit('side one');
  put('app/side', '2');
  commit('side two');
  git('checkout', '-q', 'main');
  put('top', '1');
  commit('four');
  git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
  commit('empty');
});
afterAll(() => rmSync(scratch, { recursive: true }));

async function all(history: History): Promise<readonly Commit[]> {
  const found: Commit[] = [];
  for await (const some of history.commits) found.push(...some);
  return found;
}

async function opened(folder: string, most: number, also: readonly string[] = []): Promise<History> {
  const it = await openHistory(folder, most, also);
  if ('failed' in it) throw new Error(it.failed);
  return it.history;
}

test('every commit along first parents, a merge as one, with what each changes', async () => {
  const history = await opened(root, 100);
  const commits = await all(history);
  history.close();
  expect(history).toMatchObject({ branch: 'main', shallow: false, prefix: '', hasGitFolder: true });
  expect(history.before.size).toBe(0);
  expect(
    commits.map(({ subject, parents, changes }) => [
      subject,
      parents,
      changes.map(({ path, entry }) => [path, entry?.mode]),
    ]),
  ).toEqual([
    [
      'one',
      0,
      [
        ['Dockerfile', '100644'],
        ['app/größe "x"\n', '100644'],
        ['app/link', '120000'],
        ['app/old', '100644'],
      ],
    ],
    ['two', 1, [['app/run', '100644']]],
    [
      'three: \u0001 :100644',
      1,
      [
        ['app/new', '100644'],
        ['app/old', undefined],
        ['app/run', '100755'],
      ],
    ],
    ['four', 1, [['top', '100644']]],
    ['merge', 2, [['app/side', '100644']]],
    ['empty', 1, []],
  ]);
});

test('the last commits only, with what there was before them', async () => {
  const history = await opened(root, 4);
  expect((await all(history)).map(({ subject }) => subject)).toEqual([
    'three: \u0001 :100644',
    'four',
    'merge',
    'empty',
  ]);
  expect([...history.before.keys()]).toEqual(['Dockerfile', 'app/größe "x"\n', 'app/link', 'app/old', 'app/run']);
  const link = history.before.get('app/link');
  expect(link?.mode).toBe('120000');
  expect(await history.blob(link?.id ?? '')).toEqual({ text: 'old' });
  expect(await history.blob('0'.repeat(40))).toEqual({ failed: 'git does not have it' });
  history.close();
});

test('below a folder, all commits are told, and only what matters there', async () => {
  const history = await opened(join(root, 'app'), 4, ['../Dockerfile', '../../elsewhere']);
  expect(history).toMatchObject({ prefix: 'app/', hasGitFolder: false });
  expect((await all(history)).map(({ changes }) => changes.map(({ path }) => path))).toEqual([
    ['app/new', 'app/old', 'app/run'],
    [],
    ['app/side'],
    [],
  ]);
  expect([...history.before.keys()]).toContain('Dockerfile');
  history.close();
});

test('many contents at once, long and binary ones too', async () => {
  const ids = [1, 2, 3].map((i) => {
    const text = i === 2 ? 'x'.repeat(5_000_000) : `${'\n'.repeat(i * 70_000)}end`;
    return [execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: root, input: text }).toString().trim(), text];
  });
  const history = await opened(root, 1);
  const found = await Promise.all(ids.map(([id = '']) => history.blob(id)));
  history.close();
  expect(found).toEqual([{ text: ids[0]?.[1] }, { failed: 'it is too long' }, { text: ids[2]?.[1] }]);
});

test('a shallow clone is told as one', async () => {
  const clone = join(scratch, 'shallow');
  execFileSync('git', ['clone', '-q', '--depth', '2', `file://${root}`, clone], { stdio: 'pipe' });
  const history = await opened(clone, 100);
  expect(history.shallow).toBe(true);
  expect((await all(history)).map(({ subject }) => subject)).toEqual(['merge', 'empty']);
  history.close();
});

test('settings of the repository run nothing', async () => {
  const mark = join(scratch, 'ran');
  const program = join(scratch, 'program');
  writeFileSync(program, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  const clone = join(scratch, 'hostile');
  execFileSync('git', ['clone', '-q', root, clone], { stdio: 'pipe' });
  for (const [name, value] of [
    ['core.fsmonitor', program],
    ['log.showSignature', 'true'],
    ['gpg.program', program],
    ['diff.external', program],
    ['core.pager', program],
    ['log.follow', 'true'],
    ['diff.renames', 'copies'],
    ['diff.relative', 'true'],
  ] as const)
    gitIn(clone, 'config', name, value);
  const history = await opened(join(clone, 'app'), 100);
  expect(await all(history)).toHaveLength(6);
  history.close();
  expect(() => rmSync(mark)).toThrow();
});

test('what is no history', async () => {
  const empty = join(scratch, 'empty');
  execFileSync('git', ['init', '-q', empty]);
  expect(await openHistory(empty, 1)).toMatchObject({ failed: 'there is no commit yet' });
  expect(await openHistory(scratch, 1)).toMatchObject({ failed: 'not in a git repository' });
});

test('a bare repository has a history too', async () => {
  const bare = join(scratch, 'bare.git');
  execFileSync('git', ['clone', '-q', '--bare', root, bare], { stdio: 'pipe' });
  const history = await opened(bare, 2);
  expect((await all(history)).map(({ subject }) => subject)).toEqual(['merge', 'empty']);
  history.close();
});

test('what a partial clone lacks is not fetched', async () => {
  const clone = join(scratch, 'partial');
  gitIn(root, 'config', 'uploadpack.allowFilter', 'true');
  execFileSync('git', ['clone', '-q', '--no-checkout', '--filter=blob:none', `file://${root}`, clone], {
    stdio: 'pipe',
  });
  const history = await opened(clone, 100);
  const [first] = await all(history);
  const blob = await history.blob(first?.changes[0]?.entry?.id ?? '');
  expect(blob).toHaveProperty('failed');
  history.close();
});
