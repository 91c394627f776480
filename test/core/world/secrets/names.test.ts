import { expect, test } from 'vitest';
import { secretName } from '../../../../src/core/world/secrets/index.ts';

test.each([
  ['API_KEY', 'yes'],
  ['AUTH_TOKEN', 'yes'],
  ['DB_AUTH_PASS', 'yes'],
  ['GITHUB_AUTH', 'yes'],
  ['AUTH_HEADER', 'yes'],
  ['REGISTRY_AUTH_BASIC', 'yes'],
  ['API_KEY_HEADER', 'seldom'],
  ['PG_AUTH_MON', 'seldom'],
  ['AUTH_METHOD', 'seldom'],
  ['TOKEN_TTL', 'seldom'],
  ['SSH_AUTH_SOCK', 'no'],
  ['DB_PASSWORD_FILE', 'no'],
  ['MONKEY', 'no'],
] as const)('%s: %s', (name, expected) => {
  expect(secretName(name)).toBe(expected);
});
