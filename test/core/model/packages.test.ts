import { describe, expect, test } from 'vitest';
import { hasProgram, type Stage } from '../../../src/core/model/index.ts';
import { model, step, value } from './model.ts';

describe('whether a program is there', () => {
  test.each([
    ['FROM node:22-slim', 'curl', false],
    ['FROM node:22', 'curl', true],
    ['FROM somebody/image', 'curl', '?'],
    ['FROM node:22-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl', 'curl', true],
    ['FROM node:22-slim AS a\nRUN apt-get install -y curl\nFROM a', 'curl', true],
    ['FROM node:22-slim AS a\nRUN apt-get install -y curl\nFROM node:22-slim\nCOPY --from=a /app /app', 'curl', false],
    ['FROM node:22-slim\nRUN apt-get install -y ca-certificates libpq5', 'curl', false],
    ['FROM node:22-slim\nRUN apt-get install -y something', 'curl', '?'],
    ['FROM node:22-slim\nRUN apt-get install -y $(cat list)', 'curl', '?'],
    ['FROM node:22-slim\nRUN npm ci && npm run build', 'curl', false],
    ['FROM node:22-slim\nRUN ./setup.sh', 'curl', '?'],
    ['FROM node:22-slim\nCOPY probe /usr/local/bin/', 'curl', '?'],
    ['FROM node:22-slim\nCOPY . /app', 'curl', false],
    ['FROM scratch\nCOPY app /app', 'curl', false],
    ['FROM scratch\nCOPY --from=alpine / /', 'wget', '?'],
    ['FROM alpine', 'wget', true],
    ['FROM debian\nRUN apt-get install -y netcat-openbsd', 'nc', true],
    ['FROM alpine\nRUN apk add build-base', 'gcc', true],
  ])('%j %s: %s', (text, program, expected) => {
    const build = model(text);
    expect(value(hasProgram(build, build.target as Stage, program))).toBe(expected);
  });

  test('before a step', () => {
    const build = model('FROM node:22-slim\nRUN curl x\nRUN apt-get install -y curl\nRUN curl x');
    const stage = build.target as Stage;
    const at = (label: string) => value(hasProgram(build, stage, 'curl', step(stage, label)));
    expect([at('RUN 1'), at('RUN 3')]).toEqual([false, true]);
  });
});
