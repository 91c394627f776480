import { expect, test } from 'vitest';
import { maskValues, redact } from '../../../src/core/reporters/redact.ts';

const places = (...spans: [number, number][]) => spans.map((span) => ({ file: 'Dockerfile', span }));

test('every value is masked wherever it occurs, the longest of those that begin alike', () => {
  const mask = maskValues(['secret-1', 'secret-12', 'other-value']);
  expect(mask('a secret-12, secret-1 and other-value: secret')).toBe('a *********, ******** and ***********: secret');
});

test('values that overlap are masked as a whole', () => {
  expect(maskValues(['abcdefgh', 'fghijklmno'])('xabcdefghijklmnox')).toBe('x***************x');
});

test('a value of a few letters is masked where it stands only', () => {
  expect(redact('ENV A=pass B=pass', places([6, 10]), 'Dockerfile')).toBe('ENV A=**** B=pass');
});

test('places may overlap, and lines stay lines', () => {
  expect(redact('ENV A=one\ntwo three', places([6, 13], [8, 19]), 'Dockerfile')).toBe('ENV A=***\n*********');
});

test('places of other files are left alone', () => {
  expect(redact('FROM a', [{ file: 'b', span: [0, 4] }], 'Dockerfile')).toBe('FROM a');
});
