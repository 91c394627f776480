import { expect, test } from 'vitest';
import { surveyContext } from '../../../src/core/evidence/index.ts';
import type { DiskEntry } from '../../../src/core/model/index.ts';
import { buildOf, entriesOf } from '../context.ts';

function survey(
  dockerfile: string,
  entries: readonly DiskEntry[],
  ignore?: string,
  contents: Readonly<Record<string, string>> = {},
) {
  return surveyContext({
    context: '.',
    dockerfile: 'Dockerfile',
    build: buildOf(dockerfile),
    entries,
    ignoreFile: ignore === undefined ? undefined : { file: '.dockerignore', text: ignore },
    read: (path) => contents[path],
  });
}

test('what is sent, what is left out and by which pattern, what nobody asks for', () => {
  const entries = entriesOf('a/x:10', 'a/y.log:200', 'b:3000', 'c.txt:1');
  const told = survey('FROM s\nCOPY a /a\nADD b /b\n', entries, '# logs\n**/*.log\nz\n');
  expect(told.onDisk).toEqual({ files: 4, bytes: 3211 });
  expect(told.ignored).toEqual({ files: 1, bytes: 200 });
  expect(told.notWanted).toEqual({ files: 1, bytes: 1 });
  expect(told.sent).toEqual({ files: 2, bytes: 3010 });
  expect(told.largest).toEqual([
    { path: 'b', bytes: 3000 },
    { path: 'a/x', bytes: 10 },
  ]);
  expect(told.patterns).toEqual([
    { line: 2, text: '**/*.log', files: 1, bytes: 200 },
    { line: 3, text: 'z', files: 0, bytes: 0 },
  ]);
  expect(told.needs).toEqual([
    { line: 2, instruction: 'COPY', text: 'a', files: 1, bytes: 10 },
    { line: 3, instruction: 'ADD', text: 'b', files: 1, bytes: 3000 },
  ]);
});

test('a pattern has its say on what no instruction asks for, too', () => {
  const told = survey('FROM s\nCOPY src /src\n', entriesOf('.git/HEAD:900', 'README.md:5', 'src/a:1'), '.git\n');
  expect(told.ignored).toEqual({ files: 1, bytes: 900 });
  expect(told.notWanted).toEqual({ files: 1, bytes: 5 });
  expect(told.patterns).toEqual([{ line: 1, text: '.git', files: 1, bytes: 900 }]);
});

test('sources that a build will not find', () => {
  const told = survey('FROM s\nCOPY gone out $X no*pe /x/\n', entriesOf('out/a', 'b'), 'out\n');
  expect(told.needs.map(({ text, problem }) => [text, problem])).toEqual([
    ['gone', 'missing'],
    ['out', 'ignored'],
    ['$X', 'unknown'],
    ['no*pe', 'nothing'],
  ]);
});

test('a wildcard may match nothing, but not in a directory of which nothing is sent', () => {
  const told = survey(
    'FROM s\nCOPY READ* d/a/*.txt gone/*.txt d[e]ep/out e/*.md /x/\n',
    entriesOf('README.md', 'd/a/x.md', 'deep/out', 'e/a.md'),
    '*.md\ndeep\ne/*\n',
  );
  expect(told.needs.map(({ text, problem }) => [text, problem])).toEqual([
    ['READ*', 'nothing'],
    ['d/a/*.txt', 'nowhere'],
    ['gone/*.txt', 'missing'],
    ['d[e]ep/out', 'nothing'],
    ['e/*.md', 'nowhere'],
  ]);
  const all = survey('FROM s\nCOPY d/*.txt /x/\nCOPY . /y/\n', entriesOf('d/x.md:1'));
  expect(all.needs[0]?.problem).toBe('nothing');
});

test('--exclude keeps files out of the stage, and all the same they are sent', () => {
  const entries = entriesOf('d/in/x.md:10', 'd/y.md:20', 'd/z:40', 'e/y.md:80', 'a.md:160');
  const excluded = (flags: string, sources: string) => {
    const told = survey(`FROM s\nCOPY ${flags} ${sources} /d/\n`, entries);
    return [told.sent.bytes, ...told.needs.map((need) => need.excluded?.bytes)];
  };
  expect(excluded('--exclude=*.md', 'd')).toEqual([70, 20]);
  expect(excluded('--exclude=**/*.md', 'd')).toEqual([70, 30]);
  expect(excluded('--exclude=d/*.md', 'd')).toEqual([70, undefined]);
  expect(excluded('--exclude=in --exclude=!in/x.md', 'd')).toEqual([70, undefined]);
  // Below what a wildcard matches; a file that is named or matched itself comes along.
  expect(excluded('--exclude=y.md', '?')).toEqual([150, 100]);
  expect(excluded('--exclude=*/y.md', '?')).toEqual([150, undefined]);
  expect(excluded('--exclude=y.md', 'd/*')).toEqual([70, undefined]);
  expect(excluded('--exclude=*.md', 'a.md d')).toEqual([230, undefined, 20]);
  expect(excluded('--exclude=**/*.md', '.')).toEqual([310, 270]);
});

