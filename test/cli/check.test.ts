import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { NotWritten } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { memoryIo, project, runCheck } from './run.ts';

let open: ReturnType<typeof project> | undefined;
afterEach(() => {
  open?.remove();
  open = undefined;
});

function files(content: Parameters<typeof project>[0]) {
  open = project(content);
  return open;
}

const clean = '1 file: no diagnostics.\n';
const bad = 'FROM a:1\nADD x y\n';

test('what a person types first, and sees', async () => {
  const { root } = files({ Dockerfile: 'FROM node:latest\nADD . /app\n' });
  expect(await runCheck(root, [])).toEqual({
    status: 1,
    err: '',
    out: `info[latest]: latest is not liked
 --> Dockerfile:1:11
  |
1 | FROM node:latest
  |           ^^^^^^
  = help: pin the tag (fix is unsafe)

warning[add]: ADD is not liked
 --> Dockerfile:2:1
  |
2 | ADD . /app
  | ^^^
  = help: replace ADD by COPY (fix is safe)

Checklist                                              Dockerfile
  ✔ 1 point 1
  ✔ 2 point 2
  ✘ 3 point 3                                          1 diagnostic, 1 fixable
  ✔ 4 point 4
  ✔ 5 point 5
  ✘ 6 point 6                                          1 diagnostic, 1 fixable
  ✔ 7 point 7
1 file: 1 warning, 1 info, 1 fixable with --fix, 1 more with --fix --unsafe-fixes.
`,
  });
});

describe('exit status', () => {
  test('0 when nothing remains at the level that fails', async () => {
    const { root } = files({ Dockerfile: 'FROM a:latest\n' });
    expect((await runCheck(root, [])).status).toBe(0);
    expect((await runCheck(root, ['--fail-on', 'info'])).status).toBe(1);
    expect((await runCheck(root, ['--fail-on=error'])).status).toBe(0);
  });

  test('1 from --fail-on on', async () => {
    const { root } = files({ Dockerfile: 'ENV PASSWORD=x\n' });
    expect((await runCheck(root, ['--fail-on', 'error'])).status).toBe(1);
    expect((await runCheck(root, ['--fail-on', 'never'])).status).toBe(0);
  });

  test('--diff: 1 when it is not empty', async () => {
    const { root } = files({ Dockerfile: bad });
    expect((await runCheck(root, ['--diff', '--fail-on', 'never'])).status).toBe(1);
  });

  test('2 when a named path cannot be read, whatever the others say', async () => {
    const { root } = files({ Dockerfile: bad });
    const { status, out, err } = await runCheck(root, ['missing', 'Dockerfile', '--format', 'line']);
    expect(status).toBe(2);
    expect(err).toBe('error: missing does not exist: check the path\n');
    expect(out).toBe('Dockerfile:2:1: warning add ADD is not liked\n');
  });
});

