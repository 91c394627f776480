import { expect, test } from 'vitest';
import { cleanPath, ignorePatterns } from '../../../../src/core/world/context/index.ts';

test.each([
  ['', '.'],
  ['./a//b/', 'a/b'],
  ['a/../../b', '../b'],
  ['/../a', '/a'],
  ['/', '/'],
])('cleans %j to %j', (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

test.each([
  ['node_modules', 'node_modules/x/y.js', true],
  ['/dist', 'dist', true],
  ['*.md', 'README.md', true],
  ['*.md', 'docs/README.md', false],
  ['**/*.md', 'docs/README.md', true],
  ['**/*.md', 'README.md', true],
  ['docs/**', 'docs', false],
  ['docs/**', 'docs/a/b', true],
  ['a/**/b', 'a/b', true],
  ['a?c', 'a/c', false],
  ['[^a]b', 'cb', true],
])('%j leaves out %j: %j', (pattern, path, left) => {
  expect(ignorePatterns([pattern])?.matching(path)).toBe(left ? pattern.replace(/^\//, '') : undefined);
});

test('says what BuildKit refuses, what lets files in again, and what leaves out everything', () => {
  expect(ignorePatterns(['a', '['])).toBeUndefined();
  expect(ignorePatterns(['!'])).toBeUndefined();
  expect(ignorePatterns(['*', '!a'])).toMatchObject({ exceptions: true, everything: true });
  expect(ignorePatterns(['a'])).toMatchObject({ exceptions: false, everything: false });
});

test('many stars on a long path take no time', () => {
  const started = performance.now();
  expect(ignorePatterns([`${'*a'.repeat(50)}*b`])?.matching('a'.repeat(5000))).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(2000);
});
