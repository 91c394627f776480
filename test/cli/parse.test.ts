import { describe, expect, test } from 'vitest';
import { checkCommand } from '../../src/cli/commands.ts';
import { nearest } from '../../src/cli/nearest.ts';
import { parse } from '../../src/cli/parse.ts';
import { commands } from '../../src/cli/verbs.ts';

const parsed = (...args: string[]) => parse(checkCommand, args);

test('options and paths in any order', () => {
  expect(parsed('a', '--fix', '-q', '--format', 'line', 'b', '--only=x,y', '--', '--fix')).toEqual({
    values: { fix: true, quiet: true, format: 'line', only: 'x,y' },
    operands: ['a', 'b', '--fix'],
  });
});

test('- is a path; a value may start with a dash after =', () => {
  expect(parsed('-', '--target=-x')).toEqual({ values: { target: '-x' }, operands: ['-'] });
});

test('the last of repeated options counts', () => {
  expect(parsed('--format=line', '--format=json')).toMatchObject({ values: { format: 'json' } });
});

test('each value of an option that may be repeated', () => {
  const prove = commands.find(({ name }) => name === 'prove');
  expect(prove && parse(prove, ['--build-arg', 'A=1', '--yes', '--build-arg=B'])).toEqual({
    values: { 'build-arg': 'B', yes: true },
    operands: [],
    lists: { 'build-arg': ['A=1', 'B'] },
  });
});

test('a value that may be left out', () => {
  expect(parsed('--changed')).toEqual({ values: { changed: true }, operands: [] });
  expect(parsed('--changed=main')).toEqual({ values: { changed: 'main' }, operands: [] });
  expect(parsed('--changed', 'main')).toEqual({ values: { changed: true }, operands: ['main'] });
});

test.each([
  [['--fxi'], { usage: 'unknown option --fxi', help: 'did you mean --fix?' }],
  [['--unsafe'], { usage: 'unknown option --unsafe', help: 'did you mean --unsafe-fixes?' }],
  [['--frobnicate'], { usage: 'unknown option --frobnicate', help: 'layerwise check --help lists the options' }],
  [['-x'], { usage: 'unknown option -x', help: 'layerwise check --help lists the options' }],
  [['--format'], { usage: '--format needs a value: pretty, line, json', help: 'for example --format=pretty' }],
  [['--format', '--fix'], { usage: '--format needs a value: pretty, line, json', help: 'for example --format=pretty' }],
  [['--target='], { usage: '--target needs a value', help: 'for example --target=STAGE' }],
  [['--format=jsn'], { usage: '--format cannot be jsn', help: 'did you mean json?' }],
  [['--fail-on=fatal'], { usage: '--fail-on cannot be fatal', help: 'choose from error, warning, info, never' }],
  [['--fix=yes'], { usage: '--fix takes no value' }],
  [['--changed='], { usage: '--changed needs a value', help: 'for example --changed=REF' }],
])('%j', (args, error) => expect(parse(checkCommand, args)).toEqual(error));

describe('nearest', () => {
  const words = ['--fix', '--diff', '--format', '--quiet', 'apt-lists-left-behind'];
  test.each([
    ['--fomrat', '--format'],
    ['--quite', '--quiet'],
    ['--Diff', '--diff'],
    ['apt-list-left-behind', 'apt-lists-left-behind'],
    ['apt-lists', 'apt-lists-left-behind'],
    ['--nothing-like-it', undefined],
    ['', undefined],
  ])('%s → %s', (word, near) => expect(nearest(word, words)).toBe(near));
});
