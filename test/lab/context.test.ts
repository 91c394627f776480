import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { memoryIo } from '../cli/run.ts';
import { type Amend, contextWrite, type JudgedContext, judgeContext, namedBytes, plant } from './context.ts';
import { docker, requireEngine, runBuild } from './engine.ts';

const made: string[] = [];
beforeAll(requireEngine);
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folderOf(files: Readonly<Record<string, string | Uint8Array>>, from?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-context-test-'));
  made.push(folder);
  if (from !== undefined) cpSync(from, folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Fixes of one rule, as `check` makes them. */
const fixOf =
  (rule: string): Amend =>
  async (folder) => {
    const io = memoryIo(folder);
    await main(['check', 'Dockerfile', '--only', rule, '--fix', '--unsafe-fixes'], io);
    expect(io.told().out).toMatch(/fixed/i);
    return {};
  };

/** What is foretold is what the engine gets, to the byte, and nothing but what was foretold is not copied any more. */
function expectTrue({ before, after, gone, changed, saves }: JudgedContext): void {
  expect(before.transferred).toBe(before.foretold);
  expect(after.transferred).toBe(after.foretold);
  expect(gone.found).toEqual(gone.foretold.toSorted());
  expect(changed).toEqual([]);
  if (saves !== undefined) {
    expect(before.survey.sent.files - after.survey.sent.files).toBe(saves.files);
    expect(before.survey.sent.bytes - after.survey.sent.bytes).toBe(saves.bytes);
  }
}

test.each(['node', 'python', 'go'])(
  'context --write on examples/%s, without its ignore file, builds the same',
  async (name) => {
    const folder = folderOf({}, join('examples', name));
    rmSync(join(folder, '.dockerignore'));
    plant(folder);
    const judged = await judgeContext(folder, 'before/Dockerfile', contextWrite('before/Dockerfile'));
    expectTrue(judged);
    // The history stays for `go build`, which records the revision.
    const gone = name === 'go' ? ['.env'] : ['.env', '.git/HEAD'];
    expect(judged.gone.found).toEqual(expect.arrayContaining(gone));
    expect(judged.after.files.includes('.git/HEAD')).toBe(name === 'go');
  },
);

test('an image is built as before after context --write', async () => {
  const folder = folderOf({}, join('examples', 'python'));
  rmSync(join(folder, '.dockerignore'));
  plant(folder);
  const judged = await judgeContext(folder, 'after/Dockerfile', contextWrite('after/Dockerfile'), { whole: true });
  expectTrue(judged);
  expect(judged.built.map(({ ok, error }) => ({ ok, error }))).toEqual([{ ok: true }, { ok: true }]);
});

test('names, sizes, modes, links, exceptions and what only some instruction asks for', async () => {
  const folder = folderOf({
    Dockerfile: 'FROM scratch\nCOPY --exclude=*.md docs current l?st /x/\nCOPY empty* /y/\n',
    '.dockerignore': '# all but some\ndocs/*\n!docs/keep*\n**/*.log\n',
    'docs/keep.md': 'k'.repeat(32 * 1024),
    'docs/keep/é ü.txt': 'k'.repeat(32 * 1024 + 1),
    'docs/keep/x.log': 'l',
    'docs/gone.txt': 'g'.repeat(1000),
    'v1/a': 'a'.repeat(127),
    'v1/a.log': 'a',
    list: 'l'.repeat(128),
    last: 'l'.repeat(70_000),
    'other/unasked': 'o'.repeat(5000),
    empty: '',
    'empty-too': '',
  });
  symlinkSync('v1', join(folder, 'current'));
  symlinkSync('nowhere', join(folder, 'docs/keep/dangling'));
  execFileSync('chmod', ['4755', join(folder, 'last')]);
  const judged = await judgeContext(folder, 'Dockerfile', contextWrite('Dockerfile'));
  expectTrue(judged);
  expect(judged.before.files).toEqual([
    ...[
      'current',
      'docs/keep/dangling',
      'docs/keep/é ü.txt',
      'docs/keep.md',
      'empty',
      'empty-too',
      'last',
      'list',
      'v1/a',
    ],
  ]);
});

// Each instruction takes it on its own: with several the engine counts what each had still to send.
test('of a named context is sent what is taken by its name, and its own ignore file counts', async () => {
  const dockerfile = 'FROM scratch\nCOPY main /\nCOPY --from=extra sub *.txt /d/\n';
  const folder = folderOf({ Dockerfile: dockerfile, main: 'm', '.dockerignore': 'sub\n' });
  const extra = folderOf({
    '.dockerignore': '**/no\nb.txt\n',
    ...{
      'sub/yes': 'y'.repeat(40_000),
      'sub/no': 'n'.repeat(9000),
      'a.txt': 'a',
      'b.txt': 'b',
      'tool/x': 'x',
      other: 'o',
    },
  });
  const { ok, error, named, image } = await runBuild(dockerfile, folder, { contexts: { extra } });
  if (image !== undefined) await docker(['image', 'rm', '--force', image]);
  expect({ ok, error }).toEqual({ ok: true });
  expect(named).toEqual({ extra: await namedBytes(dockerfile, 'extra', extra) });
  expect(named.extra).toBeGreaterThan(40_000);
  expect(named.extra).toBeLessThan(41_000);
});

const node = { 'package.json': '{"name":"a"}', 'package-lock.json': '{}', 'src/index.js': 'y' };

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  [
    'ignore-file-missing',
    { Dockerfile: 'FROM node:24-trixie-slim\nCOPY . .\nRUN npm ci\n', ...node },
    ['.env', '.git/HEAD'],
  ],
  [
    'host-files-copied',
    { Dockerfile: 'FROM node:24-trixie-slim\nCOPY . .\nRUN npm ci\n', ...node, '.dockerignore': '.git\n' },
    ['node_modules/left/index.js'],
  ],
])('the fix of %s leaves out what it says and nothing that is taken by name', async (rule, files, gone) => {
  const folder = folderOf(files);
  plant(folder);
  const judged = await judgeContext(folder, 'Dockerfile', fixOf(rule));
  expectTrue(judged);
  expect(judged.gone.found).toEqual(expect.arrayContaining([...gone]));
  expect(judged.after.files).toEqual(expect.arrayContaining(Object.keys(node)));
});

test('the fix of copy-ignored-file lets in again what is copied by name: the build does not fail any more', async () => {
  const files = { Dockerfile: 'FROM scratch\nCOPY kept a.txt sub/b.txt /x/\n', '.dockerignore': '**/*.txt\n' };
  const folder = folderOf({ ...files, kept: 'k', 'a.txt': 'a', 'sub/b.txt': 'b', 'c.txt': 'c' });
  const judged = await judgeContext(folder, 'Dockerfile', fixOf('copy-ignored-file'), { whole: true });
  expectTrue({ ...judged, changed: [] });
  expect(judged.changed.toSorted()).toEqual(['a.txt', 'sub/b.txt']);
  expect(judged.built.map(({ ok }) => ok)).toEqual([false, true]);
});
