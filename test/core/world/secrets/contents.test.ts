import { expect, test } from 'vitest';
import { secretsInFile } from '../../../../src/core/world/secrets/index.ts';
import { cpuNow } from '../../../cpu.ts';

const random = 'q7Zk2mXv9Lp4Rt8Wc1Ns6Yb3Hd5Fg0JaUeTiOlQx';
const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${`${random}${random}`.slice(0, 70)}\n-----END OPENSSH PRIVATE KEY-----\n`;

/** Kinds of secrets that end up in build contexts, one file each. */
const planted: readonly (readonly [path: string, text: string])[] = [
  ['.env', `API_KEY=${random}`],
  ['config/.env.production', `API_KEY=${random}`],
  ['.npmrc', `//registry.npmjs.org/:_authToken=${random}`],
  ['.yarnrc.yml', `npmAuthToken: "${random}"`],
  ['bunfig.toml', `[install.scopes]\na = { token = "${random}", url = "https://npm.corp/" }`],
  ['.pypirc', `password = ${random}`],
  ['pip.conf', `[global]\nindex-url = https://bot:${random}@pypi.corp.io/simple`],
  ['requirements.txt', `--extra-index-url https://bot:${random}@pypi.corp.io/simple\nflask`],
  ['auth.json', `{"http-basic": {"repo.corp.io": {"username": "bot", "password": "${random}"}}}`],
  ['nuget.config', `<add key="ClearTextPassword" value="${random}" />`],
  ['settings.xml', `<server><id>a</id><password>${random}</password></server>`],
  ['gradle.properties', `nexusPassword=${random}`],
  ['.bundle/config', `---\nBUNDLE_GEMS__CORP__IO: "bot:${random}"`],
  ['.docker/config.json', `{"auths":{"a":{"auth":"${random}"}}}`],
  ['deploy/config.json', `{"auths": {"https://index.docker.io/v1/": {"auth": "${random}"}}}`],
  ['.netrc', `machine a login b password ${random}`],
  ['.git-credentials', `https://a:${random}@github.com`],
  ['.pgpass', `h:5432:d:u:${random}`],
  ['wp-config.php', `define('DB_PASSWORD', '${random}');`],
  ['.aws/credentials', `aws_secret_access_key = ${random}`],
  ['notes.ini', `aws_secret_access_key = ${random}`],
  ['gcp-service-account.json', '{"type": "service_account"}'],
  ['kubeconfig', 'apiVersion: v1'],
  ['terraform.tfstate', '{}'],
  ['prod.tfvars', `db_password = "${random}"`],
  ['id_ed25519', key],
  ['server.key', key],
  ['certs/private.pem', key],
  ['keys/client.p12', 'binary'],
  ['scripts/deploy.sh', `export GITHUB_TOKEN=ghp_${random.slice(0, 36)}`],
  ['docs.txt', key],
];

test.each(planted)('%s', (path, text) => {
  const found = secretsInFile(path, () => text);
  expect(found).toMatchObject([{ holds: expect.any(String), doubtful: false }]);
  expect(JSON.stringify(found)).not.toContain(random.slice(0, 20));
});

