import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHistory } from '../../src/adapters/history.ts';
import type { ReplayReport } from '../../src/core/vocabulary/index.ts';
import { replay } from '../../src/session/index.ts';
import { docker, requireEngine, runBuild } from './engine.ts';

let scratch = '';
const images = new Set<string>();

beforeAll(async () => {
  await requireEngine();
  scratch = await mkdtemp(join(tmpdir(), 'lab-replay-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await docker(['image', 'rm', '--force', ...images]);
});

/** A state of a project: its files as a folder, and the two files that decide what is built. */
interface State {
  readonly version: string;
  readonly folder: string;
  readonly dockerfile: string;
  readonly ignoreFile: string;
  /** Done to the files after they are laid out. */
  readonly touch?: string;
  /** A build of it fails. */
  readonly fails?: true;
}

type Builds = readonly Awaited<ReturnType<typeof runBuild>>[];

/** What is built from one state on. */
type Edit = readonly [from: number, what: 'Dockerfile' | 'ignore', change: (text: string) => string];

function stateAt(edits: readonly Edit[], index: number, what: Edit[1], begin: string): string {
  return edits.reduce((text, [from, of, change]) => (of === what && from <= index ? change(text) : text), begin);
}

/** Published versions of an npm package, one folder each. */
async function npmVersions(name: string, versions: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(scratch, `${name}-`));
  const specs = versions.map((version) => `${name}@${version}`);
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', ...specs], { cwd: folder, stdio: 'pipe' });
  return Promise.all(
    versions.map(async (version) => {
      const to = join(folder, version);
      await mkdir(to);
      execFileSync('tar', ['-xzf', `${name}-${version}.tgz`, '-C', to, '--strip-components=1'], { cwd: folder });
      return to;
    }),
  );
}

/** Published versions of a Go module. */
function goVersions(module: string, versions: readonly string[]): readonly string[] {
  const specs = versions.map((version) => `${module}@${version}`);
  const told = execFileSync('go', ['mod', 'download', '-json', ...specs], { cwd: scratch, stdio: 'pipe' }).toString();
  const found = JSON.parse(`[${told.replaceAll('}\n{', '},{')}]`) as { Version: string; Dir: string }[];
  const dirs = new Map(found.map(({ Version, Dir }) => [Version, Dir]));
  return versions.map((version) => dirs.get(version) ?? '');
}

/** Commits the states one by one; each is laid out again as git has it, and built. @param build default: of the folder as it is */
async function builtOneByOne(
  name: string,
  states: readonly State[],
  build = (state: State, folder: string, _index: number) => runBuild(state.dockerfile, folder),
) {
  const repository = join(scratch, `${name}.git`);
  const work = join(scratch, `${name}-work`);
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      [
        `--git-dir=${repository}`,
        `--work-tree=${work}`,
        '-c',
        'user.name=t',
        '-c',
        'user.email=t@example.org',
        ...args,
      ],
      { stdio: 'pipe' },
    ).toString();
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', repository]);
  const builds: Awaited<ReturnType<typeof runBuild>>[] = [];
  for (const [index, state] of states.entries()) {
    const { version, folder, dockerfile, ignoreFile, touch, fails } = state;
    await rm(work, { recursive: true, force: true });
    await cp(folder, work, { recursive: true, mode: 0 });
    execFileSync('chmod', ['-R', 'u+rwX', work]);
    await writeFile(join(work, 'Dockerfile'), dockerfile);
    await writeFile(join(work, '.dockerignore'), ignoreFile);
    if (touch !== undefined) execFileSync('sh', ['-c', touch], { cwd: work });
    git('add', '--all', '--force', '.');
    git('commit', '-qm', version, '--allow-empty');
    await rm(work, { recursive: true });
    await mkdir(work);
    git('checkout', '-qf', 'HEAD', '--', '.');
    expect((await readdir(work)).length).toBeGreaterThan(2);
    const built = await build(state, work, index);
    expect(built.ok, `${version}: ${built.error}\n${built.output}`).toBe(fails !== true);
    if (built.image !== undefined) images.add(built.image);
    builds.push(built);
  }
  return { repository, builds };
}

