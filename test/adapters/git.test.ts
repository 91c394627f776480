import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changedFiles } from '../../src/adapters/git.ts';

let root: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: root, stdio: 'pipe' });
const put = (name: string, text: string) => writeFileSync(join(root, name), text);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'layerwise-git-'));
  execFileSync('git', ['init', '-q', '-b', 'main', root]);
  mkdirSync(join(root, 'app'));
  for (const name of ['kept', 'edited', 'staged', 'gone', 'app/Dockerfile']) put(name, 'one\n');
  put('.gitignore', 'ignored\n');
  git('add', '.');
  git('commit', '-qm', 'one');
  git('checkout', '-qb', 'branch');
  put('app/Dockerfile', 'two\n');
  put('größe "x"', 'new\n');
  git('add', '.');
  git('commit', '-qm', 'two');
  git('checkout', '-q', 'main');
  put('kept', 'changed on main only\n');
  git('commit', '-qam', 'three');
  git('checkout', '-q', 'branch');
  put('edited', 'two\n');
  put('staged', 'two\n');
  git('add', 'staged');
  rmSync(join(root, 'gone'));
  put('untracked', 'x\n');
  put('ignored', 'x\n');
});
afterAll(() => rmSync(root, { recursive: true }));

test('since the last commit: edited, staged and new files', async () => {
  expect(await changedFiles(root)).toEqual({ files: ['edited', 'staged', 'untracked'] });
});

test('since a branch: from where it left it', async () => {
  expect(await changedFiles(root, 'main')).toEqual({
    files: ['app/Dockerfile', 'edited', 'größe "x"', 'staged', 'untracked'],
  });
});

test('below a folder, relative to it', async () => {
  expect(await changedFiles(join(root, 'app'), 'main')).toEqual({ files: ['Dockerfile'] });
});

test('a revision that is none', async () => {
  expect(await changedFiles(root, 'nowhere')).toEqual({
    failed: 'git knows no revision nowhere',
    help: 'fetch it first, or name another one',
  });
  expect(await changedFiles(root, '--output=/tmp/x')).toEqual({ failed: '--output=/tmp/x is not a git revision' });
});

test('outside of a repository', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'layerwise-nogit-'));
  expect(await changedFiles(outside)).toMatchObject({ failed: 'not in a git repository' });
  rmSync(outside, { recursive: true });
});

test('programs that the repository names are not run', async () => {
  const witness = join(root, '.git', 'witness');
  put('.git/hook.sh', `#!/bin/sh\ntouch '${witness}'\n`);
  execFileSync('chmod', ['+x', join(root, '.git/hook.sh')]);
  git('config', 'core.fsmonitor', join(root, '.git/hook.sh'));
  git('config', 'diff.external', join(root, '.git/hook.sh'));
  await changedFiles(root, 'main');
  expect(existsSync(witness)).toBe(false);
});