describe('bad input is one clear line, and the other files are checked', () => {
  const one = async (content: Parameters<typeof project>[0], ...args: string[]) => {
    const { root } = files({ 'good/Dockerfile': bad, ...content });
    const told = await runCheck(root, [...args, 'good', '--format=line']);
    expect(told.out).toContain('good/Dockerfile:2:1: warning add');
    return told;
  };

  test('a directory without Dockerfiles', async () => {
    const { status, err } = await one({ 'empty/main.go': '' }, 'empty');
    expect(status).toBe(2);
    expect(err).toMatch(/^error: empty holds no Dockerfile: looked for .*\n$/);
  });

  test('a binary file', async () => {
    const { status, err } = await one({ binary: Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1) }, 'binary');
    expect(status).toBe(2);
    expect(err).toBe('error: binary is a binary file: a Dockerfile is text: check that the path is right\n');
  });

  test('a template by its name', async () => {
    const { status, err } = await one({ 'Dockerfile.j2': 'FROM {{ x }}\n' }, 'Dockerfile.j2');
    expect(status).toBe(2);
    expect(err).toMatch(/^error: Dockerfile\.j2 is a template, not a Dockerfile: render it.*\n$/);
  });

  test('a template by its content: an error when it was named, a note when it was found', async () => {
    const content = { 'app/Dockerfile': 'FROM {{ x }}\n' };
    expect((await one(content, 'app/Dockerfile')).status).toBe(2);
    const { status, err } = await one(content, 'app');
    expect(status).toBe(1);
    expect(err).toMatch(/^note: app\/Dockerfile is a template: \{\{ stands where.*\n$/);
  });

  test('an ignore file is passed by', async () => {
    const { status, err } = await one({ 'Dockerfile.dockerignore': '.git\n' }, 'Dockerfile.dockerignore');
    expect(status).toBe(1);
    expect(err).toMatch(/^note: Dockerfile\.dockerignore is an ignore file.*\n$/);
  });

  test('an internal error of ours on one file', async () => {
    const { status, err } = await one({ crash: '# crash\n' }, 'crash');
    expect(status).toBe(2);
    expect(err).toMatch(
      /^error: crash: internal error: Error: boom\n {4}at [\s\S]*\nthis is a bug in layerwise \d+\.\d+\.\d+: please report it/,
    );
  });

  test('an empty file, a Windows file, a file of 10 MB', async () => {
    const { root } = files({
      empty: '',
      windows: '# escape=`\r\nFROM a:1\r\nADD x `\r\n  y\r\n',
      huge: Buffer.alloc(10 * 1024 * 1024, `RUN ${'x'.repeat(95)}\n`),
    });
    expect(await runCheck(root, ['empty', '--format=line'])).toEqual({ status: 0, out: '', err: '' });
    expect((await runCheck(root, ['windows', '--format=line'])).out).toBe(
      'windows:3:1: warning add ADD is not liked\n',
    );
    expect(await runCheck(root, ['huge', '--format=line'])).toEqual({ status: 0, out: '', err: '' });
  });

  test('nothing that could be checked at all', async () => {
    const { root } = files({ '.dockerignore': '' });
    expect((await runCheck(root, ['.dockerignore'])).status).toBe(2);
  });
});

describe('fixing', () => {
  test('--fix writes, and reports on what is left', async () => {
    const { root, read } = files({ Dockerfile: 'FROM a:latest\r\nADD x y\r\n' });
    const { status, out } = await runCheck(root, ['--fix', '--fail-on=info']);
    expect(read('Dockerfile')).toBe('FROM a:latest\r\nCOPY x y\r\n');
    expect(status).toBe(1);
    expect(out).not.toContain('warning[add]');
    expect(out.split('\n').at(-2)).toBe('1 file: 1 fixed, 1 info left, 1 fixable with --fix --unsafe-fixes.');
  });

  test('--fix twice changes nothing more', async () => {
    const { root, read } = files({ Dockerfile: bad });
    await runCheck(root, ['--fix']);
    const once = read('Dockerfile');
    const { out, status } = await runCheck(root, ['--fix']);
    expect(read('Dockerfile')).toBe(once);
    expect([out, status]).toEqual(['1 file: 0 fixed, no diagnostics, checklist 7/7.\n', 0]);
  });

  test('--unsafe-fixes writes the others too, but nothing without --fix', async () => {
    const { root, read } = files({ Dockerfile: 'FROM a:latest\n' });
    const { status, err } = await runCheck(root, ['--unsafe-fixes']);
    expect([status, err]).toEqual([
      2,
      'error: --unsafe-fixes changes nothing by itself: add --fix to apply them, or --diff to look at them\n',
    ]);
    expect(read('Dockerfile')).toBe('FROM a:latest\n');
    await runCheck(root, ['--fix', '--unsafe-fixes']);
    expect(read('Dockerfile')).toBe('FROM a:12\n');
  });

  test('--diff prints a patch that git applies, and writes nothing', async () => {
    const { root, read } = files({ Dockerfile: bad, 'sub dir/Dockerfile': 'FROM a:1\r\nADD x y' });
    const { out, err } = await runCheck(root, ['--diff']);
    expect(read('Dockerfile')).toBe(bad);
    expect(err).toBe('2 files: 2 would be fixed in 2 files, no diagnostics, checklist 7/7.\n');
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['apply'], { cwd: root, input: out });
    expect(read('Dockerfile')).toBe('FROM a:1\nCOPY x y\n');
    expect(read('sub dir/Dockerfile')).toBe('FROM a:1\r\nCOPY x y');
  });

  test('--diff of files above: names start from the folder that holds all of them, and a note says so', async () => {
    const { root, read } = files({ 'a/Dockerfile': bad, 'b/c/Dockerfile': bad, 'b/c/d/x': '' });
    const cwd = join(root, 'b/c/d');
    const { out, err } = await runCheck(cwd, ['--diff', '../Dockerfile', join(root, 'a/Dockerfile')]);
    expect(out).toContain('--- a/b/c/Dockerfile\n');
    expect(out).toContain('+++ b/a/Dockerfile\n');
    expect(err).toContain(
      'note: names in the patch start from ../../..: apply it with git -C ../../.. apply, or patch -p1 -d ../../..\n',
    );
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['-C', '../../..', 'apply'], { cwd, input: out });
    expect(read('a/Dockerfile')).toBe('FROM a:1\nCOPY x y\n');
    expect(read('b/c/Dockerfile')).toBe('FROM a:1\nCOPY x y\n');
  });

  test('--diff leaves out the change that would show a secret, and says so', async () => {
    const { root } = files({ Dockerfile: 'ADD x y\nENV PASSWORD=hunter2\n' });
    const { out, err } = await runCheck(root, ['--diff']);
    expect(out).not.toContain('hunter2');
    expect(err).toContain('note: Dockerfile: one change would show a secret, and is left out; use --fix\n');
  });

  test('--diff on a terminal shows what would steer it', async () => {
    const { root } = files({ Dockerfile: 'ADD x y\n# \u001b]0;x\n' });
    const { out } = await runCheck(root, ['--diff', '--color=never'], { terminal: true });
    expect(out).toContain(' # ␛]0;x\n');
  });
});

