import { expect, test } from 'vitest';
import { decode, encode } from '../../src/core/language/text/index.ts';
import { fixFile } from '../../src/core/lint/index.ts';
import { withUnusedIgnore } from './commented.ts';

test('what is put in is told, and taken out again', () => {
  const text = 'FROM debian:12-slim\nRUN true \\\n  && true\n';
  const commented = decode(withUnusedIgnore(encode(text)) ?? new Uint8Array()).text;
  expect(commented).toContain('# layerwise ignore=');
  expect(fixFile({ file: 'Dockerfile', text: commented }).text).toBe(text);
});

test('nothing is put before a FROM', () => {
  expect(withUnusedIgnore(encode('FROM debian:12-slim\n'))).toBeUndefined();
});
