import { describe, expect, test } from 'vitest';
import { credentialsInUrls, secretFile, secretValuesIn } from '../../../../src/core/world/secrets/index.ts';
import { cpuNow } from '../../../cpu.ts';

/** Joined, so that no scanner takes this file for a leak. */
const made = (prefix: string, length: number) => prefix + 'q7Zw3Xk9Lm2Rt8Vb5Nc4Yp6Hs1Jd'.repeat(9).slice(0, length);

describe('values', () => {
  test.each([
    ['an AWS access key id', `${'AK'}IAQ7ZW3XK5LM2RT6VB`],
    ['a GitHub token', made('ghp_', 36)],
    ['a GitHub token', made('github_pat_', 82)],
    ['a GitLab token', made('glpat-', 20)],
    ['a Slack token', made('xoxb-', 30)],
    ['an npm token', made('npm_', 36)],
    ['a PyPI token', made('pypi-AgE', 80)],
    ['a Google API key', made('AIza', 35)],
    ['a Stripe key', made('sk_live_', 24)],
  ])('%s', (is, value) => {
    const text = `ENV A=${value} B=c\n`;
    expect(secretValuesIn(text)).toEqual([{ is, span: [6, 6 + value.length] }]);
  });

  test('the body of a private key, not the lines around it', () => {
    const body = `\n${made('MII', 64)}\n`;
    const text = `RUN echo "${'-----BEGIN RSA'} PRIVATE KEY-----${body}-----END RSA PRIVATE KEY-----"\n`;
    expect(secretValuesIn(text).map(({ is, span }) => [is, text.slice(...span)])).toEqual([['a private key', body]]);
  });

  test.each(['AKIAIOSFODNN7EXAMPLE', `ghp_${'x'.repeat(36)}`, 'npm_config_cache=/x', 'grep "BEGIN RSA PRIVATE KEY"'])(
    'none in %s',
    (text) => {
      expect(secretValuesIn(text)).toEqual([]);
    },
  );

  test('hostile text costs no time', () => {
    const started = cpuNow();
    for (const piece of [
      'sk-ant-',
      'glpat-',
      'sk-T3BlbkFJ',
      '-----BEGIN A PRIVATE KEY-----',
      'xoxb-a',
      '://a:',
      '://',
      'SG.',
    ]) {
      secretValuesIn(piece.repeat(20_000));
      credentialsInUrls(piece.repeat(20_000));
      secretFile(`/${piece}`.repeat(2_000));
    }
    expect(cpuNow() - started).toBeLessThan(8000);
  });
});

describe('addresses', () => {
  test.each([
    ['https://bot:s3cr3tw0rd@example.org/', 's3cr3tw0rd', 'literal'],
    ['postgres://postgres:postgres@db/app', 'postgres', 'example'],
    ['mysql://db_user:db_password@127.0.0.1:3306/db_name', 'db_password', 'example'],
    ['https://x:${TOKEN}@example.org/', '${TOKEN}', 'variable'],
    [`https://${made('', 24)}@example.org/`, made('', 24), 'literal'],
  ])('%s', (text, value, is) => {
    expect(credentialsInUrls(text).map((each) => [text.slice(...each.span), each.is])).toEqual([[value, is]]);
  });

  test.each([
    'ssh://git@example.org/a',
    'https://example.org:8080/@scope/a',
    'a@b.c http://d',
    'https://registry-of-packages/x@1',
  ])('none in %s', (text) => {
    expect(credentialsInUrls(text)).toEqual([]);
  });
});

describe('files', () => {
  test.each([
    '.env',
    './.env.production',
    'keys/id_rsa',
    '~/.aws/credentials',
    '.kube/config',
    'tls.key',
    'privkey.pem',
    'a\\.netrc',
    '.ssh/',
  ])('%s', (path) => {
    expect(secretFile(path)).toMatchObject({ doubtful: false });
  });

  test.each([
    '.env.example',
    'example.env.sample',
    'id_rsa.pub',
    'ca.pem',
    'fullchain.pem',
    'nodesource.key',
    'environment',
    '.ssh/known_hosts',
    'credentials.example.json',
    'public_key.pem',
  ])('not %s', (path) => {
    expect(secretFile(path)).toBeUndefined();
  });
});