/** BuildKit's own number of a step in its stage: it counts the FROM, and whatever makes a layer. */
function numbersOf(dockerfile: string): Map<number, { stage: string; number: number }> {
  const found = new Map<number, { stage: string; number: number }>();
  const names = new Set<string>();
  let [stage, number] = ['', 0];
  for (const [i, line] of dockerfile.split('\n').entries()) {
    const from = /^FROM (\S+) AS (\S+)/.exec(line);
    if (from) {
      stage = from[2] ?? '';
      // A stage that is FROM another one begins with its first instruction.
      number = names.has(from[1] ?? '') ? 0 : 1;
      names.add(stage);
    } else if (/^(?:RUN|COPY|ADD|WORKDIR) /.test(line)) {
      number += 1;
      found.set(i + 1, { stage, number });
    }
  }
  return found;
}

interface Tally {
  /** Steps that were compared, those of them that reran, and those of which only a build can tell. */
  steps: number;
  reran: number;
  open: number;
  openReran: number;
  wrong: string[];
}

/** Steps that an edit writes otherwise: what they are in the last state. */
const renamed = new Map<string, string>();

/** Step by step: what replay says reruns is what the engine ran. */
function compare(states: readonly State[], builds: Builds, report: ReplayReport): Tally {
  const tally: Tally = { steps: 0, reran: 0, open: 0, openReran: 0, wrong: [] };
  const [side] = report.sides;
  for (const [i, { version, dockerfile, fails }] of states.entries()) {
    if (i === 0) continue;
    expect(report.commits[i]?.problem === undefined, version).toBe(fails !== true);
    if (fails) continue;
    const reruns = report.commits[i]?.reruns[0];
    const texts = (indices: readonly number[] = []) => new Set(indices.map((index) => side?.steps[index]));
    const [certain, possible] = [texts(reruns?.certain), texts(reruns?.possible)];
    for (const [line, { stage, number }] of numbersOf(dockerfile)) {
      const written = dockerfile.split('\n')[line - 1] ?? '';
      const step = side?.steps.find((one) => one.text === (renamed.get(written) ?? written) && one.stage === stage);
      // Numbers are padded to the width of the last one.
      const ran = builds[i]?.steps.find(({ name }) => new RegExp(`^\\[${stage} +${number}/`).test(name));
      const reran = ran !== undefined && !ran.cached;
      tally.steps += 1;
      if (reran) tally.reran += 1;
      const where = `${version}: ${written}`;
      if (step === undefined) tally.wrong.push(`${where}: replay has no such step`);
      else if (possible.has(step)) {
        tally.open += 1;
        if (reran) tally.openReran += 1;
      } else if (certain.has(step) !== reran) tally.wrong.push(`${where}: ${reran ? 'reran' : 'was cached'}`);
    }
  }
  return tally;
}

async function judged(
  name: string,
  states: readonly State[],
  policy: 'ever' | 'previous' = 'ever',
  build?: Parameters<typeof builtOneByOne>[2],
): Promise<Tally> {
  const { repository, builds } = await builtOneByOne(name, states, build);
  const opened = await openHistory(repository, states.length + 10);
  if ('failed' in opened) throw new Error(opened.failed);
  const order = { context: '.', dockerfile: 'Dockerfile', path: 'Dockerfile', buildArgs: {}, policy };
  const told = await replay(order, opened.history);
  opened.history.close();
  if ('failed' in told) throw new Error(told.failed);
  const tally = compare(states, builds, told.report);
  process.stdout.write(
    `${name}: ${states.length} states, ${tally.steps} steps compared, ${tally.reran} reran, ${tally.wrong.length} differ; ` +
      `only a build can tell of ${tally.open}, ${tally.openReran} of them reran\n`,
  );
  return tally;
}

const insert = (before: string, line: string) => (text: string) => text.replace(before, `${line}\n${before}`);

