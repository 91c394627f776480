import { expect, test } from 'vitest';
import type { KeptChange, ReplayReport } from '../../src/core/vocabulary/index.ts';
import type { Commit, History } from '../../src/session/index.ts';
import { type ReplayOrder, replay } from '../../src/session/index.ts';

type State = Readonly<Record<string, string | null>>;

/** A history in memory: each commit is what it changes, path → text, `null` for gone, "-> x" for a link, "@x" for a submodule. */
function historyOf(states: readonly State[], { prefix = '', hasGitFolder = false } = {}): History {
  const texts = new Map<string, string>();
  const changeOf = ([path, text]: [string, string | null]): KeptChange => {
    if (text === null) return { path, entry: undefined };
    const link = /^-> (.*)$/.exec(text)?.[1];
    const id = `id of ${link ?? text}`;
    texts.set(id, link ?? text);
    const mode = text.startsWith('@')
      ? '160000'
      : link !== undefined
        ? '120000'
        : text.startsWith('#!')
          ? '100755'
          : '100644';
    return { path, entry: { mode, id } };
  };
  const commits = states.map(
    (state, i): Commit => ({
      id: `c${i}`,
      subject: `commit ${i}`,
      parents: 1,
      changes: Object.entries(state).map(changeOf),
    }),
  );
  return {
    branch: 'main',
    shallow: false,
    hasGitFolder,
    prefix,
    before: new Map(),
    commits: (async function* () {
      for (const commit of commits) yield [commit];
    })(),
    blob: async (id) => {
      const text = texts.get(id);
      return text === undefined ? { failed: 'gone' } : { text };
    },
    close: () => {},
  };
}

const order: ReplayOrder = {
  context: '.',
  dockerfile: 'Dockerfile',
  path: 'Dockerfile',
  buildArgs: {},
  policy: 'previous',
};

async function told(states: readonly State[], more: Partial<ReplayOrder> = {}, prefix = ''): Promise<ReplayReport> {
  const result = await replay({ ...order, ...more }, historyOf(states, { prefix }));
  if ('failed' in result) throw new Error(result.failed);
  return result.report;
}

/** Steps that reran at the last commit: those that may have in brackets. */
function last({ commits, sides }: ReplayReport, side = 0): readonly string[] {
  const { certain = [], possible = [] } = commits.at(-1)?.reruns[side] ?? {};
  const steps = sides[side]?.steps ?? [];
  return [...certain, ...possible]
    .sort((a, b) => a - b)
    .map((index) => (possible.includes(index) ? `(${steps[index]?.text})` : `${steps[index]?.text}`));
}

const why = ({ commits }: ReplayReport) =>
  commits.at(-1)?.reruns[0]?.stages.map(({ stage, root }) => [stage, ...root.causes]) ?? [];

const node = `FROM node:22
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build
CMD ["node", "."]
`;
const app = {
  Dockerfile: node,
  'package.json': '1',
  'src/a.js': '1',
  '.dockerignore': '*.md\nDockerfile\n.dockerignore\n',
};