describe('standard input', () => {
  test('is checked under the name that it is given', async () => {
    const { root } = files({ 'app/x': '' });
    const told = await runCheck(root, ['-', '--stdin-filename', 'app/Dockerfile', '--format=line'], { stdin: bad });
    expect(told).toEqual({ status: 1, out: 'app/Dockerfile:2:1: warning add ADD is not liked\n', err: '' });
  });

  test('has no context without a name', async () => {
    const { root } = files({ x: '' });
    const named = await runCheck(root, ['-', '--stdin-filename=Dockerfile'], { stdin: '# wants x\n' });
    expect(named.out).toBe('1 file: no diagnostics, checklist 7/7.\n');
    const unnamed = await runCheck(root, ['-'], { stdin: '# wants x\n' });
    expect(unnamed.out).toBe('1 file: no diagnostics, checklist 7/7. 1 rule skipped: it needs --stdin-filename.\n');
    const given = await runCheck(root, ['-', '--context=.'], { stdin: '# wants x\n' });
    expect(given.out).toBe('1 file: no diagnostics, checklist 7/7.\n');
  });

  test('--fix is a filter: the text on standard output, the report on the other', async () => {
    const { root } = files({});
    const { out, err, status } = await runCheck(root, ['-', '--fix', '--format=line'], {
      stdin: 'FROM a:latest\r\nADD x y',
    });
    expect(out).toBe('FROM a:latest\r\nCOPY x y');
    expect(err).toBe('<stdin>:1:8: info latest latest is not liked\n');
    expect(status).toBe(0);
  });

  test('--fix gives bytes back that it cannot read', async () => {
    const { root } = files({});
    const told = await runCheck(root, ['-', '--fix', '--quiet'], { stdin: Buffer.of(0x23, 0xff, 0x0a) });
    expect(told.status).toBe(0);
    expect(told.out).toBe('#\ufffd\n');
  });

  test('--diff', async () => {
    const { root } = files({});
    const { out } = await runCheck(root, ['-', '--diff', '--stdin-filename=Dockerfile'], { stdin: bad });
    expect(out).toMatch(/^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n/);
  });

  test('binary', async () => {
    const { root } = files({});
    const told = await runCheck(root, ['-'], { stdin: Buffer.of(0, 1, 2) });
    expect(told.status).toBe(2);
    expect(told.err).toMatch(/^error: <stdin> is a binary file/);
  });
});

describe('output', () => {
  test('json of several files, failures among them', async () => {
    const { root } = files({ a: bad, b: 'FROM a:1\n' });
    const { out, status } = await runCheck(root, ['a', 'missing', 'b', '--format', 'json']);
    const { files: entries, summary } = JSON.parse(out);
    expect(entries.map(({ file }: { file: string }) => file)).toEqual(['missing', 'a', 'b']);
    expect(summary).toMatchObject({ files: 2, levels: { warning: 1 }, notChecked: { failed: 1 } });
    expect(status).toBe(2);
  });

  test('--quiet leaves only diagnostics', async () => {
    const { root } = files({ Dockerfile: 'FROM a:1\n' });
    expect(await runCheck(root, ['-q'])).toEqual({ status: 0, out: '', err: '' });
  });

  test('colour: --color, then NO_COLOR, then FORCE_COLOR, then the terminal', async () => {
    const { root } = files({ Dockerfile: bad });
    const coloured = async (args: string[], env: Record<string, string> = {}, terminal = false) =>
      (await runCheck(root, args, { env, terminal })).out.includes('\u001b[');
    expect(await coloured([])).toBe(false);
    expect(await coloured([], {}, true)).toBe(true);
    expect(await coloured([], { TERM: 'dumb' }, true)).toBe(false);
    expect(await coloured([], { NO_COLOR: '1' }, true)).toBe(false);
    expect(await coloured([], { NO_COLOR: '', FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured([], { FORCE_COLOR: '0' }, true)).toBe(false);
    expect(await coloured(['--color=always'], { NO_COLOR: '1' })).toBe(true);
    expect(await coloured(['--color', 'never'], { FORCE_COLOR: '1' }, true)).toBe(false);
  });

  test('a reader that went away ends the run, but not the fixing', async () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`d${i}/Dockerfile`, bad]));
    const { root, read } = files(many);
    const { out } = await runCheck(root, ['--format=line'], { closesAfter: 2 });
    expect(out.split('\n')).toHaveLength(3);
    await runCheck(root, ['--fix', '--format=line'], { closesAfter: 0 });
    expect(read('d9/Dockerfile')).toBe('FROM a:1\nCOPY x y\n');
  });
});