test('an npm package: published versions, committed and built one by one', { timeout: 900_000 }, async () => {
  const versions =
    '7.0.0 7.1.0 7.1.1 7.1.2 7.1.3 7.2.0 7.2.1 7.2.2 7.2.3 7.3.0 7.3.1 7.3.2 7.3.3 7.3.4 7.3.5 7.3.6 7.3.7 7.3.8 7.4.0 7.5.0 7.5.1 7.5.2 7.5.3 7.5.4 7.6.0 7.6.1 7.6.2 7.6.3 7.7.0 7.7.1 7.7.2 7.7.3 7.7.4'.split(
      ' ',
    );
  const folders = await npmVersions('semver', versions);
  // What an earlier run left in the engine's cache is of another salt.
  const salt = randomBytes(6).toString('hex');
  const begin = `FROM node:24-trixie-slim AS deps
ARG LEVEL=warn
RUN : ${salt}
WORKDIR /app
COPY package*.json ./
RUN --mount=type=cache,id=layerwise-replay,target=/root/.npm mkdir -p node_modules && npm install --prefer-offline --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=$LEVEL && ls node_modules > /installed
FROM node:24-trixie-slim AS build
RUN : ${salt}
WORKDIR /src
COPY . .
RUN ls -R . | sort > /listing
RUN --mount=type=bind,source=package.json,target=/p.json sha256sum /p.json > /sum
RUN --mount=type=bind,source=functions,target=/f ls /f > /names
FROM debian:trixie-slim AS final
RUN : ${salt}
WORKDIR /app
COPY --link bin ./bin-${salt}
COPY --from=deps /app/node_modules ./node_modules
COPY functions ./functions
COPY --from=build /listing /names ./
COPY --chmod=755 range.bnf LICENSE ./
RUN ls > /done
CMD ["ls"]
`;
  const edits: readonly Edit[] = [
    [3, 'Dockerfile', insert('CMD', 'LABEL org.example.of=semver')],
    [4, 'Dockerfile', (text) => `# a comment\n${text}`],
    [5, 'ignore', (text) => `${text}Dockerfile\n.dockerignore\n`],
    [7, 'Dockerfile', (text) => `# another one, that is ignored\n${text}`],
    [8, 'Dockerfile', insert('RUN ls -R', 'ENV LISTED=yes')],
    [10, 'ignore', (text) => `${text}*.md\n**/range*\n!range.bnf\n`],
    [12, 'Dockerfile', (text) => text.replace('LEVEL=warn', 'LEVEL=error')],
    [14, 'Dockerfile', insert('RUN --mount=type=bind,source=functions', 'USER node')],
    [
      14,
      'Dockerfile',
      (text) =>
        text
          .replace('source=functions,target=/f ls /f > /names', 'source=functions,target=/f ls /f > /tmp/names')
          .replace('/listing /names', '/listing /tmp/names'),
    ],
    [16, 'Dockerfile', insert('RUN ls > /done', 'RUN date > /dev/null')],
    [18, 'Dockerfile', insert('RUN ls -R', 'SHELL ["/bin/bash", "-c"]')],
    [20, 'Dockerfile', (text) => text.replace('ARG LEVEL=error', 'ARG UNSET\nARG LEVEL=error')],
    [22, 'Dockerfile', (text) => text.replace('CMD ["ls"]', 'EXPOSE 80\nHEALTHCHECK NONE\nENTRYPOINT ["ls"]')],
    [24, 'Dockerfile', (text) => text.replace('WORKDIR /app\nCOPY --link', 'WORKDIR /app\nENV HOME=/app\nCOPY --link')],
  ];
  for (const [was, is] of [
    [
      'RUN --mount=type=bind,source=functions,target=/f ls /f > /names',
      'RUN --mount=type=bind,source=functions,target=/f ls /f > /tmp/names',
    ],
    ['COPY --from=build /listing /names ./', 'COPY --from=build /listing /tmp/names ./'],
  ] as const)
    renamed.set(was, is);
  const states = versions.map((version, i): State => {
    const dockerfile = stateAt(edits, i, 'Dockerfile', begin);
    return { version, folder: folders[i] ?? '', dockerfile, ignoreFile: stateAt(edits, i, 'ignore', '') };
  });
  const [first, last] = [states.at(-4), states.at(-1)];
  if (first === undefined || last === undefined) throw new Error('there are no states');
  const more: State[] = [
    // Nothing changes, modes do, a link comes, what was there before comes back.
    { ...last, version: 'the same again' },
    { ...last, version: 'a mode', touch: 'chmod +x functions/inc.js' },
    { ...last, version: 'a link', touch: 'ln -s inc.js functions/again.js && ln -s range.bnf linked' },
    { ...first, version: 'as before' },
  ];
  const tally = await judged('semver', [...states, ...more]);
  expect(tally.wrong).toEqual([]);
  expect(tally.steps).toBeGreaterThan(500);
  expect(tally.reran).toBeGreaterThan(100);
  expect(tally.steps - tally.reran).toBeGreaterThan(100);
});

