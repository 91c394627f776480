import { describe, expect, test } from 'vitest';
import { scanForSecrets } from '../../src/adapters/secretlint.ts';
import { secretsInFile } from '../../src/core/world/secrets/index.ts';
import { cpuNow } from '../cpu.ts';

const random = 'q7Zk2mXv9Lp4Rt8Wc1Ns6Yb3Hd5Fg0JaUeTiOlQxVn7Bk2Pz9Gh4Dj8Sf1Ea6Ty3Uw5Io0Rm';
const letters = random.replace(/\d/g, '');
const digits = random.replace(/\D/g, '');
const hex = '9f3c07a1e5b84d26c7f0a9e3b1d54f8e6a2c';
const long = random.repeat(2);

const found = (path: string, text: string) =>
  secretsInFile(
    path,
    () => text,
    (content) => scanForSecrets(path, content),
  );

/** What the scanner's own rules name. Joined here, so that no scanner takes this file for a leak. */
const planted: readonly (readonly [kind: string, path: string, text: string])[] = [
  ['an AWS secret access key', 'deploy.yml', `SECRET_ACCESS_KEY: ${random.slice(0, 40)}`],
  [
    'the key of a Google Cloud service account',
    'gcp.json',
    JSON.stringify({ private_key_id: hex, private_key: ['-----BEGIN', 'PRIVATE KEY-----\\nMIIE'].join(' ') }),
  ],
  [
    'a private key',
    'a.txt',
    ['-----BEGIN RSA', `PRIVATE KEY-----\nMIIE${long}\n-----END RSA`, 'PRIVATE KEY-----'].join(' '),
  ],
  ['a GitHub token', 'package.json', `{"d": "git+https://${random.slice(0, 40)}:x-oauth-basic@github.com/a/b"}`],
  ['an npm token', 'ci.sh', `X=npm_${random.slice(0, 36)}`],
  ['a Slack token', 'bot.yml', `t: xoxb-${digits}1-${random.slice(0, 24)}`],
  ['a Slack token', 'bot.yml', `t: xapp-1-A${digits}-${digits}-${random.slice(0, 30)}`],
  [
    'a Slack webhook',
    'bot.yml',
    `u: https://hooks.slack.com/services/T${hex.slice(0, 8)}/B${hex.slice(0, 8)}/${random.slice(0, 24)}`,
  ],
  ['an address with a password', 'get.sh', `curl https://bot:${random.slice(0, 20)}@files.corp.io/x`],
  ['an OpenAI key', 'a.py', `k = "sk-proj-${long.slice(0, 74)}T3BlbkFJ${long.slice(0, 74)}"`],
  ['an Anthropic key', 'a.py', `k = "sk-ant-api03-${long.slice(0, 93)}AA"`],
  ['a Groq key', 'a.py', `k = "gsk_${random.slice(0, 52)}"`],
  ['a Hugging Face token', 'a.py', `k = "hf_${letters.slice(0, 34)}"`],
  ['a Linear token', 'a.py', `k = "lin_api_${random.slice(0, 40)}"`],
  ['a Notion token', 'a.py', `k = "ntn_${digits.slice(0, 11)}${random.slice(0, 35)}"`],
  ['a SendGrid key', 'a.py', `k = "SG.${random.slice(0, 22)}.${random.slice(0, 43)}"`],
  ['a Shopify key', 'a.py', `k = "shpat_${hex.slice(0, 32)}"`],
  ['a Shopify key', 'a.py', `k = "shpss_${hex.slice(0, 32)}"`],
  ['a GitHub token', 'a.py', `k = "ghs_${random.slice(0, 36)}"`],
  ['a GitHub token', 'a.py', `k = "github_pat_${long.slice(0, 82)}"`],
  ['a GitLab token', 'a.py', `k = "glpat-${random.slice(0, 20)}"`],
  ['a Grafana token', 'a.py', `k = "glc_eyJ${random.slice(0, 60)}"`],
  ['a Grafana token', 'a.py', `k = "glsa_${random.slice(0, 32)}_${hex.slice(0, 8)}"`],
  [
    'a 1Password token',
    'a.py',
    `k = "ops_${btoa(JSON.stringify({ email: 'a@b.c', muk: random, secretKey: hex, x: '1' }))}"`,
  ],
  ['the password of a database', 'app.yml', `u: mongodb+srv://app:${random.slice(0, 16)}@cluster0.abc.mongodb.net/x`],
  ['the password of a database', 'app.yml', `u: jdbc:mysql://app:${random.slice(0, 16)}@db.corp.io/x`],
  ['the password of a database', 'app.yml', `u: postgres://app:${random.slice(0, 16)}@db.corp.io:5432/x`],
  ['a HashiCorp Vault token', 'a.py', `k = "hvs.${long.slice(0, 95)}"`],
  ['a HashiCorp Vault token', 'a.py', `k = "hvb.${long}"`],
  ['a HashiCorp Vault token', 'a.py', `k = "hvr.${long.slice(0, 95)}"`],
  ['a Vercel token', 'a.py', `k = "vcp_${random.slice(0, 24)}"`],
  ['a Vercel key', 'a.py', `k = "vck_${random.slice(0, 40)}"`],
  ['a Databricks token', 'a.py', `k = "dapi${hex.slice(0, 32)}"`],
  ['a Docker Hub token', 'a.py', `k = "dckr_pat_${random.slice(0, 27)}"`],
  ['a Figma token', 'a.py', `k = "figd_${random.slice(0, 40)}"`],
];