describe('choosing rules', () => {
  test('--only, by id or by what another tool calls it', async () => {
    const { root } = files({ Dockerfile: 'FROM a:latest\nADD x y\n' });
    expect((await runCheck(root, ['--only=latest', '--format=line'])).out).toMatch(/^Dockerfile:1:8: info latest.*\n$/);
    expect((await runCheck(root, ['--only', 'DL3020', '--format=line'])).out).toMatch(
      /^Dockerfile:2:1: warning add.*\n$/,
    );
    expect((await runCheck(root, ['--only=latest,hadolint/DL3020', '--format=line'])).out.split('\n')).toHaveLength(3);
    expect((await runCheck(root, ['--only=latest'])).out).not.toContain('Checklist');
  });

  test('--off', async () => {
    const { root } = files({ Dockerfile: 'FROM a:latest\nADD x y\n' });
    expect((await runCheck(root, ['--off=add', '--format=line'])).out).toMatch(/^Dockerfile:1:8: info latest.*\n$/);
  });

  test('a rule that there is not', async () => {
    const { root } = files({});
    expect(await runCheck(root, ['--only=latst'])).toEqual({
      status: 2,
      out: '',
      err: 'error: no rule is called latst: did you mean latest?\n',
    });
    expect((await runCheck(root, ['--off=DL9999999'])).err).toBe(
      'error: no rule is called DL9999999: layerwise rules lists them\n',
    );
  });
});

test('a target and a context that are not there are told', async () => {
  const { root } = files({
    Dockerfile: 'FROM a:1 AS build\nFROM a:1 AS run\n',
    'one/Dockerfile': 'FROM a:1 AS nosuch\n',
  });
  const told = async (...args: readonly string[]) => {
    const io = memoryIo(root);
    const status = await main([...args, '--fail-on=never'], io);
    return { status, ...io.told() };
  };
  const { status, out, err } = await told('--target=nosuch', '--format=line');
  expect([status, err]).toEqual([2, 'error: Dockerfile has no stage nosuch: its stages: build, run\n']);
  expect(out).toMatch(/^one\/Dockerfile:/);
  expect(await told('--fix', '--target=nosuch', 'Dockerfile')).toMatchObject({ status: 2, err });
  expect((await told('--target=BUILD', 'Dockerfile')).status).toBe(0);
  expect(await told('--context=nowhere')).toEqual({
    status: 2,
    out: '',
    err: 'error: --context nowhere is no directory: it is the directory that docker build is given\n',
  });
});

test('a file that a generator wrote without end is told, and not gone through', async () => {
  const { root } = files({ Dockerfile: `FROM a:1\n${'RUN apt-get update\n'.repeat(30_000)}` });
  for (const fix of [[], ['--fix']]) {
    const io = memoryIo(root);
    expect(await main([...fix], io)).toBe(2);
    expect(io.told().err).toBe(
      'error: Dockerfile has 30001 instructions, and more than 25000 are not checked: no engine builds an image of more than 127 layers: look at what generates the file\n',
    );
  }
});

test('an output that cannot be written is told as that, not as a bug', async () => {
  const { root } = files({ Dockerfile: 'FROM a:1\n' });
  const io = memoryIo(root);
  const full = {
    ...io.out,
    isTerminal: false,
    write: () => {
      throw new NotWritten('the output cannot be written: no space left');
    },
  };
  expect(await main(['--fail-on=never'], { ...io, out: full })).toBe(2);
  expect(io.told().err).toBe('error: the output cannot be written: no space left\n');
});