test.each([
  ['.npmrc', 'registry=https://registry.npmjs.org/\n//registry.npmjs.org/:_authToken=$' + '{NPM_TOKEN}\n'],
  ['.yarnrc.yml', 'nodeLinker: node-modules\nnpmAuthToken: "$' + '{NPM_TOKEN}"'],
  ['auth.json', '{"theme": "dark"}'],
  ['settings.xml', '<password>$' + '{env.PASSWORD}</password>'],
  ['gradle.properties', 'org.gradle.jvmargs=-Xmx2g\ntokenFile=$HOME/x'],
  ['pip.conf', '[global]\nindex-url = https://pypi.org/simple'],
  ['requirements.txt', 'git+https://github.com/a/b@main#egg=b'],
  ['pyproject.toml', 'urls = "https://user:password@host"'],
  ['prod.tfvars', 'db_password = "changeme-now"'],
  ['helm/templates/secret.yaml', 'data: {{ .Values.password }}'],
  ['tsconfig.json', '{}'],
  ['wp-config.php', "define('DB_PASSWORD', getenv('DB_PASSWORD'));"],
  ['package.json', '{"name": "auth"}'],
  [
    '.env',
    'PORT=3000\nNODE_ENV=production\nDB_HOST=db\nDB_PASSWORD=changeit\nJWT_SECRET=your-secret\nTOKEN_EXPIRATION_MINUTES=3000',
  ],
  ['.env.production', `VITE_APP_FIREBASE_CONFIG='{"apiKey":"AIza${random.slice(0, 35)}"}'\nVITE_PUBLIC_KEY=${random}`],
  ['src/firebase.ts', `const config = { apiKey: "AIza${random.slice(0, 35)}", authDomain: "a.firebaseapp.com" };`],
  ['k8s/secret.yaml', 'apiVersion: v1\nkind: Secret\ndata:\n  password: ""\n'],
  ['minio.md', `AWS_SECRET_ACCESS_KEY=${'Y'.repeat(40)}`],
])('nothing in %s: %j', (path, text) => {
  expect(secretsInFile(path, () => text)).toEqual([]);
});

test('settings are judged by their lines, and by their name where they cannot be read', () => {
  const holds = 'passwords or keys';
  const text = `# DB_PASSWORD=old\nPORT=3000\nexport DB_PASSWORD='hunter22'\nAPI_KEY=${random}\n`;
  expect(secretsInFile('.env', () => text)).toEqual([{ holds, doubtful: false, line: 3 }]);
  expect(secretsInFile('.env', () => `SESSION=${random}`)).toEqual([{ holds, doubtful: false, line: 1 }]);
  expect(secretsInFile('secrets.json', () => '{\n  "db_password": "hunter22",\n}')).toMatchObject([{ holds, line: 2 }]);
  expect(secretsInFile('.env', () => undefined)).toMatchObject([{ line: null }]);
});

test('a key store that cannot be read is doubtful by its name', () => {
  expect(secretsInFile('app-keystore.jks', () => undefined)).toMatchObject([{ doubtful: true, line: null }]);
});

test('large texts of nearly matching lines take no time', () => {
  const text = '"auths": {"a": {"auth": "'.repeat(5000);
  const started = cpuNow();
  for (const path of ['x.json', '.npmrc', 'gradle.properties', 'a.tfvars', '.bundle/config'])
    secretsInFile(path, () => text);
  secretsInFile('gradle.properties', () => 'a'.repeat(128_000));
  secretsInFile('a.tfvars', () => 'a_'.repeat(64_000));
  expect(cpuNow() - started).toBeLessThan(4000);
});

test('each kind once, where it stands first; a name alone has no line', () => {
  const text = `a: 1\nb: ghp_${random.slice(0, 36)}\nc: ghp_${[...random].reverse().join('').slice(0, 36)}\n${key}`;
  expect(secretsInFile('a.yml', () => text)).toEqual([
    { holds: 'a GitHub token', doubtful: false, line: 2 },
    { holds: 'a private key', doubtful: false, line: 4 },
  ]);
  expect(secretsInFile('id_rsa', () => text)).toEqual([{ holds: 'a private key', doubtful: false, line: null }]);
});

test('what a scanner finds is told beside ours, but not on the same line', () => {
  const text = `t: ghp_${random.slice(0, 36)}\nu: ${random}\n`;
  const found = secretsInFile(
    'a.yml',
    () => text,
    () => [
      { id: 'GITHUB_TOKEN', span: [3, 43] },
      { id: 'NEW_KIND', span: [47, 47 + random.length] },
    ],
  );
  expect(found.map(({ holds, line }) => [holds, line])).toEqual([
    ['a GitHub token', 1],
    ['what secretlint calls NEW_KIND', 2],
  ]);
});
