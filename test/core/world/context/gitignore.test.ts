import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { decide, ignorePatterns, translateGitignore } from '../../../../src/core/world/context/index.ts';

test.each([
  ['a', '**/a'],
  ['/a', 'a'],
  ['a/b', 'a/b'],
  ['a/', '**/a'],
  ['/a/', 'a'],
  ['**/a', '**/a'],
  ['a/**', 'a/**'],
  ['!a', '!**/a'],
  ['\\!a', '**/\\!a'],
  ['\\#a', '**/\\#a'],
  ['/#a', '\\#a'],
  ['/!a', '\\!a'],
  ['a\\ ', '**/a[ ]'],
  ['a  \r', '**/a'],
  ['[!a]b', '**/[^a]b'],
  ['*.{js,ts}', '**/*.\\{js,ts\\}'],
])('%j is %j', (git, docker) => {
  expect(translateGitignore(`# x\n\n${git}\n`, '')?.map(({ pattern }) => pattern)).toEqual([docker]);
});

test('below its folder, with its line, and whether it means directories', () => {
  expect(translateGitignore('a\n/b/\n', 'x[1]/y')).toEqual([
    { pattern: 'x\\[1\\]/y/**/a', line: 1, directories: false },
    { pattern: 'x\\[1\\]/y/b', line: 2, directories: true },
  ]);
});

test.each(['*\n!src\n', '/*\n!/src\n', '**\n'])('a list of what to keep is not translated: %j', (text) => {
  expect(translateGitignore(text, '')).toBeUndefined();
});

test('git itself leaves out the same files', () => {
  const files = [
    ...[
      'a',
      'b/a',
      'b/c/a',
      'x.log',
      'keep.log',
      'b/keep.log',
      'out/x',
      'b/out/x',
      'b/c/x.tmp',
      'ax',
      'bx',
      'b1',
      'c2',
      'b/#h',
      '!n',
    ],
    ...[
      'x.{js,ts}',
      'x.js',
      'b/x|y',
      'd^e',
      'de',
      'b/doc/z',
      'doc/z',
      'doc/w/z',
      'sp ',
      'q/deep/er/f',
      'q/f',
      'a+b',
      '[z]',
    ],
  ];
  const patterns = [
    ...[
      'a',
      '/a',
      'b/a',
      'out/',
      '/out',
      '*.log\n!keep.log',
      'b/*.tmp',
      'b/**/x.tmp',
      '[ab]x',
      '[!ab]?',
      '\\#h',
      '\\!n',
      '*.{js,ts}',
    ],
    ...[
      'x*|y',
      'd^*',
      '?^e',
      'doc/*',
      'doc/**',
      '**/doc',
      'sp\\ ',
      'q/**/f',
      '**/f',
      'a+*',
      '\\[z]',
      '*z*',
      'b/',
      'c',
      'b/c/',
    ],
  ];
  const root = mkdtempSync(join(tmpdir(), 'layerwise-gitignore-'));
  try {
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' });
    git('init', '-q');
    for (const text of patterns) {
      writeFileSync(join(root, '.gitignore'), `${text}\n`);
      const theirs = git('ls-files', '-z', '--others', '--ignored', '--exclude-standard').split('\0').filter(Boolean);
      const translated = translateGitignore(text, '') ?? [];
      const ours = ignorePatterns(translated.map(({ pattern }) => pattern));
      if ('refused' in ours) throw new Error(`${text}: ${ours.refused}`);
      const left = files.filter((file) => {
        const decision = decide(ours, file);
        return 'by' in decision && decision.ignored;
      });
      expect(left.sort(), text).toEqual(theirs.sort());
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});