describe('--changed', () => {
  const repository = () => {
    const here = files({ Dockerfile: 'FROM a:1\n', 'app/Dockerfile': 'FROM a:1\n', 'app/main.go': '' });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
        cwd: here.root,
        stdio: 'pipe',
      });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'one');
    git('checkout', '-qb', 'branch');
    execFileSync('sh', ['-c', 'echo ADD x y >> app/Dockerfile; echo x >> app/main.go'], { cwd: here.root });
    git('commit', '-qam', 'two');
    execFileSync('sh', ['-c', 'echo ADD x y > Dockerfile.new'], { cwd: here.root });
    return here.root;
  };

  test('since the last commit, or since a branch', async () => {
    const root = repository();
    const names = async (...args: string[]) =>
      (await runCheck(root, [...args, '--format=line'])).out.split('\n').flatMap((row) => row.split(':')[0] || []);
    expect(await names('--changed')).toEqual(['Dockerfile.new']);
    expect(await names('--changed=main')).toEqual(['Dockerfile.new', 'app/Dockerfile']);
    expect(await names('--changed', 'main')).toEqual(['Dockerfile.new', 'app/Dockerfile']);
    expect(await names('--changed=main', 'app')).toEqual(['app/Dockerfile']);
    expect(await names('--changed', 'app')).toEqual([]);
  });

  test('paths outside of the working directory, and from outside of the repository', async () => {
    const root = repository();
    mkdirSync(join(root, 'lib'));
    const names = async (cwd: string, ...args: string[]) =>
      (await runCheck(cwd, ['--changed=main', ...args, '--format=line'])).out
        .split('\n')
        .flatMap((row) => row.split(':')[0] || []);
    expect(await names(join(root, 'lib'), '../app')).toEqual(['../app/Dockerfile']);
    expect(await names(join(root, 'lib'), '../app/Dockerfile', '..')).toEqual([
      '../app/Dockerfile',
      '../Dockerfile.new',
    ]);
    expect((await names(tmpdir(), join(root, 'app'))).map((name) => resolve(tmpdir(), name))).toEqual([
      join(root, 'app/Dockerfile'),
    ]);
  });

  test('a path that does not exist is told, and the others are checked', async () => {
    const root = repository();
    expect(await runCheck(root, ['--changed=main', 'missing', 'app', '--format=line'])).toMatchObject({
      status: 2,
      err: 'error: missing does not exist: check the path\n',
      out: 'app/Dockerfile:2:1: warning add ADD is not liked\n',
    });
  });

  test('a name that is a path and a branch is asked back', async () => {
    const root = repository();
    mkdirSync(join(root, 'main'));
    writeFileSync(join(root, 'main/Dockerfile'), 'FROM a:1\nADD x y\n');
    expect(await runCheck(root, ['--changed', 'main'])).toEqual({
      status: 2,
      out: '',
      err: 'error: main is a path and a git revision: write --changed=main, or ./main\n',
    });
    expect((await runCheck(root, ['--changed', './main', '--format=line'])).out).toMatch(/^main\/Dockerfile:2/);
  });

  test('nothing changed is nothing to do', async () => {
    const root = repository();
    expect(await runCheck(root, ['--changed', 'app'])).toEqual({
      status: 0,
      out: '0 files: no diagnostics.\n',
      err: '',
    });
  });

  test('a revision that is none', async () => {
    const root = repository();
    expect(await runCheck(root, ['--changed=nowhere'])).toEqual({
      status: 2,
      out: '',
      err: 'error: --changed: git knows no revision nowhere: fetch it first, or name another one\n',
    });
  });
});

test.each([
  [
    ['-', 'x'],
    'error: - stands for standard input and cannot be mixed with paths: layerwise check --help tells more\n',
  ],
  [['-', '--changed'], 'error: --changed looks at files, not at standard input: layerwise check --help tells more\n'],
  [['--stdin-filename=x'], 'error: --stdin-filename names what comes on standard input: add - to read from there\n'],
  [['--diff', '--format=json'], 'error: --diff prints a patch, not json: leave --format out\n'],
])('%j do not go together', async (args, err) => {
  const { root } = files({ Dockerfile: 'FROM a:1\n' });
  expect(await runCheck(root, args)).toEqual({ status: 2, out: '', err });
});

test('a directory with one clean file', async () => {
  const { root } = files({ 'a/b/Dockerfile': 'FROM a:1\n' });
  expect((await runCheck(root, ['a'])).out).toBe(clean.replace('.\n', ', checklist 7/7.\n'));
});
