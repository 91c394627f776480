/**
 * Makes a repository of many files and commits, and measures `layerwise replay` over it against `git log --name-only` over the same
 * commits: `node --import ./scripts/ts.mjs test/bench/replay.ts [--files 10000] [--commits 1000] [--rounds 5]`,
 * or over one that is there: `--repository DIR`. Run `npm run build` first.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const bin = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url));
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    commits: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    repository: { type: 'string' },
  },
});
const [files, commits, rounds] = [Number(values.files), Number(values.commits), Number(values.rounds)];

const dockerfile = (version: number) => `FROM node:22 AS build
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build
FROM node:22-slim
# version ${version}
COPY --from=build /app/dist /app
COPY dir1 /app/one
ENV VERSION=${version >> 2}
RUN node /app --check
CMD ["node", "/app"]
`;

/** A project as it grows: every commit changes some files in some directories, some the manifest, few the Dockerfile. */
function stream(): string {
  const parts: string[] = [];
  const put = (path: string, text: string) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  const path = (i: number) => `dir${i % 40}/sub${(i >> 3) % 25}/file${i}.js`;
  // A linear congruential generator: the same repository each time.
  let seed = 1;
  const dice = (sides: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 1;
    return seed % sides;
  };
  const commit = (i: number, changes: string[]) => {
    parts.push(
      `commit refs/heads/main\nmark :${i + 1}\ncommitter t <t@example.org> ${1_700_000_000 + i} +0000\ndata 5\ncommi\n${i > 0 ? `from :${i}\n` : ''}${changes.join('')}\n`,
    );
  };
  const ignored = '**/*.md\n.git\n**/node_modules\n*.log\ndocs/**\n!docs/keep.md\nDockerfile\n.dockerignore\n';
  commit(0, [
    put('Dockerfile', dockerfile(0)),
    put('.dockerignore', ignored),
    put('package.json', '{}'),
    ...Array.from({ length: files - 3 }, (_, i) => put(path(i), `// ${i}\n`)),
  ]);
  for (let i = 1; i <= commits; i++) {
    const changes = Array.from({ length: 1 + dice(12) }, () =>
      put(path(dice(files - 3)), `// ${i} ${dice(1 << 20)}\n`),
    );
    if (dice(20) === 0) changes.push(put('package.json', `{"v":${i}}`));
    if (dice(50) === 0) changes.push(put('Dockerfile', dockerfile(i)));
    if (dice(5) === 0) changes.push(put('README.md', `${i}\n`));
    commit(i, changes);
  }
  return parts.join('');
}

interface Run {
  readonly seconds: number;
  readonly output: string;
}

function timed(command: string, args: readonly string[], cwd: string): Run {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, maxBuffer: 1 << 30, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return { seconds: (performance.now() - begun) / 1000, output: stdout };
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** Peak memory in MB, as the kernel counts it; undefined where there is no GNU time. */
function peak(cwd: string, args: readonly string[]): number | undefined {
  if (!existsSync('/usr/bin/time')) return undefined;
  const { stderr } = spawnSync('/usr/bin/time', ['-v', process.execPath, bin, ...args], { cwd, encoding: 'utf8' });
  const kilobytes = /Maximum resident set size \(kbytes\): (\d+)/.exec(stderr)?.[1];
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1000);
}

/** A repository of that size, in a folder of its own. */
function made(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-bench-'));
  execFileSync('git', ['init', '-q', '-b', 'main', folder]);
  execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: stream(), maxBuffer: 1 << 30 });
  execFileSync('git', ['reset', '-q', '--hard'], { cwd: folder });
  return folder;
}

if (!existsSync(bin)) throw new Error('there is no dist/: npm run build makes it');
const folder = values.repository ?? made();
try {
  const ours = ['replay', '--commits', `${commits}`];
  const theirs = ['log', '--name-only', '--first-parent', '-m', '-n', `${commits}`];
  const times = Array.from({ length: rounds }, () => ({
    git: timed('git', theirs, folder).seconds,
    replay: timed(process.execPath, [bin, ...ours], folder).seconds,
    start: timed(process.execPath, [bin, 'replay', '--help'], folder).seconds,
  }));
  const of = (name: 'git' | 'replay' | 'start') => median(times.map((one) => one[name]));
  const [git, replay, start] = [of('git'), of('replay'), of('start')];
  const memory = peak(folder, ours);
  const tracked =
    execFileSync('git', ['ls-files', '-z'], { cwd: folder, maxBuffer: 1 << 30 })
      .toString()
      .split('\0').length - 1;
  process.stdout.write(timed(process.execPath, [bin, ...ours], folder).output);
  process.stdout.write(
    `${tracked} files, ${commits} commits, median of ${rounds}: git log --name-only ${git.toFixed(3)} s, layerwise replay ` +
      `${replay.toFixed(3)} s: ${(replay / git).toFixed(2)} ×; of it replay --help ${start.toFixed(3)} s, without that ` +
      `${((replay - start) / git).toFixed(2)} ×; peak memory ${memory === undefined ? 'not measured' : `${memory} MB`}\n`,
  );
} finally {
  if (values.repository === undefined) rmSync(folder, { recursive: true });
}
