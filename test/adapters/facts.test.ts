import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diskFacts, noFacts } from '../../src/adapters/facts.ts';
import type { Json } from '../../src/core/vocabulary/index.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'layerwise-facts-'));
  mkdirSync(join(root, 'app/src'), { recursive: true });
  mkdirSync(join(root, 'bare'));
  writeFileSync(join(root, 'secret'), 'x');
  writeFileSync(join(root, 'app/a.tar.gz'), gzipSync('x'));
  writeFileSync(join(root, 'app/fake.tar.gz'), '<html>');
  writeFileSync(join(root, 'app/empty'), '');
  writeFileSync(join(root, 'app/package.json'), '{}');
  writeFileSync(join(root, 'app/.dockerignore'), '\ufeff# comment\n\n  .git  \r\n#no\n !keep\n #pattern\n');
  writeFileSync(join(root, 'app/Dockerfile.dev.dockerignore'), '*\n');
  writeFileSync(join(root, 'app/start.sh'), '#!/bin/sh\nexec größe\n');
  writeFileSync(join(root, 'app/latin1.sh'), Uint8Array.of(0x67, 0x72, 0xf6, 0xdf));
  writeFileSync(join(root, 'app/program'), Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0));
  writeFileSync(join(root, 'app/longest.js'), 'x'.repeat(64 * 1024));
  writeFileSync(join(root, 'app/too-long.js'), 'x'.repeat(64 * 1024 + 1));
  writeFileSync(join(root, 'app/.env'), 'TOKEN=x');
  symlinkSync('.env', join(root, 'app/env.sh'));
  symlinkSync('start.sh', join(root, 'app/run.sh'));
  symlinkSync('../secret', join(root, 'app/out'));
  symlinkSync('a.tar.gz', join(root, 'app/in'));
  symlinkSync('../bare', join(root, 'app/outside'));
  symlinkSync('nowhere', join(root, 'app/dangling'));
});
afterAll(() => rmSync(root, { recursive: true }));

const ask = async (kind: string, of: Json) => diskFacts(root).answer({ kind, of });
const file = (path: string, context = 'app') => ask('context-file', { context, path });

describe('context-file', () => {
  test.each([
    ['a.tar.gz', { is: 'file', archive: 'gzip' }],
    ['in', { is: 'file', archive: 'gzip' }],
    ['fake.tar.gz', { is: 'file', archive: null }],
    ['empty', { is: 'file', archive: null }],
    ['src', { is: 'directory', archive: null }],
    ['', { is: 'directory', archive: null }],
    ['missing', { is: 'missing', archive: null }],
    ['missing/too', { is: 'missing', archive: null }],
    ['empty/below-a-file', { is: 'missing', archive: null }],
  ])('%s', async (path, value) => expect(await file(path)).toMatchObject({ value, from: 'files' }));

  test.each(['out', '../secret', '/etc/passwd', 'src/../../secret', 'dangling', 'outside/x', 'outside/x/y'])(
    '%s leads out of the context: unknown',
    async (path) => {
      expect(await file(path)).toHaveProperty('unknown');
    },
  );

  test('without a context nothing is known', async () => {
    expect(await file('x', 'nowhere')).toEqual({ unknown: 'the build context does not exist', flag: '--context' });
  });
});

describe('context-text', () => {
  const text = (path: string, context = 'app') => ask('context-text', { context, path });

  test.each([
    ['start.sh', '#!/bin/sh\nexec größe\n'],
    ['run.sh', '#!/bin/sh\nexec größe\n'],
    ['empty', ''],
    ['longest.js', 'x'.repeat(64 * 1024)],
    ['program', null],
    ['src', null],
    ['missing', null],
  ])('%s', async (path, value) => expect(await text(path)).toMatchObject({ value: { text: value }, from: 'files' }));

  test.each([
    ['out', 'a symbolic link out of the build context'],
    ['../secret', 'lies outside of the build context'],
    ['dangling', 'leads nowhere'],
    ['.env', 'by its name it holds settings that are usually secrets'],
    ['env.sh', 'by its name it holds settings that are usually secrets'],
    ['too-long.js', 'is longer than 64 KiB'],
    ['latin1.sh', 'is not valid UTF-8'],
  ])('%s is not read', async (path, why) => {
    expect(await text(path)).toEqual({ unknown: expect.stringContaining(why) });
  });

  test('without a context nothing is known', async () => {
    expect(await text('x', 'nowhere')).toEqual({ unknown: 'the build context does not exist', flag: '--context' });
  });
});

describe('context-head', () => {
  const head = (path: string) => ask('context-head', { context: 'app', path });

  test.each([
    ['start.sh', '#!/bin/sh\nexec größe\n'],
    ['too-long.js', 'x'.repeat(512)],
    ['program', null],
    ['src', null],
    ['missing', null],
  ])('%s', async (path, value) => expect(await head(path)).toMatchObject({ value: { text: value }, from: 'files' }));

  test.each([
    ['out', 'a symbolic link out of the build context'],
    ['../secret', 'lies outside of the build context'],
    ['.env', 'by its name it holds settings that are usually secrets'],
    ['env.sh', 'by its name it holds settings that are usually secrets'],
  ])('%s is not read', async (path, why) => {
    expect(await head(path)).toEqual({ unknown: expect.stringContaining(why) });
  });
});

test('context-root lists the files at the top', async () => {
  expect(await ask('context-root', { context: 'app' })).toMatchObject({
    value: {
      files: [
        '.dockerignore',
        '.env',
        'Dockerfile.dev.dockerignore',
        'a.tar.gz',
        'empty',
        'fake.tar.gz',
        'latin1.sh',
        'longest.js',
        'package.json',
        'program',
        'start.sh',
        'too-long.js',
      ],
    },
  });
  expect(await ask('context-root', { context: 'nowhere' })).toEqual({ unknown: 'cannot be read: ENOENT' });
});

describe('ignore-file', () => {
  test('patterns as BuildKit reads them', async () => {
    expect(await ask('ignore-file', { context: 'app', dockerfile: 'app/Dockerfile' })).toMatchObject({
      value: { file: 'app/.dockerignore', patterns: ['.git', '!keep', '#pattern'] },
    });
  });

  test('the one beside the Dockerfile comes first', async () => {
    expect(await ask('ignore-file', { context: 'app', dockerfile: 'app/Dockerfile.dev' })).toMatchObject({
      value: { file: 'app/Dockerfile.dev.dockerignore', patterns: ['*'] },
    });
  });

  test('none at all', async () => {
    expect(await ask('ignore-file', { context: 'bare', dockerfile: 'bare/Dockerfile' })).toMatchObject({
      value: { file: null, patterns: [] },
    });
  });
});

test('a kind that nobody answers is unknown', async () => {
  expect(await ask('registry-digest', 'x')).toHaveProperty('unknown');
  expect(await noFacts.answer({ kind: 'context-root', of: { context: '.' } })).toMatchObject({
    flag: '--stdin-filename',
  });
});
