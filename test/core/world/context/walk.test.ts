import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ContextEntry,
  gateOf,
  ignorePatterns,
  parseIgnoreFile,
  walkContext,
} from '../../../../src/core/world/context/index.ts';

import { entriesOf } from '../../context.ts';

function entries(...paths: readonly string[]): ContextEntry[] {
  return paths.map((path) =>
    path.endsWith('/') ? { path: path.slice(0, -1), directory: true } : { path, directory: false },
  );
}

function patterns(text: string) {
  const read = parseIgnoreFile(text);
  if ('refused' in read) throw new Error(read.refused);
  return read;
}

function sent(list: readonly ContextEntry[], exclude: string, include?: string) {
  const walk = walkContext(list, {
    exclude: patterns(exclude),
    ...(include === undefined ? {} : { include: patterns(include) }),
  });
  return 'failed' in walk ? walk : [...walk.fates].flatMap(([path, { is }]) => (is === 'sent' ? [path] : []));
}

const tree = entries('a/', 'a/b/', 'a/b/c', 'a/d', 'empty/', 'x.md', 'y');

test('what an excluded directory holds can be let in again, and brings the directory along', () => {
  expect(sent(tree, 'a\n!a/b/c')).toEqual(['a', 'a/b', 'a/b/c', 'empty', 'x.md', 'y']);
  expect(sent(tree, '*\n!a/d')).toEqual(['a', 'a/d']);
  expect(sent(tree, '*\n!**/c')).toEqual(['a', 'a/b', 'a/b/c']);
  // The walk remembers of `a` only what it tried there: the last pattern was none of it.
  expect(sent(tree, '*\n!**/c\na')).toEqual(['a', 'a/b', 'a/b/c']);
});

test('only what is asked for is sent', () => {
  expect(sent(tree, '*.md', 'a/b\nx.md')).toEqual(['a', 'a/b', 'a/b/c']);
  expect(sent(tree, 'a/b', '*')).toEqual(['a', 'a/d', 'empty', 'x.md', 'y']);
});

test('tells which pattern left something out', () => {
  const walk = walkContext(tree, { exclude: patterns('**/b\na/b/c\n*.md\nx.md') });
  if ('failed' in walk) throw new Error(walk.failed);
  const told = [...walk.fates].flatMap(([path, fate]) => (fate.is === 'ignored' ? [[path, fate.by.line]] : []));
  expect(told).toEqual([
    ['a/b', 1],
    ['a/b/c', 1],
    ['x.md', 3],
  ]);
});

test('a directory that cannot be read fails the build unless it is left out', () => {
  const list: ContextEntry[] = [{ path: 'data', directory: true, unreadable: true }, ...entries('y')];
  expect(sent(list, 'y')).toEqual({ failed: 'directory', path: 'data' });
  expect(sent(list, 'data')).toEqual(['y']);
});

test('a pattern that cannot be tried fails the build', () => {
  expect(sent(tree, '[z-a]')).toMatchObject({ failed: 'pattern', pattern: { text: '[z-a]', line: 1 } });
});

test('a gate lets through what a walk sends', () => {
  const part = fc.constantFrom('a', 'b', 'c.js', 'd.md', '**', '*', '*.js', 'a*', '?');
  const name = fc.constantFrom('a', 'b', 'c.js', 'd.md', 'ab');
  const pattern = fc
    .tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 3 }))
    .map(([not, parts]) => `${not ? '!' : ''}${parts.join('/')}`);
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  let [sent, all] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(pattern, { maxLength: 5 }),
      fc.uniqueArray(path, { minLength: 1, maxLength: 8 }),
      (texts, names) => {
        const files = names.filter((one) => !names.some((other) => other.startsWith(`${one}/`)));
        const exclude = ignorePatterns(texts);
        if ('refused' in exclude) throw new Error(exclude.refused);
        const walk = walkContext(entriesOf(...files), { exclude });
        if (!('fates' in walk)) throw new Error('it cannot be walked');
        const gate = gateOf(exclude);
        for (const file of files) {
          all += 1;
          if (gate(file)) sent += 1;
          expect(gate(file), file).toBe(walk.fates.get(file)?.is === 'sent');
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(Math.min(sent, all - sent)).toBeGreaterThan(all / 10);
});