test('a Go module: the same', { timeout: 900_000 }, async () => {
  const versions = Array.from({ length: 36 }, (_, i) => `v0.${i + 2}.0`);
  const folders = goVersions('golang.org/x/mod', versions);
  const salt = randomBytes(6).toString('hex');
  const begin = `FROM golang:1.26-trixie AS modules
RUN : ${salt}
WORKDIR /src
COPY go.mo[d] go.su[m] ./
RUN go mod download && ls /go/pkg/mod/cache > /downloaded
FROM modules AS build
COPY . .
RUN go list -deps ./semver | sort > /deps
RUN go version > /version
FROM debian:trixie-slim AS count
RUN : ${salt}
RUN --mount=type=bind,target=/src find /src -name '*.go' | wc -l > /count
RUN --mount=type=bind,from=build,source=/deps,target=/deps sort /deps > /sorted
RUN --mount=type=cache,target=/cache-${salt} touch /cache-${salt}/x
FROM debian:trixie-slim AS final
RUN : ${salt}
COPY --link --from=build /deps /${salt}/deps
COPY --from=count /count /sorted /
COPY LICENSE README* /docs/
ADD module/*.go /module/
COPY semver/ /semver/
RUN cat /count > /done
CMD ["cat", "/done"]
`;
  const edits: readonly Edit[] = [
    [3, 'ignore', (text) => `${text}**/*_test.go\n**/testdata\nDockerfile\n`],
    [6, 'ignore', (text) => `${text}*\n!go.*\n!**/*.go\n!LICENSE\n!README.md\n`],
    [9, 'Dockerfile', insert('RUN go list', 'ARG CGO_ENABLED=0')],
    [12, 'Dockerfile', insert('RUN go list', 'ENV GOFLAGS=-mod=mod')],
    [15, 'Dockerfile', (text) => text.replace('CGO_ENABLED=0', 'CGO_ENABLED=1')],
    [18, 'Dockerfile', (text) => text.replace('CGO_ENABLED=1', 'CGO_ENABLED=0')],
    [21, 'Dockerfile', insert('COPY LICENSE', 'ENV WHERE=/here')],
    [24, 'Dockerfile', insert('RUN cat', 'WORKDIR /there')],
    [
      27,
      'Dockerfile',
      (text) => text.replace('WORKDIR /there', 'USER nobody\nWORKDIR /there').replace('> /done', '> /tmp/done'),
    ],
    [30, 'Dockerfile', insert('COPY semver/', 'RUN true')],
  ];
  renamed.set('RUN cat /count > /done', 'RUN cat /count > /tmp/done');
  const states = versions.map((version, i): State => {
    const dockerfile = stateAt(edits, i, 'Dockerfile', begin);
    return { version, folder: folders[i] ?? '', dockerfile, ignoreFile: stateAt(edits, i, 'ignore', '') };
  });
  const tally = await judged('mod', states);
  expect(tally.wrong).toEqual([]);
  expect(tally.steps).toBeGreaterThan(500);
  expect(tally.reran).toBeGreaterThan(100);
  expect(tally.steps - tally.reran).toBeGreaterThan(100);
});

