import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFiles, looksLikeDockerfile, sample } from './files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'corpus-files-'));
  mkdirSync(join(folder, 'b/Dockerfile'), { recursive: true });
  writeFileSync(join(folder, 'Dockerfile'), 'FROM a\n');
  writeFileSync(join(folder, 'b/Dockerfile/app.dockerfile'), 'FROM b\n');
  writeFileSync(join(folder, 'b/Containerfile'), 'FROM a\n');
  writeFileSync(join(folder, 'b/notes.txt'), 'FROM c\n');
  symlinkSync('Dockerfile', join(folder, 'Dockerfile.link'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  'Dockerfile',
  'dockerfile',
  'Dockerfile.dev',
  'Dockerfile.go',
  'Dockerfile-alpine',
  'app.Dockerfile',
  'Containerfile.x',
])('%s is a name of Dockerfiles', (name) => expect(looksLikeDockerfile(name)).toBe(true));
test.each([
  '.dockerignore',
  'Dockerfile.dockerignore',
  'Dockerfiles',
  'mydockerfile',
  'Dockerfile~',
  'dockerfile_test.go',
  'Dockerfile.5.md',
  'dockerfile.go',
])('%s is none', (name) => expect(looksLikeDockerfile(name)).toBe(false));

test('each content once, links and other names not at all', () => {
  expect(findFiles([folder]).map(({ path }) => path.slice(folder.length))).toEqual([
    '/Dockerfile',
    '/b/Dockerfile/app.dockerfile',
  ]);
  expect(findFiles([folder], true)).toHaveLength(3);
});

test('a sample depends on seed and contents only', () => {
  const files = Array.from({ length: 50 }, (_, i) => ({ path: `p${i}`, sum: `s${i}` }));
  const drawn = sample(files, 10, 'seed').map(({ sum }) => sum);
  expect(sample([...files].reverse(), 10, 'seed').map(({ sum }) => sum)).toEqual(drawn);
  expect(sample(files, 10, 'other').map(({ sum }) => sum)).not.toEqual(drawn);
});
