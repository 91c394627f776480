import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { contextSchema } from '../../src/core/reporters/context-schema.ts';
import { cpuNow } from '../cpu.ts';
import { memoryIo, project, type Told } from './run.ts';

const made: { remove(): void }[] = [];
// Ten thousand files take a while to remove on a machine that does other things.
afterEach(() => {
  for (const each of made.splice(0)) each.remove();
}, 60_000);

function given(files: Readonly<Record<string, string>>) {
  const it = project(files);
  made.push(it);
  return it;
}

async function run(cwd: string, ...args: string[]): Promise<Told> {
  const io = memoryIo(cwd);
  const status = await main(['context', ...args], io);
  return { status, ...io.told() };
}

const secret = 's3cr3t-v4lue-of-a-token';
const app = {
  Dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n',
  'package.json': '{}',
  'node_modules/x/index.js': 'x'.repeat(2000),
  '.env': `TOKEN=${secret}\n`,
  '.npmrc': `//registry.npmjs.org/:_authToken=${secret}\n`,
  'src/index.js': 'y',
};

test('tells what is sent and shows what could be left out, and writes nothing', async () => {
  const { root } = given(app);
  const { status, out, err } = await run(root);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toBe(`Build context  ., built by Dockerfile
  on the disk  6 files  2.2 kB
  left out     0 files     0 B  there is no .dockerignore
  sent         6 files  2.2 kB

Largest files that are sent
  node_modules/x/index.js  2.0 kB
  Dockerfile                 68 B
  .npmrc                     57 B
  .env                       30 B
  package.json                2 B
  src/index.js                1 B

What instructions take
  3: COPY package*.json   1 file     2 B
  5: COPY .              6 files  2.2 kB

Secrets that are sent
  .env:1    holds passwords or keys; line 5 copies it
  .npmrc:1  holds registry credentials; line 5 copies it

Made on this machine, and sent
  node_modules  1 file  2.0 kB  packages installed on this machine

6 patterns could be added to .dockerignore, 3 files and 2.1 kB less would be sent (--write does it)
--- /dev/null
+++ b/.dockerignore
@@ -0,0 +1,13 @@
+# packages installed on this machine
+**/node_modules
+
+# the history of the project
+**/.git
+
+# settings that are usually secrets
+**/.env
+**/.env.*
+
+# a change in it changes no image
+Dockerfile
+.dockerignore
not proposed: .npmrc: an installation may read it: give it as a secret mount
`);
});

test('--write makes the file, --check finds nothing then, and the rest of the file stays as it was', async () => {
  const it = given({ ...app, '.dockerignore': '# ours\r\n*.md\r\n' });
  expect((await run(it.root, '--check')).status).toBe(1);
  const written = await run(it.root, '--write');
  expect(written.status).toBe(0);
  expect(written.err).toMatch(/^\.dockerignore: \d+ patterns added, /);
  expect(it.read('.dockerignore')).toMatch(/^# ours\r\n\*\.md\r\n\r\n# packages/);
  expect((await run(it.root, '--check')).status).toBe(0);
});

test('json follows its schema and holds no value of a secret', async () => {
  const { root } = given(app);
  const { status, out } = await run(root, '--format', 'json');
  expect(status).toBe(0);
  const document: unknown = JSON.parse(out);
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validate(contextSchema, document), ajv.errorsText()).toBe(true);
  expect(document).toMatchObject({ schemaVersion: 1, sent: { files: 6 }, proposal: { saves: { files: 3 } } });
  expect(out).not.toContain(secret);
  expect((await run(root)).out).not.toContain(secret);
});

test('that there is nothing to add is said', async () => {
  const { root } = given({ Dockerfile: 'FROM s\nCOPY a /\n', a: '' });
  expect((await run(root)).out).toMatch(/\n\nnothing to add to \.dockerignore\n$/);
  expect((await run(root, '--write')).out).toMatch(/\n\nnothing to add to \.dockerignore\n$/);
  writeFileSync(join(root, '.dockerignore'), '[z-a]\n');
  expect((await run(root, '--check')).out).toMatch(/A build fails[\s\S]*\n\nnothing is proposed\n$/);
});

