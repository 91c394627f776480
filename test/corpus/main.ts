/** Runs the judges over Dockerfiles: see `usage` in options.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { compileOracle } from '../oracle/client.ts';
import { withUnusedIgnore } from './commented.ts';
import { fetchPackages } from './fetch.ts';
import { findFiles, sample } from './files.ts';
import type { Item } from './messages.ts';
import { corners, mutations } from './mutations.ts';
import { type Options, readOptions, usage } from './options.ts';
import { judgeAll, measureSpeed, rerunAlone } from './pool.ts';
import { evidenceOf } from './record.ts';
import { type Run, report, verdicts } from './report.ts';
import { addFault, addResult, emptyTally, type Slow, type Tally, trimSlowest } from './tally.ts';

/** CPU time that no command may exceed on one file, in milliseconds. */
const mostCpuMs = 250;
/** Larger files may take longer. */
const hugeBytes = 10_000_000;
const slowestShown = 10;
const textsForSpeed = 4000;

interface Corpus {
  readonly of: string;
  readonly items: readonly Item[];
  /** How many mutations are made for each corner case. */
  readonly corners: ReadonlyMap<string, number>;
}

async function collect(options: Options): Promise<Corpus> {
  const folders = [...options.folders, ...(options.packages ? [await fetchPackages()] : [])];
  let files = findFiles(folders, options.allFiles);
  if (options.sample !== undefined) files = sample(files, options.sample, options.seed);
  if (options.limit !== undefined) files = files.slice(0, options.limit);
  const items: Item[] = options.unusedIgnores
    ? files.flatMap(({ path }) => {
        const bytes = withUnusedIgnore(readFileSync(path));
        return bytes === undefined ? [] : [{ path, bytes }];
      })
    : files.map(({ path }) => ({ path }));
  const cornerCounts = new Map<string, number>(options.mutations > 0 ? corners.map((corner) => [corner, 0]) : []);
  if (options.mutations > 0) {
    for (const { text: bytes, corner } of mutations(Number(options.seed), options.mutations)) {
      cornerCounts.set(corner, (cornerCounts.get(corner) ?? 0) + 1);
      items.push({ path: `mutation ${items.length} (${corner})`, bytes });
    }
  }
  const named = [
    ...options.folders,
    ...(options.packages ? ['test/corpus/packages.json'] : []),
    ...(options.unusedIgnores ? ['an unused ignore comment in each'] : []),
    ...(options.mutations > 0 ? [`${options.mutations} mutations, seed ${options.seed}`] : []),
  ];
  return { of: options.as ?? named.join(' + '), items, corners: cornerCounts };
}

/** Files that took too long among others are run again alone; only what is slow there as well is a hang. */
async function rerunSlowest(tally: Tally, items: readonly Item[], options: Options): Promise<Run['slowest']> {
  trimSlowest(tally);
  const suspects = tally.slowest.filter(({ ms }, i) => i < slowestShown || ms > mostCpuMs);
  const byPath = new Map(items.map((item) => [item.path, item]));
  const again = suspects.flatMap(({ path }) => byPath.get(path) ?? []);
  const alone = await rerunAlone(again, options);
  const timed = suspects.map((slow: Slow, i) => ({ ...slow, alone: alone?.[i] ?? Number.POSITIVE_INFINITY }));
  for (const { path, bytes, command, alone: ms } of timed) {
    if (ms > mostCpuMs && bytes < hugeBytes)
      addFault(tally, path, { fault: 'hang', of: command, detail: `${ms.toFixed(0)} ms of CPU time, alone` });
  }
  return timed.slice(0, slowestShown);
}

function showCorners({ corners }: Corpus, tally: Tally): string {
  if (corners.size === 0) return '';
  const rows = [...corners].sort(([a], [b]) => (a < b ? -1 : 1)).map(([corner, count]) => `  ${corner}: ${count}\n`);
  return `\n${tally.accepted} of ${tally.files} accepted; mutations by corner case:\n${rows.join('')}`;
}

/** Mutations that BuildKit mostly refuses, or that miss a corner case, judge little. Only for a run over nothing else. */
function weakMutations({ corners: counts, items }: Corpus, tally: Tally): string[] {
  if (counts.size === 0) return [];
  const missed = [...counts].filter(([, count]) => count === 0).map(([corner]) => `no mutation hits «${corner}»`);
  const made = [...counts.values()].reduce((a, b) => a + b, 0);
  if (made === items.length && 2 * tally.accepted < made)
    missed.push('BuildKit accepts less than half of the mutations');
  return missed;
}

async function main(options: Options): Promise<number> {
  const corpus = await collect(options);
  const { items } = corpus;
  await compileOracle();
  const tally = emptyTally();
  const fatal = new Set<Item>();
  let peakMegabytes = 0;
  const started = process.hrtime.bigint();
  const seconds = () => Number(process.hrtime.bigint() - started) / 1e9;
  await judgeAll(items, options, {
    result(result) {
      addResult(tally, result);
      if (tally.files % 2000 === 0)
        process.stderr.write(`${tally.files} of ${items.length}, ${(tally.files / seconds()).toFixed(0)} a second\n`);
    },
    died(item, of, detail) {
      fatal.add(item);
      addFault(tally, item.path, { fault: of, of: 'worker', detail });
      process.stderr.write(`${of}: ${item.path}: ${detail}\n`);
    },
    memory(megabytes) {
      peakMegabytes = Math.max(peakMegabytes, megabytes);
    },
  });
  const judgedIn = seconds();
  const run: Run = {
    of: corpus.of,
    date: new Date().toISOString().slice(0, 10),
    seconds: judgedIn,
    jobs: options.jobs,
    peakMegabytes,
    mainMegabytes: process.resourceUsage().maxRSS / 1024,
    slowest: await rerunSlowest(tally, items, options),
    checksPerSecond: await measureSpeed(items.filter((item) => !fatal.has(item)).slice(0, textsForSpeed), options),
  };
  process.stdout.write(report(tally, run) + showCorners(corpus, tally));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ run, tally }, null, 1)}\n`);
  if (options.record !== undefined)
    writeFileSync(options.record, `${JSON.stringify(evidenceOf(tally, corpus.of, run.date), null, 2)}\n`);
  const failed = verdicts(tally, options.expectClean);
  if (corpus.items.length === 0) failed.push('no files were found');
  failed.push(...weakMutations(corpus, tally));
  for (const line of failed) process.stderr.write(`corpus: ${line}\n`);
  return failed.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`corpus: ${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exitCode = 2;
}
