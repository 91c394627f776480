/**
 * Compares the ported checks with BuildKit's over folders of Dockerfiles: agreement by check, and the first differences.
 * usage: node --import ./scripts/ts.mjs test/oracle/checks-run.ts [--most N] [--show N] [--base root|user] FOLDER…
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decode } from '../../src/core/language/text/index.ts';
import { compareChecks, portedChecks, withExperiments } from './checks.ts';
import { type BaseName, spawnOracle } from './client.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    most: { type: 'string', default: '20000' },
    show: { type: 'string', default: '3' },
    base: { type: 'string', default: 'root' },
    every: { type: 'string', default: '1' },
  },
});

function* filesIn(path: string): Generator<string> {
  if (!statSync(path).isDirectory()) return yield path;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name !== '.git') yield* filesIn(join(path, entry.name));
    else if (entry.isFile() && /dockerfile/i.test(entry.name)) yield join(path, entry.name);
  }
}

interface Tally {
  both: number;
  onlyOurs: number;
  onlyTheirs: number;
  unknown: number;
  readonly examples: string[];
}

const tallies = new Map<string, Tally>(
  portedChecks.map((check) => [check, { both: 0, onlyOurs: 0, onlyTheirs: 0, unknown: 0, examples: [] }]),
);
const oracle = await spawnOracle({ jobs: 2 });
const base = values.base as BaseName;
const total = { files: 0, accepted: 0, panics: 0, differing: 0 };

async function judge(path: string): Promise<void> {
  const text = withExperiments(decode(readFileSync(path)).text);
  const { lint } = await oracle.judge(text, ['lint'], { base });
  total.files += 1;
  if (lint === undefined) {
    total.panics += 1;
    return;
  }
  if (lint.ok) total.accepted += 1;
  const { ours, theirs, unknown } = compareChecks(text, base, lint);
  for (const check of unknown) tallyOf(check).unknown += 1;
  const note = (finding: string, side: 'both' | 'onlyOurs' | 'onlyTheirs') => {
    const tally = tallyOf(finding.split(' ')[1] ?? '');
    tally[side] += 1;
    if (side !== 'both' && tally.examples.length < Number(values.show))
      tally.examples.push(`${side} ${path}:${finding}`);
  };
  for (const finding of ours) note(finding, theirs.has(finding) ? 'both' : 'onlyOurs');
  for (const finding of theirs) if (!ours.has(finding)) note(finding, 'onlyTheirs');
  if (ours.size !== theirs.size || [...ours].some((finding) => !theirs.has(finding))) total.differing += 1;
}

function tallyOf(check: string): Tally {
  const tally = tallies.get(check);
  if (tally === undefined) throw new Error(`${check} is not ported`);
  return tally;
}

let chunk: Promise<void>[] = [];
let index = 0;
for (const folder of positionals) {
  for (const path of filesIn(folder)) {
    if (index++ % Number(values.every) !== 0) continue;
    if (total.files + chunk.length >= Number(values.most)) break;
    chunk.push(judge(path));
    if (chunk.length === 500) {
      await Promise.all(chunk);
      chunk = [];
    }
  }
}
await Promise.all(chunk);
await oracle.close();
process.stdout.write(`${JSON.stringify(total)}\n`);
for (const [check, { both, onlyOurs, onlyTheirs, unknown, examples }] of tallies) {
  const row = [
    check.padEnd(32),
    `both ${both}`,
    `only ours ${onlyOurs}`,
    `only BuildKit ${onlyTheirs}`,
    `files unknown ${unknown}`,
  ];
  process.stdout.write(`${row.join('  ')}\n${examples.map((example) => `    ${example}\n`).join('')}`);
}
process.exitCode = total.differing === 0 ? 0 : 1;