test('a stage that is not there is said to be missing', async () => {
  const { root } = given({ Dockerfile: 'FROM s AS one\nCOPY a /\nFROM s\n', a: '' });
  expect(await run(root, '--target', 'nope')).toEqual({
    status: 2,
    out: '',
    err: 'error: Dockerfile has no stage nope\n',
  });
  expect((await run(root, '--target', 'One')).out).toContain('COPY a');
  expect((await run(root, '--target', '0')).out).toContain('COPY a');
});

test.skipIf(process.platform !== 'linux')('a name that is not UTF-8 fails a build', async () => {
  const { root } = given({ Dockerfile: 'FROM s\nCOPY . .\n' });
  const name = (text: string) => Buffer.concat([Buffer.from(`${root}/${text}`), Buffer.from([0xff])]);
  writeFileSync(name('bad'), 'x');
  mkdirSync(name('dir'));
  const { out } = await run(root);
  expect(out).toContain('A build fails: the name bad\ufffd is not UTF-8');
  expect(out).toContain('  dir\ufffd  has a name that is not UTF-8: a build fails on it unless it is left out');
  // U+FFFD itself is a letter like others.
  const other = given({ Dockerfile: 'FROM s\nCOPY . .\n', 'good\ufffd': 'x', 'dir\ufffd/a': 'x' });
  expect((await run(other.root)).out).not.toContain('UTF-8');
});

test('a named context is told on its own, by its own ignore file', async () => {
  const { root } = given({
    'app/Dockerfile': 'FROM scratch\nCOPY main /\nCOPY --from=extra sub /d/\n',
    'app/Dockerfile.dockerignore': 'sub\n',
    'app/main': 'm',
    'extra/.dockerignore': '**/no\n',
    'extra/sub/yes': 'yes',
    'extra/sub/no': 'no',
    'extra/other': 'other',
  });
  const { status, out, err } = await run(
    root,
    'app',
    '--build-context',
    'extra=extra',
    '--build-context',
    'x=docker-image://y',
  );
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toContain(`Named context extra  extra
  on the disk    4 files  16 B
  left out        1 file   2 B  by extra/.dockerignore
  not asked for  2 files  11 B  no instruction takes it
  sent            1 file   3 B

Largest files that are sent
  sub/yes  3 B

What instructions take
  3: COPY sub  1 file  3 B
`);
  expect(out).not.toContain('is an image or a named context');
  const json = await run(root, 'app', '--build-context', 'extra=extra', '--format', 'json');
  const document: unknown = JSON.parse(json.out);
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validate(contextSchema, document), ajv.errorsText()).toBe(true);
  expect(document).toMatchObject({ sent: { files: 1 }, named: [{ name: 'extra', sent: { files: 1, bytes: 3 } }] });
  expect((await run(root, 'app', '--build-context', 'extra=none')).err).toContain('none is no directory');
  expect((await run(root, 'app', '--build-context', 'extra')).err).toContain('say NAME=DIR');
});

test("the Dockerfile's own ignore file counts, and is the one that is amended", async () => {
  const it = given({
    ...app,
    'docker/app.Dockerfile': app.Dockerfile,
    'docker/app.Dockerfile.dockerignore': 'src\n',
    '.dockerignore': '*\n',
  });
  const { out } = await run(it.root, '-f', 'docker/app.Dockerfile', '--format', 'json');
  expect(JSON.parse(out)).toMatchObject({
    dockerfile: 'docker/app.Dockerfile',
    ignoreFile: 'docker/app.Dockerfile.dockerignore',
    patterns: [{ text: 'src', files: 1 }],
    proposal: { file: 'docker/app.Dockerfile.dockerignore' },
  });
});