test('what real projects have seldom', { timeout: 900_000 }, async () => {
  const salt = randomBytes(6).toString('hex');
  const begin = `FROM debian:trixie-slim AS made
RUN : ${salt}
WORKDIR /made
ARG WHO=me
COPY --exclude=*.md --exclude=sub/deep docs ./docs
COPY link ./linked
COPY links/ ./links/
COPY */one.txt ./ones/
COPY d?r/ ./wild/
COPY --exclude=two.txt d?r ./less/
COPY --exclude=d?r/one.txt d?[r] ./all/
COPY noth*ng ./late/
COPY <<TEXT ./text
for $WHO
TEXT
RUN cat text > /text
FROM debian:trixie-slim AS final
RUN : ${salt}
COPY --link --from=made /made/docs /${salt}/docs
ADD --chown=1000:1000 dir /${salt}/dir
RUN --mount=type=bind,source=docs/sub,target=/sub,rw ls /sub > /sub.txt
RUN --mount=type=bind,from=made,source=/made/ones,target=/ones ls /ones > /ones.txt
RUN --mount=type=tmpfs,target=/t true
VOLUME /data
CMD ["ls"]
`;
  const lay = [
    'mkdir -p docs/sub/deep dir other links',
    'echo a > docs/a.txt; echo a > docs/a.md; echo b > docs/sub/b.md; echo c > docs/sub/c.txt; echo d > docs/sub/deep/d.txt',
    'echo real > real; ln -s real link; echo t > links/target; ln -s target links/l',
    'echo 1 > dir/one.txt; echo 1 > other/one.txt; echo 2 > dir/two.txt',
  ].join('; ');
  const edits: readonly (readonly [
    version: string,
    touch: string,
    dockerfile?: ((text: string) => string) | undefined,
    fails?: 'fails',
  ])[] = [
    ['begin', ''],
    ['an excluded file at the top of the source', 'echo 2 > docs/a.md'],
    ['a file that a pattern would exclude at the top, deeper', 'echo 2 > docs/sub/b.md'],
    ['an excluded directory', 'echo 2 > docs/sub/deep/d.txt'],
    ['a file that is not excluded', 'echo 2 > docs/sub/c.txt'],
    ['what a link leads to', 'echo unreal > real'],
    ['a link that leads elsewhere', 'echo x > elsewhere; ln -sf elsewhere link'],
    ['a link that leads to the same content', 'cp elsewhere again; ln -sf again link'],
    ['what a link in a directory leads to', 'echo u > links/target'],
    ['one of what a wildcard matches', 'echo 3 > other/one.txt'],
    ['another one that it matches', 'mkdir new; echo 4 > new/one.txt'],
    ['what it does not match', 'echo 5 > other/two.txt'],
    ['the shell that there is anyway', '', (text) => text.replace('RUN cat', 'SHELL ["/bin/sh", "-c"]\nRUN cat')],
    ['a variable in a heredoc', '', (text) => text.replace('WHO=me', 'WHO=you')],
    ['another owner', '', (text) => text.replace('1000:1000', '1001:1001')],
    ['a volume', '', (text) => text.replace('VOLUME /data', 'VOLUME /data /more\nSTOPSIGNAL SIGINT')],
    ['what is excluded below a wildcard, and by a longer name not', 'echo 3 > dir/two.txt'],
    ['what only a longer name would exclude', 'echo 6 > dir/one.txt'],
    ['a directory that is renamed', 'mv other others'],
    ['and back', 'mv others other'],
    ['without a file that is named', 'mv link aside', undefined, 'fails'],
    ['a link that leads nowhere', 'ln -s nowhere link', undefined, 'fails'],
    ['without what a mount takes', 'rm link; mv aside link; mv docs/sub docs/away', undefined, 'fails'],
    ['all there', 'mv docs/away docs/sub'],
    ['a wildcard that matches something at last', 'echo 1 > nothing'],
    ['a file that is gone', 'rm docs/sub/c.txt'],
  ];
  const empty = join(scratch, 'empty');
  await mkdir(empty);
  renamed.set(`ADD --chown=1000:1000 dir /${salt}/dir`, `ADD --chown=1001:1001 dir /${salt}/dir`);
  let [touch, dockerfile] = [lay, begin];
  const states = edits.map(([version, more, change, fails]): State => {
    if (more !== '') touch += `; ${more}`;
    dockerfile = change?.(dockerfile) ?? dockerfile;
    const state = { version, folder: empty, dockerfile, ignoreFile: 'Dockerfile\n.dockerignore\n', touch };
    return fails === undefined ? state : { ...state, fails: true };
  });
  const tally = await judged('seldom', states);
  expect(tally.wrong).toEqual([]);
});

