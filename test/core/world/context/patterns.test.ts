import { expect, test } from 'vitest';
import {
  cleanPath,
  decide,
  leavesOutEverything,
  parseIgnoreFile,
  readIgnoreFile,
} from '../../../../src/core/world/context/index.ts';
import { cpuNow } from '../../../cpu.ts';

test.each([
  ['', '.'],
  ['./a//b/', 'a/b'],
  ['a/../../b', '../b'],
  ['/../a', '/a'],
  ['/', '/'],
])('cleans %j to %j', (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

/** What decides of a path: the pattern that leaves it out, or why nothing does. */
function by(text: string, path: string): string | undefined {
  const ignored = parseIgnoreFile(text);
  if ('refused' in ignored) return `refused: ${ignored.line}`;
  const decision = decide(ignored, path);
  return 'broken' in decision ? `broken: ${decision.because}` : decision.ignored ? decision.by?.text : undefined;
}

test.each([
  ['node_modules', 'node_modules/x/y.js', 'node_modules'],
  ['/dist', 'dist', 'dist'],
  ['*.md', 'README.md', '*.md'],
  ['*.md', 'docs/README.md', undefined],
  ['**/*.md', 'docs/README.md', '**/*.md'],
  ['**/*.md', 'README.md', '**/*.md'],
  ['docs/**', 'docs', undefined],
  ['docs/**', 'docs/a/b', 'docs/**'],
  ['a/**/b', 'a/b', 'a/**/b'],
  ['a?c', 'a/c', undefined],
  ['[^a]b', 'cb', '[^a]b'],
  ['*\n!a', 'a', undefined],
  ['*\n!a\na', 'a/b', 'a'],
  ['!a\n*', 'a', '*'],
  // What a "/" hides from the reader, the matcher sees.
  ['*\n/!a', 'a', undefined],
  ['\ufeff#a\n#b\n #c', '#c', '#c'],
  ['a\r\n\u0085b\u00a0\r', 'b', 'b'],
  ['**', 'a/b', '**'],
  ['**foo', 'a/xfoo', '**foo'],
  ['**/foo', 'a/xfoo', undefined],
])('%j and %j: %j', (text, path, expected) => {
  expect(by(text, path)).toBe(expected);
});

// The matcher makes regular expressions of patterns with a wildcard, and leaves some characters their meaning there.
test.each([
  ['{a,b}.js', 'a.js', undefined],
  ['*.{js,ts}', 'a.js', undefined],
  ['*.{js,ts}', 'a.{js,ts}', '*.{js,ts}'],
  ['a{2}*', 'aab', 'a{2}*'],
  ['a|b*', 'xb', 'a|b*'],
  ['a|b', 'b', undefined],
  ['\\d*', '1', '\\d*'],
  ['[[:digit:]]x', '1x', '[[:digit:]]x'],
  ['*{2}', 'a', 'broken: a repetition is repeated'],
  ['[z-a]', 'a', 'broken: a range of characters ends before it begins'],
  ['\\q*', 'q', 'broken: an escape has no meaning'],
])('as an expression: %j and %j: %j', (text, path, expected) => {
  expect(by(text, path)).toBe(expected);
});

test.each(['[', 'a\n\n[]', '[a-]', 'a\\', '!', '! ', '!/', '/!', `x\n${'a'.repeat(65536)}`])(
  'BuildKit refuses %j',
  (text) => {
    expect(parseIgnoreFile(text)).toMatchObject({ refused: expect.any(String), line: text.split('\n').length });
  },
);

test('a pattern that is never tried breaks nothing', () => {
  expect(by('![z-a]', 'a')).toBeUndefined();
});

test('tells lines, what lets files in again, and what leaves out everything', () => {
  expect(readIgnoreFile('# a\n\n ! /b/../c \n/d/\n')).toEqual({
    lines: [
      { pattern: '!c', line: 3 },
      { pattern: 'd', line: 4 },
    ],
  });
  const all = parseIgnoreFile('*\n!a');
  if ('refused' in all) throw new Error(all.refused);
  expect(all.exceptions).toBe(true);
  expect(leavesOutEverything(all)).toBe(true);
  const some = parseIgnoreFile('a');
  if ('refused' in some) throw new Error(some.refused);
  expect(some.exceptions).toBe(false);
  expect(leavesOutEverything(some)).toBe(false);
});

test.each([
  ['stars', `${'*a'.repeat(50)}*b`],
  ['directories', `${'**/a'.repeat(200)}/b?`],
  ['repetitions', `${'a{0,900}'.repeat(10)}b*c`],
  ['more than a matcher should hold', `${'a{1000}'.repeat(100)}*`],
  ['a long line', '*'.repeat(60_000)],
])('%s on a long path take no time', (_, pattern) => {
  const started = cpuNow();
  by(pattern, `${'a'.repeat(4000)}c`);
  expect(cpuNow() - started).toBeLessThan(4000);
});