test.each(planted)('%s in %s: %j', (kind, path, text) => {
  const told = found(path, `# first\n${text}\n`.slice(path.endsWith('.json') ? 8 : 0));
  expect(told.map(({ holds }) => holds)).toContain(kind);
  expect(told.every(({ line }) => line === (path.endsWith('.json') ? 1 : 2))).toBe(true);
  expect(JSON.stringify(told)).not.toMatch(/q7Zk|9f3c|MIIE/);
});

describe('nothing', () => {
  test.each([
    ['a service of a compose file', 'compose.yml', 'u: postgres://app:hunter22@db:5432/app'],
    ['this machine', 'a.yml', 'u: mongodb://app:Aedahwa77@localhost:27017/a'],
    ['a name for examples', 'a.yml', 'u: https://app:hunter22@api.example.com/'],
    ['a word for a password', 'a.yml', 'u: mysql://app:my_pass@db.corp.io/a'],
    ['documentation', 'README.md', 'u: https://app:hunter22@corp.io/'],
    ['a variable', '.npmrc', '//r/:_authToken="$' + '{NPM_TOKEN}"'],
    ['a token of one letter', 'a.yml', 'xoxb-xxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx'],
    ['what documentation of AWS shows', 'a.yml', `secret_access_key = ${'wJalrXUtnFEMI/K7MDENG/bPxRfiCY'}EXAMPLEKEY`],
    ['a key of one letter', 'a.sh', `AWS_SECRET_ACCESS_KEY=${'Y'.repeat(40)}`],
    ['what is let pass', 'a.yml', `k: dapi${hex.slice(0, 32)} # secretlint-disable-line`],
    [
      'what is let pass by name',
      'a.yml',
      `# secretlint-disable @secretlint/secretlint-rule-figma\nfigd_${random.slice(0, 40)}`,
    ],
  ])('in %s', (_, path, text) => expect(found(path, text)).toEqual([]));
});

test('a comment lets pass its line alone', () => {
  const token = `k: dapi${hex.slice(0, 32)}`;
  expect(found('a.yml', `# secretlint-disable-next-line\n${token}\n`)).toEqual([]);
  expect(found('a.yml', `${token} # secretlint-disable-line\n${token}\n`)).toMatchObject([{ line: 2 }]);
});

test('texts of nearly matching lines take no time', () => {
  const parts = [
    'xoxb-1-a-',
    'secret_access_key   ',
    '-----BEGIN PRIVATE KEY-----',
    'https://a:b',
    'mongodb://a:b@c?',
    'SG.a.a',
    'ops_ey',
    'https://hooks.slack.com/services/T1/B1/',
    'glc_',
    'secretlint-disable-line\n',
    ' ',
    'a',
    '"',
    'https://a:x-oauth-basic@',
  ];
  const started = cpuNow();
  for (const part of parts) scanForSecrets('package.json', part.repeat(Math.ceil(128_000 / part.length)));
  expect(cpuNow() - started).toBeLessThan(10_000);
});