test('what a link leads to is taken too', () => {
  const told = survey('FROM s\nCOPY current /d/\n', entriesOf('current -> v1', 'v1/a:10', 'v2/a:20'));
  expect(told.needs).toMatchObject([{ files: 1, bytes: 10 }]);
});

test('another context may be given by name: what is no stage and no known image', () => {
  const dockerfile =
    'FROM s AS one\nCOPY --from=node /x /\nCOPY --from=one /x /\nCOPY --from=extra x /\nRUN --mount=from=extra true\n';
  expect(survey(dockerfile, []).notes).toEqual([
    {
      path: 'extra',
      says: 'is an image or a named context (line 4): --build-context extra=DIR tells what is sent of it',
    },
  ]);
});

test('secrets by name and by content; their values are nowhere', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(3)}\n-----END PRIVATE KEY-----\n`;
  const contents = {
    '.npmrc': '//registry.npmjs.org/:_authToken=s3cr3t-v4lue\n',
    'sub/.npmrc': 'registry=https://example.com/\n//x/:_authToken=$' + '{NPM_TOKEN}\n',
    'deploy.txt': key,
    'test/key.txt': key,
    'src/tls_test.go': key,
    'readme.md': 'nothing',
  };
  const names = [...Object.keys(contents), '.env', '.env.example', 'node_modules/x/.env'].map((name) => `${name}:9`);
  const told = survey('FROM s\nRUN --mount=target=/src true\nCOPY .env /\n', entriesOf(...names), undefined, contents);
  expect(told.secrets).toEqual([
    { path: '.env', holds: 'settings that are usually secrets', doubtful: false, line: null, copiedAt: null },
    { path: '.npmrc', holds: 'registry credentials', doubtful: false, line: 1, copiedAt: null },
    { path: 'deploy.txt', holds: 'a private key', doubtful: false, line: 1, copiedAt: null },
  ]);
  expect(JSON.stringify(told)).not.toMatch(/s3cr3t|MIIEv/);
});

test('a mount comes to no layer, a later COPY does', () => {
  const told = survey('FROM s\nCOPY . /x\n', entriesOf('.env:1'));
  expect(told.secrets[0]?.copiedAt).toBe(2);
});

test('what was made on this machine, topmost and with its reason', () => {
  const entries = entriesOf(
    ...[
      'package.json:1',
      'node_modules/a/node_modules/b:5',
      'dist/x:1',
      'lib/dist/y:1',
      'env/pyvenv.cfg:1',
      'venv/other:1',
    ],
    '.git/HEAD:2',
  );
  const told = survey('FROM s\nCOPY . /x\n', entries, 'dist\n');
  expect(told.artefacts).toEqual([
    { path: '.git', says: 'the history of the project', files: 1, bytes: 2 },
    { path: 'env', says: 'a virtual environment of this machine', files: 1, bytes: 1 },
    { path: 'node_modules', says: 'packages installed on this machine', files: 1, bytes: 5 },
  ]);
});

test('links, submodules and what cannot be read are told', () => {
  const entries: DiskEntry[] = [
    ...entriesOf('abs -> /etc/passwd', 'in -> b', 'out -> ../x', 'lib/.git:9'),
    { path: 'locked', directory: true, bytes: 0, unreadable: true },
  ];
  const told = survey('FROM s\nCOPY . /x\n', entries);
  expect(told.notes.map(({ path }) => path)).toEqual(['abs', 'lib', 'out', 'locked']);
  expect(told.failure).toBe('locked cannot be read');
  expect(survey('FROM s\nCOPY . /x\n', entries, 'locked\n').failure).toBeUndefined();
});

test('what BuildKit refuses is said, and the rest still shown', () => {
  const entries = entriesOf('a:1', 'b:2');
  const refused = survey('FROM s\nCOPY . /x\n', entries, 'a\n[\n');
  expect(refused).toMatchObject({ failure: expect.stringContaining('line 2'), sent: { files: 2 } });
  const broken = survey('FROM s\nCOPY . /x\n', entries, 'a\n[z-a]\n');
  expect(broken).toMatchObject({
    failure: expect.stringContaining('line 2'),
    sent: { files: 1 },
    ignored: { files: 1 },
  });
});

test('a Dockerfile that takes nothing has nothing sent', () => {
  expect(survey('FROM s\nRUN true\n', entriesOf('a:1'))).toMatchObject({ sent: { files: 0 }, notWanted: { files: 1 } });
});