test.each<[string, State, readonly string[]]>([
  ['nothing', {}, []],
  ['a source file', { 'src/a.js': '2' }, ['COPY . .', 'RUN npm run build']],
  ['a new file', { 'src/b.js': '2' }, ['COPY . .', 'RUN npm run build']],
  ['a file that is gone', { 'src/a.js': null }, ['COPY . .', 'RUN npm run build']],
  ['the manifest', { 'package.json': '2' }, ['COPY package*.json ./', 'RUN npm ci', 'COPY . .', 'RUN npm run build']],
  [
    'a second manifest',
    { 'package-lock.json': '2' },
    ['COPY package*.json ./', 'RUN npm ci', 'COPY . .', 'RUN npm run build'],
  ],
  ['the manifest of a package below', { 'sub/package.json': '2' }, ['COPY . .', 'RUN npm run build']],
  ['what is ignored', { 'README.md': '2' }, []],
  ['a comment in an ignored Dockerfile', { Dockerfile: `# hi\n${node}` }, []],
  ['another CMD', { Dockerfile: node.replace('"."', '"x"') }, []],
  ['a LABEL', { Dockerfile: node.replace('RUN npm ci', 'LABEL a=b\nRUN npm ci') }, []],
  ['a line break before the command', { Dockerfile: node.replace('npm ci', '\\\n  npm ci') }, []],
  [
    'a line break in the command',
    { Dockerfile: node.replace('npm ci', 'npm \\\n  ci') },
    ['RUN npm ci', 'COPY . .', 'RUN npm run build'],
  ],
  ['a variable', { Dockerfile: node.replace('COPY . .', 'ENV A=b\nCOPY . .') }, ['RUN npm run build']],
  ['an ARG with a value', { Dockerfile: node.replace('COPY . .', 'ARG A=b\nCOPY . .') }, ['RUN npm run build']],
  ['an ARG without one', { Dockerfile: node.replace('COPY . .', 'ARG A\nCOPY . .') }, []],
  ['another user', { Dockerfile: node.replace('COPY . .', 'USER node\nCOPY . .') }, ['RUN npm run build']],
  [
    'another shell',
    { Dockerfile: node.replace('COPY . .', 'SHELL ["/bin/bash", "-c"]\nCOPY . .') },
    ['RUN npm run build'],
  ],
  ['another target', { Dockerfile: node.replace('. .', '. ./x') }, ['COPY . ./x', 'RUN npm run build']],
  ['a mode', { 'src/a.js': '#!1' }, ['COPY . .', 'RUN npm run build']],
  [
    'what the ignore file lets in',
    { '.dockerignore': 'Dockerfile\n.dockerignore\n', 'x.md': '1' },
    ['COPY . .', 'RUN npm run build'],
  ],
] as const)('what reruns after: %s', async (_, change, steps) => {
  const report = await told([app, change]);
  expect(last(report)).toEqual(steps);
});

const docs =
  'FROM s\nCOPY docs/a.txt ./\nRUN one\nCOPY src lib/*.c /x/\nRUN --mount=type=bind,source=tool,target=/t two\n';
const files = { Dockerfile: docs, 'docs/a.txt': '1', 'src/a': '1', 'lib/a.c': '1', 'tool/x': '1' };

test.each<[string, State, string]>([
  ['a file', { 'docs/a.txt': null }, 'docs/a.txt is not there any more'],
  ['all of a directory', { 'src/a': null }, 'src is not there any more'],
  ['all of the directory of a wildcard', { 'lib/a.c': null }, 'lib/*.c is not there any more'],
  [
    'all of what the directory of a wildcard is asked for',
    { 'lib/a.c': null, 'lib/a.h': '1' },
    'lib/*.c is not there any more',
  ],
  ['what a mount takes', { 'tool/x': null }, 'tool is not there any more'],
  ['what the ignore file leaves out', { '.dockerignore': 'src\n' }, 'src is left out by the ignore file'],
  ['what a link led to', { 'src/a': null, src: '-> lost' }, 'src is a link that leads nowhere'],
])('a build fails without what it takes: %s', async (_, change, says) => {
  const back = Object.fromEntries(Object.keys(change).map((path) => [path, (files as State)[path] ?? null]));
  const report = await told([files, change, { ...back, 'src/a': '2' }]);
  expect(report.commits.map(({ problem }) => problem?.slice(0, says.length))).toEqual([undefined, says, undefined]);
  // The next commit is compared with the last that can be built.
  expect(report.sides[0]?.builds).toBe(1);
  expect(last(report)).toEqual(['COPY src lib/*.c /x/', 'RUN --mount=type=bind,source=tool,target=/t two']);
});

test('what git has and the ignore file leaves out fails a build from the start', async () => {
  const begin = { ...files, '.dockerignore': 'docs\n' };
  const report = await told([begin, { x: '1' }, { '.dockerignore': '' }, { 'docs/a.txt': '2' }]);
  const says = 'docs/a.txt is left out by the ignore file, and a step takes it: the build fails';
  expect(report.commits.map(({ problem }) => problem)).toEqual([says, says, undefined, undefined]);
});

