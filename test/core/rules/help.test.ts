import { expect, test } from 'vitest';
import { check } from '../../../src/core/lint/index.ts';

function found(rule: string, text: string) {
  return check({ file: 'Dockerfile', text }).diagnostics.find((diagnostic) => diagnostic.rule === rule);
}

test.each([
  [
    'FROM node:22-bookworm-slim\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
    'e.g. node -e "fetch(…)", which the image has',
  ],
  ['FROM alpine:3.22\nEXPOSE 3000\nCMD ["/app"]\n', 'e.g. wget -q --spider, which the image has'],
  ['FROM scratch\nCOPY app /app\nEXPOSE 3000\nENTRYPOINT ["/app"]\n', 'the image has no shell'],
  ['FROM debian:12-slim\nCOPY app /app\nEXPOSE 3000\nENTRYPOINT ["/app"]\n', 'uses what the image has;'],
])('the health check that is asked for can be had: %s', (text, says) => {
  expect(found('health-check-missing', text)?.help).toContain(says);
});

test.each([
  ['00000000-0000-0000-0000-000000000000', 'info'],
  ['8f14e45f-ceea-467f-a0e6-5f3b3c1f1a2d', 'warning'],
])('a value of zeros is to be replaced: %s', (value, level) => {
  expect(found('secret-in-env-or-arg', `FROM debian:12\nENV TOKEN=${value}\n`)?.level).toBe(level);
});
