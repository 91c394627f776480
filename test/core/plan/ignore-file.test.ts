import { expect, test } from 'vitest';
import { planIgnoreFile } from '../../../src/core/plan/index.ts';
import { cpuNow } from '../../cpu.ts';
import { buildOf, entriesOf } from '../context.ts';

interface Given {
  readonly dockerfile: string;
  readonly entries: readonly string[];
  readonly ignore?: string;
  readonly git?: string;
  readonly others?: readonly string[];
  readonly secrets?: readonly string[];
  readonly tracked?: ReadonlySet<string>;
}

function plan({ dockerfile, entries, ignore, git, others = [], secrets = [], tracked }: Given) {
  return planIgnoreFile({
    builds: [buildOf(dockerfile)],
    others: others.map((text, i) => buildOf(text, `sub${i}/Dockerfile`)),
    entries: entriesOf(...entries),
    ignoreFile: ignore === undefined ? undefined : { file: '.dockerignore', text: ignore },
    newFile: '.dockerignore',
    gitignores: git === undefined ? [] : [{ folder: '', text: git }],
    secrets,
    tracked,
  });
}

const patterns = (given: Given) => plan(given)?.patterns.map(({ pattern }) => pattern) ?? [];
const node = 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n';

test('a new file for a project that installs its packages', () => {
  const given = {
    dockerfile: node,
    entries: [
      'package.json',
      'Dockerfile',
      'node_modules/x/y:500',
      '.env:1',
      '.env.example',
      'src/a.js',
      '.git/HEAD:9',
      'x.log:7',
    ],
    git: 'node_modules\n*.log\n!keep.log\n',
  };
  expect(plan(given)).toMatchObject({ file: '.dockerignore', before: null, saves: { files: 5, bytes: 517 } });
  expect(plan(given)?.after).toBe(`# the history of the project
**/.git

# packages installed on this machine
**/node_modules

# settings that are usually secrets
**/.env
**/.env.*
!**/.env.example

# git ignores it too
**/*.log
!**/keep.log

# a change in it changes no image
Dockerfile
.dockerignore
`);
});

test('an existing file is amended at its end, in its own line ends, and by what it lacks only', () => {
  const given = {
    dockerfile: node,
    entries: ['package.json', 'node_modules/x', '.git/HEAD'],
    ignore: 'node_modules\r\n*.md',
  };
  expect(plan(given)?.after).toBe('node_modules\r\n*.md\r\n\r\n# the history of the project\r\n**/.git\r\n');
});

test('the history stays where a step may read it, by whatever pattern it would go', () => {
  const told = plan({
    dockerfile: 'FROM golang:1.26\nCOPY go.mod .\nRUN go mod download\nCOPY . .\nRUN make build\n',
    entries: ['go.mod', 'Makefile', '.git/HEAD:9', 'sub/.git:9', 'Dockerfile'],
    git: '/.git*\n',
  });
  expect(told?.patterns.map(({ pattern }) => pattern)).toEqual(['**/.env', '**/.env.*', 'Dockerfile', '.dockerignore']);
  expect(told?.kept).toContainEqual({ pattern: '**/.git', because: 'make may read it' });
});

test('a pattern for one place is not written below the same for all', () => {
  const git = '/node_modules\nbuild\n/build\n/out\n';
  expect(patterns({ dockerfile: node, entries: ['package.json', 'node_modules/x', 'build/x'], git })).toEqual([
    '**/node_modules',
    ...['**/.git', '**/.env', '**/.env.*', '**/build', 'out', '.dockerignore'],
  ]);
  const ignore = '**/out\n';
  expect(patterns({ dockerfile: node, entries: ['package.json', 'out/x', 'node_modules/x'], git, ignore })).toEqual([
    '**/node_modules',
  ]);
});

test('what is not proposed is told once', () => {
  const told = plan({
    dockerfile: node,
    entries: ['package.json', '.vscode/x:1', '.git/HEAD'],
    tracked: new Set(['.vscode/x']),
  });
  expect(told?.kept).toEqual([{ pattern: '**/.vscode', because: 'git keeps .vscode/x' }]);
});

test('what was written leaves nothing to propose', () => {
  const entries = ['package.json', 'node_modules/x', '.git/HEAD', '.env', '.env.test', 'Dockerfile'];
  const given = { dockerfile: node, entries, git: '.env\n/x\n*.log\n!keep.log\n' };
  const ignore = plan(given)?.after ?? '';
  expect(plan({ ...given, entries: [...entries, '.dockerignore'], ignore })).toBeUndefined();
});

test.each([
  ['a source', 'COPY dist/app.js /x/\n', 'dist'],
  ['a directory that is not there yet', 'COPY out /x\n', '**/out'],
  ['a wildcard', 'COPY *.jar /x/\n', '**/*.jar'],
  ['a mount', 'RUN --mount=type=bind,source=.env,target=/e true\n', '**/.env'],
  ['a stage that is not built', 'FROM scratch AS other\nCOPY keys/k /x\n', '**/keys'],
])('%s that an instruction names stays', (_, instruction, kept) => {
  const entries = ['package.json', 'dist/app.js', 'a.jar', '.env', 'keys/k', 'src/x'];
  const git = 'out\n*.jar\nkeys\n';
  const dockerfile = instruction.startsWith('FROM') ? `${instruction}${node}` : `${node}${instruction}`;
  expect(patterns({ dockerfile: node, entries, git })).toContain(kept);
  const told = plan({ dockerfile, entries, git });
  expect(told?.patterns.map(({ pattern }) => pattern)).not.toContain(kept);
  expect(told?.kept.map(({ pattern }) => pattern)).toContain(kept);
});