test.each<[string, State]>([
  [
    'a directory of which nothing more than its name is left',
    { 'src/a': null, 'src/b': '1', '.dockerignore': 'src/*\n' },
  ],
  ['one file of several', { 'src/b': '1', 'src/a': null }],
  ['another directory under the name, through a link', { 'src/a': null, src: '-> lib' }],
])('a build goes on: %s', async (_, change) => {
  const report = await told([files, change, {}]);
  expect(report.commits.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
});

test('what git never had may be made before each build, and what the last commit has no more too', async () => {
  const states: readonly State[] = [
    { Dockerfile: 'FROM s\nCOPY dist made /x/\n', 'dist/a': '1' },
    { 'dist/a': null },
    { x: '1' },
  ];
  const alone = await replay(order, historyOf(states));
  expect(alone).toEqual({
    failed: 'no two commits can be built: dist is not there any more, and a step takes it: the build fails',
  });
  const result = await replay(order, historyOf(states), undefined, async () => historyOf(states));
  if ('failed' in result) throw new Error(result.failed);
  expect(result.report.commits.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
  expect(result.report.notes).toContain(
    'git keeps nothing of this, so that its changes are not seen: dist (line 2), made (line 2)',
  );
});

test('of what the ignore file leaves out nobody says that git does not keep it', async () => {
  const held = {
    sides: [{ name: 'Dockerfile', text: docs }],
    ignoreFile: { file: '.dockerignore', text: 'src\nlib/*.c\n' },
  };
  const report = await told([files, { 'docs/a.txt': '2' }], { held });
  expect(report.notes).toEqual([
    'the ignore file leaves this out, so that it is not copied: src (line 4), lib/*.c (line 4)',
  ]);
  // A last commit that cannot be built says nothing of that.
  const broken = await told([files, { x: '1' }, { '.dockerignore': '[z-a]\n' }]);
  expect(broken.notes).toEqual([]);
});

test('.git that earlier commits sent is told as such', async () => {
  const states = [{ Dockerfile: 'FROM s\nCOPY . .\n' }, { a: '1' }, { '.dockerignore': '.git\n' }];
  const told = async (all: readonly State[]) => {
    const result = await replay(order, historyOf(all, { hasGitFolder: true }));
    return 'failed' in result ? result.failed : result.report.notes;
  };
  expect(await told(states.slice(0, 2))).toEqual(['.git is sent, and every commit changes it: see layerwise context']);
  expect(await told(states)).toEqual(['earlier commits sent .git, which each of them changed; the last one does not']);
});

test('a Dockerfile that is held goes on without what a commit does not have', async () => {
  const text = 'FROM s\nCOPY docs/a.txt ./\n';
  const held = { sides: [{ name: 'Dockerfile', text }], ignoreFile: undefined };
  const report = await told([files, { 'docs/a.txt': null }], { held });
  expect(report.commits.map(({ problem }) => problem)).toEqual([undefined, undefined]);
  expect(last(report)).toEqual(['COPY docs/a.txt ./']);
});

test('another base reruns everything', async () => {
  const report = await told([app, { Dockerfile: node.replace(':22', ':24') }]);
  expect(last(report)).toHaveLength(6);
  expect(why(report)).toEqual([['final', { is: 'Dockerfile' }]]);
});

test('each rerun says because of what', async () => {
  expect(why(await told([app, { 'src/a.js': '2' }]))).toEqual([['final', { is: 'path', path: 'src/a.js' }]]);
  expect(why(await told([app, { 'src/a.js': '2', 'src/b.js': '2' }]))).toEqual([
    ['final', { is: 'path', path: 'src/**' }],
  ]);
  const withArg = node.replace('RUN npm ci', 'ARG V=1\nRUN npm ci');
  expect(why(await told([{ ...app, Dockerfile: withArg }, { Dockerfile: withArg.replace('V=1', 'V=2') }]))).toEqual([
    ['final', { is: 'argument', name: 'V' }],
  ]);
  expect(why(await told([{ ...app, 'x.md': '' }, { '.dockerignore': 'Dockerfile\n.dockerignore\n' }]))).toEqual([
    ['final', { is: 'ignore-file' }],
  ]);
  const report = await told([app, { Dockerfile: node.replace('npm ci', 'npm i') }]);
  expect(why(report)).toEqual([['final', { is: 'Dockerfile' }]]);
  // The row is the same one: its text is today's.
  expect(report.sides[0]?.steps.find(({ instruction }) => instruction === 'RUN')).toMatchObject({
    text: 'RUN npm i',
    of: 1,
    reran: 1,
  });
});

test('an argument that has another value at every commit', async () => {
  const early = node.replace('WORKDIR', 'ARG GIT_SHA\nWORKDIR');
  const late = node.replace('CMD', 'ARG GIT_SHA\nLABEL sha=$GIT_SHA\nCMD');
  const more = { varying: ['GIT_SHA'] };
  const report = await told([{ ...app, Dockerfile: early }, {}], more);
  expect(last(report)).toEqual(['RUN npm ci', 'COPY . .', 'RUN npm run build']);
  expect(why(report)).toEqual([['final', { is: 'argument', name: 'GIT_SHA' }]]);
  expect(last(await told([{ ...app, Dockerfile: late }, {}], more))).toEqual([]);
  expect(last(await told([{ ...app, Dockerfile: early }, {}]))).toEqual([]);
});

const stages = `FROM golang AS build
COPY . .
RUN go build
FROM alpine
RUN apk add curl
COPY --from=build /app /app
RUN /app --check
`;

test('a copy from a stage that reran may be the same, and so may all below it', async () => {
  const report = await told([{ Dockerfile: stages, 'main.go': '1' }, { 'main.go': '2' }]);
  expect(last(report)).toEqual(['COPY . .', 'RUN go build', '(COPY --from=build /app /app)', '(RUN /app --check)']);
  expect(report.sides[0]?.steps.find(({ text }) => text.includes('--from'))).toMatchObject({
    reran: 1,
    certain: 0,
    of: 1,
  });
  expect(why(report)).toEqual([
    ['build', { is: 'path', path: 'main.go' }],
    ['final', { is: 'path', path: 'main.go' }],
  ]);
});

test('a linked copy does not look at what stands before it', async () => {
  const linked = 'FROM a\nCOPY one /\nCOPY --link two /\nRUN x\n';
  expect(last(await told([{ Dockerfile: linked, one: '1', two: '1' }, { one: '2' }]))).toEqual(['COPY one /', 'RUN x']);
  expect(last(await told([{ Dockerfile: linked, one: '1', two: '1' }, { two: '2' }]))).toEqual([
    'COPY --link two /',
    'RUN x',
  ]);
});

test("git's own files are sent too, unless the ignore file leaves them out", async () => {
  const of = async (ignoreFile: string) => {
    const states = [{ ...app, '.dockerignore': `${app['.dockerignore']}${ignoreFile}` }, { 'x.md': '2' }];
    const result = await replay(order, historyOf(states, { hasGitFolder: true }));
    if ('failed' in result) throw new Error(result.failed);
    return result.report;
  };
  const sent = await of('');
  expect(last(sent)).toEqual(['COPY . .', 'RUN npm run build']);
  expect(why(sent)).toEqual([['final', { is: 'path', path: '.git/**' }]]);
  expect(sent.notes).toEqual(['.git is sent, and every commit changes it: see layerwise context']);
  expect(sent.commits.at(-1)).toMatchObject({ changed: 1, survived: 0 });
  for (const ignored of ['.git', '.git/', '**/.git', '.git/**']) expect(last(await of(ignored))).toEqual([]);
});

test('bind mounts count by what they show', async () => {
  const bound = 'FROM a\nRUN --mount=type=bind,source=package.json,target=/p make\nRUN --mount=target=. all\n';
  const begin = { Dockerfile: bound, 'package.json': '1', x: '1', '.dockerignore': 'Dockerfile' };
  expect(last(await told([begin, { x: '2' }]))).toEqual(['RUN --mount=target=. all']);
  expect(last(await told([begin, { 'package.json': '2' }]))).toHaveLength(2);
});

test('what comes back is in the cache of a builder that keeps everything', async () => {
  const states = [app, { 'package.json': '2' }, { 'package.json': '1' }];
  expect(last(await told(states))).toHaveLength(4);
  expect(last(await told(states, { policy: 'ever' }))).toEqual([]);
});

test('links are followed, submodules count by their commit', async () => {
  const copied = 'FROM a\nCOPY link /\nRUN one\nCOPY lib/sub/x /\nRUN two\n';
  const begin = { Dockerfile: copied, link: '-> real', real: '1', 'lib/sub': '@1' };
  expect(last(await told([begin, { real: '2' }]))[0]).toBe('COPY link /');
  expect(last(await told([begin, { link: '-> other', other: '2' }]))[0]).toBe('COPY link /');
  const report = await told([begin, { 'lib/sub': '@2' }]);
  expect(last(report)).toEqual(['COPY lib/sub/x /', 'RUN two']);
  expect(report.notes).toEqual(['of a submodule only its commit counts, not what is in it: lib/sub']);
});

test('a source counts by what it brings, not by where that lies', async () => {
  const copied = 'FROM a\nCOPY link /\nCOPY */one.txt /ones/\nCOPY l* /all/\nCOPY --exclude=*.md docs /docs/\n';
  const begin = {
    Dockerfile: copied,
    ...{ link: '-> real', real: '1', 'x/one.txt': '1', 'x/two.txt': '1', 'docs/a.md': '1', 'docs/sub/b.md': '1' },
    '.dockerignore': 'Dockerfile',
  };
  const after = async (change: State) => last(await told([begin, change]))[0];
  expect(await after({ real: '2' })).toBe('COPY link /');
  expect(await after({ link: '-> same', same: '1' })).toBeUndefined();
  expect(await after({ link: '-> /x/../real' })).toBeUndefined();
  expect(await after({ link: '-> x' })).toBe('COPY link /');
  expect(await after({ 'x/two.txt': '2' })).toBeUndefined();
  expect(await after({ 'x/one.txt': '2' })).toBe('COPY */one.txt /ones/');
  expect(await after({ 'x/one.txt': null, 'y/one.txt': '1' })).toBeUndefined();
  expect(await after({ lib: '1' })).toBe('COPY l* /all/');
  expect(await after({ 'docs/a.md': '2' })).toBeUndefined();
  expect(await after({ 'docs/sub/b.md': '2' })).toBe('COPY --exclude=*.md docs /docs/');
});

test('a heredoc counts with the variables in it, and the usual shell is what there is anyway', async () => {
  const begin = 'FROM a\nARG WHO=me\nCOPY <<EOF /x\nfor $WHO\nEOF\nCOPY <<"EOF" /y\nfor $WHO\nEOF\nRUN x\n';
  const other = await told([{ Dockerfile: begin }, { Dockerfile: begin.replace('WHO=me', 'WHO=you') }]);
  expect(last(other)).toEqual(['COPY <<EOF /x', 'COPY <<"EOF" /y', 'RUN x']);
  expect(other.commits.at(-1)?.reruns[0]?.stages[0]?.first).toBe(1);
  const quoted = begin.replace('COPY <<EOF /x\nfor $WHO\nEOF\n', '');
  const kept = await told([{ Dockerfile: quoted }, { Dockerfile: quoted.replace('WHO=me', 'WHO=you') }]);
  expect(last(kept)).toEqual(['RUN x']);
  const shell = begin.replace('RUN x', 'SHELL ["/bin/sh", "-c"]\nRUN x');
  expect(last(await told([{ Dockerfile: begin }, { Dockerfile: shell }]))).toEqual([]);
});

test('commits that cannot be built are left out, and the next one is compared with the last that can', async () => {
  const report = await told([
    { 'src/a.js': '1' },
    app,
    { Dockerfile: 'FROM a\nRUNN x\n' },
    { Dockerfile: null },
    { Dockerfile: node, '.dockerignore': '[\n' },
    { '.dockerignore': app['.dockerignore'], 'src/a.js': '2' },
  ]);
  expect(report.commits.map(({ problem }) => problem)).toEqual([
    'there is no Dockerfile',
    undefined,
    expect.stringContaining('line 2: '),
    'there is no Dockerfile',
    expect.stringContaining('line 1 of the ignore file'),
    undefined,
  ]);
  expect(last(report)).toEqual(['COPY . .', 'RUN npm run build']);
  expect(report.sides[0]?.builds).toBe(1);
});

test('a context and a Dockerfile below the top, and an ignore file of its own', async () => {
  const dockerfile = 'FROM a\nCOPY . .\nRUN x\n';
  const begin = {
    'app/x': '1',
    'app/y': '1',
    'docker/app.Dockerfile': dockerfile,
    'docker/app.Dockerfile.dockerignore': 'y',
    'app/.dockerignore': 'x',
    z: '1',
  };
  const more = { path: 'docker/app.Dockerfile' };
  expect(last(await told([begin, { 'app/x': '2' }], more, 'app/'))).toEqual(['COPY . .', 'RUN x']);
  expect(last(await told([begin, { 'app/y': '2', z: '2' }], more, 'app/'))).toEqual([]);
});

test('two Dockerfiles at the same commits', async () => {
  const bad = 'FROM node:22\nCOPY . .\nRUN npm ci\n';
  const good = 'FROM node:22\nCOPY package.json .\nRUN npm ci\nCOPY . .\n';
  const states = [
    app,
    { 'src/a.js': '2' },
    { 'src/a.js': '3' },
    { 'package.json': '2' },
    { Dockerfile: 'FROM other\n' },
  ];
  const held = {
    sides: [
      { name: 'now', text: bad },
      { name: 'then', text: good },
    ],
    ignoreFile: { file: '.dockerignore', text: 'Dockerfile' },
  };
  const report = await told(states, { held });
  const [now, then] = report.sides.map(({ steps }) => steps.find(({ text }) => text === 'RUN npm ci'));
  expect([now?.reran, then?.reran, now?.of, then?.of]).toEqual([3, 1, 4, 4]);
  expect(report.pairs).toEqual([
    [0, 0],
    [null, 1],
    [1, 3],
    [2, 2],
  ]);
});

test('a step that gets another text is the same row, and one that is gone has no line', async () => {
  const { sides } = await told([
    { Dockerfile: 'FROM a\nRUN one\nRUN two\nRUN three\n' },
    { Dockerfile: 'FROM a\nRUN one\nRUN two --better\nRUN three\n' },
    { Dockerfile: 'FROM a\nRUN one\nRUN two --better\n' },
  ]);
  expect(sides[0]?.steps.map(({ text, line, of, reran }) => [text, line, of, reran])).toEqual([
    ['FROM a', 1, 2, 0],
    ['RUN one', 2, 2, 0],
    ['RUN two --better', 3, 2, 1],
    ['RUN three', null, 1, 1],
  ]);
});

test('what git does not keep is told', async () => {
  const { notes } = await told([{ Dockerfile: 'FROM a\nCOPY dist /dist\n' }, { x: '1' }]);
  expect(notes).toEqual(['git keeps nothing of this, so that its changes are not seen: dist (line 2)']);
});

test('a base that depends on the platform is that of linux/amd64; one that depends on a build argument is told', async () => {
  const dockerfile = 'ARG WHICH\nFROM a AS app-linux\nCOPY . .\nRUN x\nFROM app-$TARGETOS AS app\nFROM $WHICH\n';
  const states = [{ Dockerfile: dockerfile, x: '1' }, { x: '2' }];
  expect(last(await told(states, { target: 'app' }))).toEqual(['COPY . .', 'RUN x']);
  expect((await told(states)).sides[0]?.steps.map(({ text }) => text)).toEqual(['FROM $WHICH']);
  const inStage = { Dockerfile: 'FROM a AS one\nARG NAME\nFROM one\n' };
  expect((await told([{ Dockerfile: 'ARG A=$NAME\nFROM $A\n' }, inStage, inStage])).notes).toEqual([]);
  const debug = 'ARG DEBUG\nFROM a AS app\nRUN x\nFROM b AS app-debug\nRUN y\nFROM app${DEBUG:+-debug}\n';
  const quiet = await told([{ Dockerfile: debug, x: '1' }, { Dockerfile: debug.replace('RUN x', 'ARG DEBUG\nRUN x') }]);
  expect(quiet.sides[0]?.steps.map(({ text, reran }) => [text, reran])).toContainEqual(['RUN x', 0]);
  expect(last(await told(states, { buildArgs: { WHICH: 'app' } }))).toEqual(['COPY . .', 'RUN x']);
});

test.each<[readonly State[], Partial<ReplayOrder>, string]>([
  [[app], {}, 'there is one commit only'],
  [[], {}, 'there is no commit'],
  [[{ x: '1' }, { x: '2' }], {}, 'no two commits can be built: there is no Dockerfile'],
  [[app, app], { target: 'nope' }, 'no stage nope'],
  [
    [app, app],
    { held: { sides: [{ name: 'D', text: 'FROM a\nNOPE\n' }], ignoreFile: undefined } },
    'D: the Dockerfile cannot be built: line 2',
  ],
])('nothing to tell: %#', async (states, more, says) => {
  const result = await replay({ ...order, ...more }, historyOf(states));
  expect(result).toMatchObject({ failed: expect.stringContaining(says) });
});

test('how far it has come is told', async () => {
  const steps: number[] = [];
  await replay(order, historyOf([app, {}, {}]), (commits) => steps.push(commits));
  expect(steps).toEqual([1, 1, 1]);
});

test('passwords of a step are not told', async () => {
  const { sides } = await told([
    { Dockerfile: 'FROM a\nRUN git clone https://me:s3cr3tT0ken@example.org/x\n' },
    { x: '1' },
  ]);
  expect(JSON.stringify(sides)).not.toContain('s3cr3tT0ken');
});
