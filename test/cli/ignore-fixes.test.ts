import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { memoryIo, project } from './run.ts';

let open: ReturnType<typeof project> | undefined;
afterEach(() => {
  open?.remove();
  open = undefined;
});

const dockerfile = 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "a.js"]\n';
const files = {
  Dockerfile: dockerfile,
  'Dockerfile.dev': dockerfile,
  'package.json': '{}',
  'a.js': '',
  'node_modules/b/index.js': '',
};

async function run(args: readonly string[], content: Readonly<Record<string, string>> = files, stdin = '') {
  open ??= project(content);
  const io = memoryIo(open.root, { stdin });
  const status = await main(['check', ...args], io);
  return { status, ...io.told(), root: open.root, read: open.read };
}

test('a check that changes nothing names what would write the ignore file', async () => {
  const { out, root } = await run(['Dockerfile']);
  expect(out).toContain('warning[ignore-file-missing]');
  expect(out).toContain('`check --fix --unsafe-fixes` or `layerwise context --write`');
  expect(existsSync(join(root, '.dockerignore'))).toBe(false);
});

test.each(['1', '2'])('--diff shows the file that two Dockerfiles share once, with %s jobs', async (jobs) => {
  const { out, root } = await run(['--diff', '--unsafe-fixes', '--jobs', jobs]);
  expect(out.match(/^\+\+\+ .*$/gm)).toEqual(['+++ b/Dockerfile', '+++ b/.dockerignore', '+++ b/Dockerfile.dev']);
  expect(out).toContain('+**/node_modules\n');
  expect(existsSync(join(root, '.dockerignore'))).toBe(false);
});

test.each(['1', '2'])(
  '--fix writes it with the first Dockerfile, and a second run changes nothing, with %s jobs',
  async (jobs) => {
    const { err, read } = await run(['--fix', '--unsafe-fixes', '--jobs', jobs]);
    expect(err).toBe('note: .dockerignore is new: see what it leaves out\n');
    const written = read('.dockerignore');
    expect(written).toContain('**/node_modules\n');
    expect(written).not.toMatch(/^(?:a\.js|package)/m);
    const fixed = [read('Dockerfile'), read('Dockerfile.dev')];
    expect(fixed[0]).toContain('USER 1000:1000');
    const again = await run(['--fix', '--unsafe-fixes', '--jobs', jobs]);
    expect(again.out).toContain(': 0 fixed');
    expect([read('Dockerfile'), read('Dockerfile.dev'), read('.dockerignore')]).toEqual([...fixed, written]);
  },
);

test('an ignore file that forgot something gets it behind what it says', async () => {
  const { read } = await run(['--fix', '--unsafe-fixes'], { ...files, '.dockerignore': '*.log' });
  expect(read('.dockerignore')).toMatch(/^\*\.log\n\n# .*\n\*\*\/node_modules\n/m);
});

test('safe fixes alone write no ignore file', async () => {
  const { root } = await run(['--fix']);
  expect(existsSync(join(root, '.dockerignore'))).toBe(false);
});

test('a text that goes through a pipe has no other file written', async () => {
  const { out, root } = await run(
    ['--fix', '--unsafe-fixes', '-', '--stdin-filename', 'Dockerfile'],
    files,
    dockerfile,
  );
  expect(out).toContain('USER 1000:1000');
  expect(existsSync(join(root, '.dockerignore'))).toBe(false);
});

test('what COPY names and an ignore file leaves out is let in again', async () => {
  const { read } = await run(['--fix', '--unsafe-fixes'], {
    Dockerfile: 'FROM debian:12-slim\nCOPY app.conf /etc/\n',
    'app.conf': '',
    '.dockerignore': '*.conf\r\n',
  });
  expect(read('.dockerignore')).toBe('*.conf\r\n\r\n# copied by name\r\n!app.conf\r\n');
});

test('JSON tells of the other file', async () => {
  const { out } = await run(['--fix', '--unsafe-fixes', '--format', 'json', 'Dockerfile']);
  const [file] = (JSON.parse(out) as { files: { fixed: { others: object[] } }[] }).files;
  expect(file?.fixed.others).toEqual([{ file: '.dockerignore', before: null, after: expect.stringContaining('.git') }]);
});