test('what a Dockerfile further down names stays too', () => {
  const given = { dockerfile: node, entries: ['package.json', 'dist/x', 'src/x'] };
  expect(patterns(given)).toContain('dist');
  expect(patterns({ ...given, others: ['FROM nginx\nCOPY dist /html\n'] })).not.toContain('dist');
});

test('without a build in the Dockerfile, what was made here may be what the image is for', () => {
  const given = {
    dockerfile: 'FROM nginx\nCOPY . /html\n',
    entries: ['package.json', 'dist/x', 'node_modules/x', '.git/HEAD', 'x.min.js'],
    git: '*.min.js\n',
  };
  expect(patterns(given)).toEqual(['**/.git', '**/.env', '**/.env.*', '.dockerignore']);
});

test.each(['git describe', 'make', 'go build ./...', './build.sh'])(
  'the history stays when %s may read it',
  (command) => {
    const given = { entries: ['.git/HEAD', 'src/x'] };
    expect(patterns({ ...given, dockerfile: 'FROM a\nCOPY . .\nRUN true\n' })).toContain('**/.git');
    expect(patterns({ ...given, dockerfile: `FROM a\nCOPY . .\nRUN ${command}\n` })).not.toContain('**/.git');
  },
);

test('the history stays when a script cannot be read', () => {
  const given = { entries: ['.git/HEAD', 'src/x'] };
  const dockerfile = 'FROM a\nCOPY . .\nRUN <<EOF\n#!/usr/bin/env python3\nimport git\nEOF\n';
  expect(patterns({ ...given, dockerfile })).not.toContain('**/.git');
});

test('nothing is proposed when a variable may name anything, or when all is taken by name', () => {
  expect(plan({ dockerfile: 'FROM a\nARG X\nCOPY . /y\nCOPY $X /x\n', entries: ['.git/HEAD'] })).toBeUndefined();
  expect(plan({ dockerfile: 'FROM a\nCOPY x /x\n', entries: ['x', '.git/HEAD'] })).toBeUndefined();
});

test('a list of what to keep is not undone', () => {
  const given = {
    dockerfile: node,
    entries: ['package.json', '.env', '.git/HEAD', 'src/a'],
    ignore: '*\n!src\n!.env\n!package*.json\n',
  };
  expect(plan(given)).toBeUndefined();
});

test('what git lets in does not undo what the file leaves out', () => {
  const given = {
    dockerfile: node,
    entries: ['package.json', 'logs/keep.log', 'a.log'],
    ignore: 'logs\n',
    git: '*.log\n!keep.log\n',
  };
  expect(patterns(given)).not.toContain('!**/keep.log');
});

test('a file that holds a secret is left out by its name; credentials that an installation reads are not', () => {
  const given = {
    dockerfile: node,
    entries: ['package.json', '.npmrc', 'deploy[1]'],
    secrets: ['.npmrc', 'deploy[1]'],
  };
  expect(patterns(given)).toContain('deploy\\[1\\]');
  expect(plan(given)?.kept.map(({ pattern }) => pattern)).toContain('.npmrc');
});

test('what git keeps stays, whatever it is called; another of that name goes by its path', () => {
  const entries = [
    'package.json',
    'node_modules/x/test/y',
    'lib/testdata/node_modules/z',
    'lib/.env',
    '.env.example',
    '.env.local',
    'x.log',
    'keep/x.log',
  ];
  const tracked = new Set(['package.json', 'lib/testdata/node_modules/z', 'lib/.env', '.env.example', 'keep/x.log']);
  const given = { dockerfile: node, entries, git: '*.log\n', tracked };
  expect(patterns(given)).toEqual(['node_modules', '**/.git', '**/.env.*', '!**/.env.example', '.dockerignore']);
  expect(plan(given)?.kept).toEqual([
    { pattern: '**/node_modules', because: 'git keeps lib/testdata/node_modules/z' },
    { pattern: 'lib/testdata/node_modules', because: 'git keeps lib/testdata/node_modules/z' },
    { pattern: '**/.env', because: 'git keeps lib/.env' },
    { pattern: '**/*.log', because: 'git keeps keep/x.log' },
  ]);
});

test('outside of git, test data stays, and packages with tests of their own do not', () => {
  const entries = ['package.json', 'node_modules/x/test/y', 'e2e/.env', '.env'];
  expect(patterns({ dockerfile: node, entries })).toContain('**/node_modules');
  expect(patterns({ dockerfile: node, entries })).not.toContain('**/.env');
});

test('many Dockerfiles and patterns over many files take no time', () => {
  const entries = Array.from({ length: 5000 }, (_, i) => `d${i % 50}/e${i % 7}/f${i}`);
  const git = Array.from({ length: 200 }, (_, i) => `/d${i}/*.x${i}`).join('\n');
  const others = Array.from({ length: 100 }, (_, i) => `FROM a\nCOPY d${i}/e1/f* e${i} /x/\n`);
  const started = cpuNow();
  plan({ dockerfile: node, entries: ['package.json', ...entries], git, others });
  expect(cpuNow() - started).toBeLessThan(20_000);
});