test('what git keeps is not left out', async () => {
  const it = given({ ...app, 'lib/node_modules/kept.js': '' });
  const git = (...args: string[]) => execFileSync('git', ['-C', it.root, ...args]);
  git('init', '-q');
  git('add', '-f', 'lib', 'package.json', 'Dockerfile', '.env');
  const { out } = await run(it.root);
  expect(out).toContain('not proposed: **/node_modules: git keeps lib/node_modules/kept.js');
  expect(out).toContain('not proposed: **/.env: git keeps .env');
  expect(out).toMatch(/^\+node_modules$/m);
});

test('another directory, and a stage', async () => {
  const it = given({ 'app/Dockerfile': 'FROM a AS one\nCOPY x /x\nFROM b\nCOPY y /y\n', 'app/x': '1', 'app/y': '22' });
  const sent = async (...args: string[]) =>
    JSON.parse((await run(it.root, 'app', '--format', 'json', ...args)).out).sent;
  expect(await sent()).toEqual({ files: 1, bytes: 2 });
  expect(await sent('--target', 'one')).toEqual({ files: 1, bytes: 1 });
});

test.each([
  [{ README: '' }, [], 'no Dockerfile'],
  [{ 'Dockerfile.a': 'FROM a\n', 'Dockerfile.b': 'FROM a\n' }, [], 'Dockerfile.a, Dockerfile.b'],
  [app, ['nowhere'], 'nowhere is no directory'],
  [app, ['a', 'b'], 'takes one directory'],
  [app, ['--write', '--check'], '--check writes nothing'],
  [app, ['-f', 'gone'], 'gone does not exist'],
] as const)('what cannot be done is said in one line: %#', async (files, args, says) => {
  const { status, err, out } = await run(given(files).root, ...args);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(says);
  expect(err.trimEnd()).not.toContain('\n');
});

test('a pattern that BuildKit refuses, links and submodules are told; the rest is shown', async () => {
  const { root } = given({ ...app, '.dockerignore': 'src\n[\n', 'lib/.git': 'gitdir: ../.git/modules/lib\n' });
  symlinkSync('/etc/hostname', join(root, 'abs'));
  const { status, out } = await run(root);
  expect(status).toBe(0);
  expect((await run(root, '--check')).status).toBe(1);
  expect(out).toContain('A build fails: line 2 of the ignore file');
  expect(out).toMatch(/\n {2}abs +is a symbolic link to an absolute path/);
  expect(out).toMatch(/\n {2}lib +is a submodule/);
  expect(out).toMatch(/sent +9 files/);
});

test('an ignore file that cannot be read is an error, not an empty one', async () => {
  const { root } = given(app);
  symlinkSync('.dockerignore', join(root, '.dockerignore'));
  const { status, err } = await run(root, '--write');
  expect({ status, err }).toEqual({ status: 2, err: 'error: .dockerignore is a symbolic link that leads to itself\n' });
});

test.skipIf(process.getuid?.() === 0)('a directory that cannot be read', async () => {
  const { root } = given(app);
  mkdirSync(join(root, 'locked'), { mode: 0o000 });
  const { out } = await run(root);
  chmodSync(join(root, 'locked'), 0o755);
  expect(out).toContain('A build fails: locked cannot be read');
});

test('10,000 files take a few seconds at most', async () => {
  const { root } = given({ ...app, '.dockerignore': '*.md\n**/*.log\n!keep.log\n' });
  for (let i = 0; i < 100; i++) {
    mkdirSync(join(root, `d${i}`));
    for (let j = 0; j < 100; j++) writeFileSync(join(root, `d${i}`, `${j}.${j % 2 ? 'log' : 'js'}`), 'x');
  }
  const started = cpuNow();
  const { out } = await run(root, '--format', 'json');
  expect(cpuNow() - started).toBeLessThan(20_000);
  expect(JSON.parse(out)).toMatchObject({ onDisk: { files: 10_007 }, ignored: { files: 5000 } });
});