test('what takes time is cancelled when a source is missing, so that the next build runs it', async () => {
  const salt = randomBytes(6).toString('hex');
  const dockerfile = `FROM debian:trixie-slim AS final
RUN : ${salt}
COPY first ./
RUN sleep 4
COPY second ./
`;
  const empty = join(scratch, 'none');
  await mkdir(empty);
  const state = (version: string, touch: string): State => ({
    ...{ version, folder: empty, dockerfile, ignoreFile: '', touch },
    ...(version === 'without' && { fails: true as const }),
  });
  const { builds } = await builtOneByOne('cancelled', [
    state('begin', 'echo 1 > first; echo 1 > second; echo 1 > third'),
    state('without', 'echo 2 > first; echo 1 > third'),
    state('with', 'echo 2 > first; echo 1 > second; echo 1 > third'),
  ]);
  expect(builds[1]?.error).toMatch(/"\/second": not found/);
  const slow = builds.map(({ steps }) => steps.find(({ name }) => name.includes('sleep')));
  expect(slow[2]).toMatchObject({ cached: false });
  expect(slow[2]?.seconds).toBeGreaterThan(3);
});

test('policy previous: the cache holds the build before and no other', { timeout: 900_000 }, async () => {
  const versions = '7.0.0 7.1.0 7.0.0 7.1.1 7.1.3 7.1.1 7.2.0 7.3.0 7.2.0 7.3.0 7.3.0 7.4.0 7.3.0 7.0.0 7.5.0'.split(
    ' ',
  );
  const unique = [...new Set(versions)];
  const folders = new Map((await npmVersions('semver', unique)).map((folder, i) => [unique[i] ?? '', folder]));
  const begin = `FROM debian:trixie-slim AS build
RUN : SALT
WORKDIR /src
COPY package.json LICENSE ./
RUN sha256sum package.json > /sums
COPY --exclude=*.md . .
RUN ls -R functions | sort > /listing
FROM debian:trixie-slim AS final
RUN : SALT
COPY --link bin ./bin-SALT
COPY --from=build /listing ./
RUN --mount=type=bind,source=classes,target=/c cat /c/*.js | wc -c > /bytes
COPY functions ./functions
ENV A=b
RUN ls > /done
`;
  const edits: readonly Edit[] = [
    [4, 'ignore', () => 'Dockerfile\n.dockerignore\n'],
    [6, 'Dockerfile', (text) => text.replace('A=b', 'A=c')],
    [8, 'Dockerfile', (text) => text.replace('A=c', 'A=b')],
    [9, 'ignore', (text) => `${text}functions/eq.js\n`],
    [10, 'ignore', () => 'Dockerfile\n.dockerignore\n'],
    [12, 'Dockerfile', (text) => text.replace('WORKDIR', 'USER root\nWORKDIR')],
  ];
  const states = versions.map((version, i): State => {
    const [dockerfile, ignoreFile] = [stateAt(edits, i, 'Dockerfile', begin), stateAt(edits, i, 'ignore', '')];
    return { version: `${i}: ${version}`, folder: folders.get(version) ?? '', dockerfile, ignoreFile };
  });
  // Each is built right after the one before it, both with a salt of their own: nothing older can be in the cache.
  const kept = join(scratch, 'before');
  const tally = await judged('previous', states, 'previous', async ({ dockerfile }, folder, index) => {
    const salted = (text: string) => text.replaceAll('SALT', salt);
    const salt = randomBytes(6).toString('hex');
    const before = states[index - 1];
    if (before !== undefined) {
      const first = await runBuild(salted(before.dockerfile), kept);
      if (first.image !== undefined) images.add(first.image);
    }
    const built = await runBuild(salted(dockerfile), folder);
    await rm(kept, { recursive: true, force: true });
    await cp(folder, kept, { recursive: true });
    return built;
  });
  expect(tally.wrong).toEqual([]);
  expect(tally.reran).toBeGreaterThan(60);
  expect(tally.steps - tally.reran).toBeGreaterThan(40);
});
