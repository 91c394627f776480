import { expect, test } from 'vitest';
import { line } from '../../../src/core/reporters/index.ts';
import { diagnostic, report } from './reports.ts';

test('a diagnostic a line, for grep', () => {
  const text = 'FROM a\nADD b c\n';
  const found = [
    diagnostic([7, 10]),
    diagnostic(undefined, { level: 'error', message: 'whole\nfile' }),
    diagnostic([0, 1], { ignored: { by: { file: 'Dockerfile' } } }),
    diagnostic(undefined, { at: { file: '.dockerignore' } }),
    diagnostic(undefined, { at: { image: 'debian:12' } }),
  ];
  expect(line.file(report(text, found))).toBe(`Dockerfile:2:1: warning some-rule something is wrong
Dockerfile:1:1: error some-rule whole␊file
.dockerignore:1:1: warning some-rule something is wrong
debian:12:1:1: warning some-rule something is wrong
`);
});

test('a clean file says nothing', () => {
  expect(line.file(report('FROM a\n', []))).toBe('');
});

test('secrets are masked', () => {
  const secrets = [{ file: 'Dockerfile', span: [6, 14] as const }];
  const found = diagnostic([0, 1], { secrets, message: 'password is bad' });
  expect(line.file(report('ENV A=password', [found]))).toBe('Dockerfile:1:1: warning some-rule ******** is bad\n');
});
