import { expect, test } from 'vitest';
import { check } from '../../../src/core/lint/index.ts';

const point = (text: string, number: number) => {
  const found = check({ file: 'Dockerfile', text }).checklist?.find((each) => each.point === number);
  return found && { is: found.is, because: found.because };
};

test('a base without musl is no multi-stage build', () => {
  const text = 'FROM node:22-bookworm-slim\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n';
  expect(point(text, 1)).toEqual({
    is: 'not-applicable',
    because: 'nothing is built here, and the base carries no compilers',
  });
});

test('a shell is no start command in exec form', () => {
  const { is, because } = point('FROM debian:12-slim\nRUN true\n', 5) ?? {};
  expect([is, because]).not.toContain('the image has a shell');
  expect(is).toBe('not-applicable');
});

test('a rule that speaks against a point still does', () => {
  expect(point('FROM scratch\nCOPY app /app\nCMD /app\n', 5)?.is).toBe('not-met');
});

test('what is not known is told as a sentence', () => {
  expect(point('FROM debian:12-slim\nCOPY . /app\n', 7)).toEqual({
    is: 'unknown',
    because: expect.stringMatching(/^it is not known /),
  });
});
