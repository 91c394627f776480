import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { replaySchema } from '../../src/core/reporters/replay-schema.ts';
import { memoryIo, project, type Told } from './run.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const each of made.splice(0)) each.remove();
});

type State = Readonly<Record<string, string>>;

/** A repository with a commit for each state. */
function given(...states: readonly State[]) {
  const it = project({});
  made.push(it);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', it.root, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      stdio: 'pipe',
    });
  git('init', '-q', '-b', 'main');
  for (const [i, state] of states.entries()) {
    for (const [name, text] of Object.entries(state)) writeFileSync(join(it.root, name), text);
    git('add', '-A');
    git('commit', '-qm', `commit ${i} <b>`, '--allow-empty');
  }
  return it;
}

async function run(cwd: string, ...args: string[]): Promise<Told> {
  const io = memoryIo(cwd);
  const status = await main(['replay', ...args], io);
  return { status, ...io.told() };
}

const bad = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "."]\n';
const better = 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "."]\n';
const states: readonly State[] = [
  {
    Dockerfile: bad,
    'package.json': '{}',
    'package-lock.json': '{}',
    '.dockerignore': '.git\nREADME.md\nDockerfile*\n',
  },
  { 'index.js': '1' },
  { 'README.md': '1' },
  { 'package.json': '{ }' },
  { 'index.js': '2' },
];

test('two files that rerun alike are said to', async () => {
  const { root } = given(...states);
  writeFileSync(join(root, 'Dockerfile.new'), bad.replace('"."', '"index.js"'));
  const said = 'no step reruns more or less often with the one than with the other';
  expect((await run(root, '--against', 'Dockerfile.new')).out).toContain(`\n${said}\n`);
  expect((await run(root, '--against', 'Dockerfile.new', '--format', 'html')).out).toContain(said);
  writeFileSync(join(root, 'Dockerfile.new'), better);
  expect((await run(root, '--against', 'Dockerfile.new')).out).not.toContain(said);
});

test('a changed instruction is no changed Dockerfile in the context', async () => {
  const { root } = given(
    { Dockerfile: 'FROM s\nCOPY . .\nRUN one\n' },
    { Dockerfile: 'FROM s\nCOPY . .\nRUN one two\n' },
  );
  expect((await run(root)).out).toMatch(/COPY \. \. .*because of Dockerfile, \.git/);
  const other = given({ Dockerfile: 'FROM s\nRUN one\n' }, { Dockerfile: 'FROM s\nRUN one two\n' });
  expect((await run(other.root)).out).toMatch(/RUN one two .*because of a changed instruction\n/);
});

test('a line for each step: how often, and because of what', async () => {
  const { root } = given(...states);
  const { status, out, err } = await run(root);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toBe(`.: 5 commits of main along first parents; Dockerfile and its ignore file as each commit has them

final
  COPY . .    reran in 3 of 4  ███████████████·····  because of index.js, package.json
  RUN npm ci  reran in 3 of 4  ███████████████·····  because of index.js, package.json

a commit reruns 1.5 of 3 steps on average
not seen: base images that are pushed again, what a RUN or ADD fetches, files that git does not keep
`);
});

test('the second figure stands beside it: of another file, and of the fix', async () => {
  const { root } = given(...states);
  writeFileSync(join(root, 'Dockerfile.new'), better);
  const { status, out } = await run(root, '-f', 'Dockerfile', '--against', 'Dockerfile.new', '--commits', '3');
  expect(status).toBe(0);
  expect(out).toContain('Dockerfile and Dockerfile.new, with the ignore file of today, at every commit');
  expect(out).toMatch(/RUN npm ci +2 of 3 .* 1 of 3 /);
  expect(out).toContain('a commit reruns 1.33 of 3 steps on average; with Dockerfile.new 1.33 of 4 steps');
});

test('what a fix of the order would have spared', async () => {
  const early = better.replace('WORKDIR', 'ARG GIT_SHA=none\nWORKDIR').replace('CMD', 'LABEL sha=$GIT_SHA\nCMD');
  const { root } = given({ ...states[0], Dockerfile: early }, ...states.slice(1));
  const fixed = await run(root, '--fix', '--unsafe-fixes', '--varies', 'GIT_SHA', '--format', 'json');
  expect(fixed.err).toBe('');
  const [now, then] = JSON.parse(fixed.out).sides;
  const npm = ({ steps }: { steps: { text: string; reran: number }[] }) =>
    steps.find(({ text }) => /npm ci/.test(text))?.reran;
  expect([now.name, then.name]).toEqual(['Dockerfile', 'Dockerfile as fixed']);
  expect([npm(now), npm(then)]).toEqual([4, 1]);
});

