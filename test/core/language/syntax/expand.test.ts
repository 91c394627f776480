import { describe, expect, test } from 'vitest';
import { type Environment, expand, UNKNOWN } from '../../../../src/core/language/syntax/index.ts';
import { cpuNow } from '../../../cpu.ts';

const environment: Environment = (name) => {
  const values: Record<string, string> = { A: 'abcabc', E: '', P: '/usr/bin:/bin' };
  return name.startsWith('UNKNOWN') ? UNKNOWN : values[name];
};
const value = (word: string) => expand(word, environment, { escape: '\\' }).value;

// The words of this file are Dockerfile text, where "${" is meant.
const $ = (word: string) => word.replaceAll('@{', '$' + '{');

describe('operators', () => {
  test.each([
    ['$A-@{A}', 'abcabc-abcabc'],
    ['@{U:-d}@{E:-d}', 'dd'],
    ['@{U-d}@{E-d}', 'd'],
    ['@{A:+s}@{E:+s}@{U:+s}', 's'],
    ['@{A+s}@{E+s}@{U+s}', 'ss'],
    ['@{A:?e}', 'abcabc'],
    ['@{A#a*c}', 'abc'],
    ['@{A##a*c}', ''],
    ['@{A%b*}', 'abca'],
    ['@{A%%b*}', 'a'],
    ['@{A/b?/x}', 'axabc'],
    ['@{A//b?/x}', 'axax'],
    ['@{A#[a]}', 'abcabc'],
    ['@{P%%:*}', '/usr/bin'],
    ['@{P//\\//_}', '_usr_bin:_bin'],
    ['@{U:-@{A}}', 'abcabc'],
    ['$1$@$$$', '$'],
  ])('%s is %j', (word, expected) => {
    expect(value($(word))).toBe(expected);
  });

  test.each([
    ['@{A', 'unsupported modifier'],
    ['@{A:-b', "missing '}'"],
    ['@{}', 'bad substitution'],
    ['@{A:=x}', 'unsupported modifier (:=)'],
    ['@{A^^}', 'unsupported modifier (^)'],
    ['@{A:0:2}', 'unsupported modifier (:0)'],
    ['@{#A}', 'unsupported modifier (A)'],
    ['@{A:#a}', 'unsupported modifier (:#)'],
    ['@{A/b}', "missing '/'"],
    ['@{U:?no U}', 'U: no U'],
    ['@{E:?}', 'E: is not allowed to be empty'],
    ['@{U?}', 'U: is not allowed to be unset'],
    ["it's", 'matching single-quote'],
    ['"', 'matching double-quote'],
  ])('%s is an error', (word, error) => {
    const expansion = expand($(word), environment, { escape: '\\' });
    expect(expansion.value).toBeUndefined();
    expect(expansion.error).toContain(error);
  });
});

describe('quotes', () => {
  test.each([
    ['\'$A\' "$A"', '$A abcabc'],
    ['\\$A \\x', '$A x'],
    ['"\\$A \\" \\\\ \\x"', '$A " \\ \\x'],
    ["'\\'", '\\'],
  ])('%s is %j', (word, expected) => {
    expect(value(word)).toBe(expected);
  });

  test('stay when they are wanted, or mean nothing', () => {
    expect(expand('"$A"', environment, { escape: '\\', rawQuotes: true }).value).toBe('"abcabc"');
    expect(expand("it's $A", environment, { escape: '\\', ignoreQuotes: true }).value).toBe("it's abcabc");
  });

  test('the escape is the file’s', () => {
    expect(expand('C:\\`$A', environment, { escape: '`' }).value).toBe('C:\\$A');
  });
});

describe('names', () => {
  test('with a default are unmatched all the same', () => {
    expect(expand($('$A @{U:-d} @{V+@{W}}'), environment, { escape: '\\' })).toMatchObject({
      used: ['A'],
      unmatched: ['U', 'W', 'V'],
      unknown: [],
    });
  });

  test('have their places, outer before inner', () => {
    const word = $('x$A @{U:-@{V}}');
    const { references } = expand(word, environment, { escape: '\\' });
    expect(references.map(({ name, span }) => [name, word.slice(...span)])).toEqual([
      ['A', '$A'],
      ['U', $('@{U:-@{V}}')],
      ['V', $('@{V}')],
    ]);
  });
});

describe('an unknown variable', () => {
  test.each(['$UNKNOWN', 'a @{UNKNOWN:-b}', '@{UNKNOWN:+b}', '@{UNKNOWN:?b}', '@{A#@{UNKNOWN}}', '@{UNKNOWN//a/b}'])(
    'makes %s unknown',
    (word) => {
      expect(expand($(word), environment, { escape: '\\' })).toMatchObject({ value: UNKNOWN, unknown: ['UNKNOWN'] });
    },
  );

  test('does not matter where its value is not used', () => {
    expect(value($('@{A:-@{UNKNOWN}}'))).toBe('abcabc');
    expect(value($('@{U:+@{UNKNOWN}}'))).toBe('');
  });

  test('hides no error', () => {
    expect(value($('@{UNKNOWN#\\x}'))).toBeUndefined();
  });
});

test('a value that would grow beyond a megabyte is unknown, a pattern that would take long too', () => {
  const long: Environment = () => 'a'.repeat(600_000);
  expect(expand('$A$A', long, { escape: '\\' }).value).toBe(UNKNOWN);
  const started = cpuNow();
  expect(expand($('@{A/a*a*a*a*b/x}'), () => 'a'.repeat(20_000), { escape: '\\' }).value).toBe(UNKNOWN);
  expect(cpuNow() - started).toBeLessThan(10_000);
});