test('check --diff tells on a terminal what a fix of the order would have spared, and nothing into a pipe', async () => {
  const early = better.replace('WORKDIR', 'ARG GIT_SHA=none\nWORKDIR').replace('CMD', 'LABEL sha=$GIT_SHA\nCMD');
  const { root } = given({ ...states[0], Dockerfile: early }, ...states.slice(1));
  const diff = async (cwd: string, terminal: boolean) => {
    const io = memoryIo(cwd, { terminal });
    await main(['check', '--diff', '--unsafe-fixes', '--only', 'volatile-before-install'], io);
    return io.told();
  };
  const shown = await diff(root, true);
  expect(shown.err).toContain(
    'note: Dockerfile: over the last 4 commits, with another GIT_SHA at each, this reruns 4 times, and with the patch 1: RUN npm ci\n',
  );
  const piped = await diff(root, false);
  expect(piped.out).toContain('+ARG GIT_SHA=none');
  expect(piped.err).not.toContain('over the last');
  const elsewhere = project({ Dockerfile: early });
  made.push(elsewhere);
  expect((await diff(elsewhere.root, true)).err).not.toContain('over the last');
});

test('json follows its schema', async () => {
  const { root } = given(...states);
  writeFileSync(join(root, 'other'), better);
  const ajv = new Ajv2020({ strict: false });
  for (const args of [[], ['--against', 'other'], ['--policy', 'ever', '--build-arg', 'A=1']]) {
    const { status, out } = await run(root, '--format', 'json', ...args);
    expect(status).toBe(0);
    const document: unknown = JSON.parse(out);
    expect(ajv.validate(replaySchema, document), ajv.errorsText()).toBe(true);
    expect(document).toMatchObject({ schemaVersion: 1, history: { commits: 5, branch: 'main' } });
  }
});

test('the page stands alone, and nothing of the project is markup in it', async () => {
  const { root } = given(
    { ...states[0], Dockerfile: 'FROM a\nCOPY . .\nRUN echo "<script>alert(1)</script>"\n' },
    { 'a<b>': '1' },
  );
  const { status, out } = await run(root, '--format', 'html');
  expect(status).toBe(0);
  expect(out).toContain('&lt;script&gt;alert(1)');
  expect(out).toContain('a&lt;b&gt;');
  expect(out).not.toMatch(/<script|<b>|(?:src|href)=|https?:/);
  expect(out).toContain('color-scheme: light dark');
  expect(out).toMatch(/<rect x="1" width="1" height="1"\/>/);
});

test('without an ignore file git itself is sent', async () => {
  const { root } = given({ Dockerfile: bad, x: '1' }, {}, {});
  const { out } = await run(root);
  expect(out).toContain('reran in 2 of 2  ████████████████████  because of .git/**');
  expect(out).toContain('note: .git is sent, and every commit changes it');
});

test('the Dockerfile may have been committed later, or be gone', async () => {
  const { root } = given({ x: '1' }, ...states);
  const { out } = await run(root);
  expect(out).toMatch(/\n1 commit left out, from [0-9a-f]{10}: there is no Dockerfile\n/);
  rmSync(join(root, 'Dockerfile'));
  expect((await run(root, '-f', 'Dockerfile')).out).toContain('reran in 3 of 4');
});

test.each([
  [[], ['a', 'b'], 'takes one directory'],
  [[], ['nowhere'], 'nowhere is no directory'],
  [[{ Dockerfile: bad }], ['--commits', '0'], '--commits cannot be 0'],
  [[{ Dockerfile: bad }], ['--fix', '--against', 'x'], 'leave one of them out'],
  [[{ Dockerfile: bad }], ['--unsafe-fixes'], '--unsafe-fixes changes nothing by itself'],
  [[{ Dockerfile: bad }], ['--against', 'gone'], 'gone does not exist'],
  [[{ Dockerfile: bad }], ['-f', '../Dockerfile'], 'lies outside of the repository'],
  [[{ Dockerfile: bad }], [], 'there is one commit only'],
  [[{ Dockerfile: bad }, {}], ['--target', 'x'], 'the Dockerfile has no stage x'],
  [[{ 'a.txt': '' }], [], 'there is no Dockerfile in the directory'],
] as const)('what cannot be done is said in one line: %#', async (commits, args, says) => {
  const { status, err, out } = await run(given(...commits).root, ...args);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(says);
  expect(err.trimEnd()).not.toContain('\n');
});

test('outside of a repository, and before the first commit', async () => {
  const it = project({ Dockerfile: bad });
  made.push(it);
  expect(await run(it.root)).toMatchObject({ status: 2, err: expect.stringContaining('not in a git repository') });
  expect(await run(given().root, '-f', 'Dockerfile')).toMatchObject({
    status: 2,
    err: expect.stringContaining('no commit yet'),
  });
});
