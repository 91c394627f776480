/**
 * Compares what our rules and BuildKit refuse once a file has been parsed, over folders of Dockerfiles and generated ones: how many
 * agree, which rules spoke, and the first differences.
 * usage: node --import ./scripts/ts.mjs test/oracle/dispatch-run.ts [--every N] [--most N] [--generated N] [--seed N] [--show N] FOLDER…
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decode } from '../../src/core/language/text/index.ts';
import { Dice } from '../corpus/dice.ts';
import { type BaseName, spawnOracle } from './client.ts';
import { judgeDispatch, type Verdict } from './dispatch.ts';
import { generatedFile } from './dispatch-questions.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: 'string', default: '1' },
    most: { type: 'string', default: '1000000' },
    generated: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '10' },
    base: { type: 'string', default: 'root' },
  },
});

function* filesIn(path: string): Generator<string> {
  if (!statSync(path).isDirectory()) return yield path;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name !== '.git') yield* filesIn(join(path, entry.name));
    else if (entry.isFile() && /dockerfile/i.test(entry.name)) yield join(path, entry.name);
  }
}

interface Question {
  readonly name: string;
  readonly text: string;
}

function* questions(): Generator<Question> {
  let index = 0;
  let left = Number(values.most);
  for (const folder of positionals) {
    for (const path of filesIn(folder)) {
      if (index++ % Number(values.every) !== 0) continue;
      if (left-- <= 0) break;
      yield { name: path, text: decode(readFileSync(path)).text };
    }
  }
  const dice = new Dice(Number(values.seed));
  for (let i = 0; i < Number(values.generated); i++) yield { name: `generated ${i}`, text: generatedFile(dice) };
}

const oracle = await spawnOracle({ jobs: 2 });
const base = values.base as BaseName;
const counts: Record<Verdict['is'] | 'files' | 'refused by the parsers' | 'no answer' | 'only warned', number> = {
  files: 0,
  'refused by the parsers': 0,
  'both accept': 0,
  'both refuse': 0,
  'only warned': 0,
  false: 0,
  missed: 0,
  excused: 0,
  'no answer': 0,
};
const spoke = new Map<string, number>();
const shown: string[] = [];

async function judge({ name, text }: Question): Promise<void> {
  const { lint } = await oracle.judge(text, ['lint'], { base });
  counts.files += 1;
  if (lint === undefined) {
    counts['no answer'] += 1;
    return;
  }
  const verdict = judgeDispatch(text, base, lint);
  if (verdict === undefined) {
    counts['refused by the parsers'] += 1;
    return;
  }
  counts[verdict.is] += 1;
  if (verdict.onlyWarned) counts['only warned'] += 1;
  for (const said of verdict.is === 'both refuse' ? new Set(verdict.says) : [])
    spoke.set(said, (spoke.get(said) ?? 0) + 1);
  if ((verdict.is === 'false' || verdict.is === 'missed') && shown.length < Number(values.show)) {
    const whole = name.startsWith('generated') ? `\n${text.replace(/^/gm, '      ')}` : '';
    shown.push(`${verdict.is} ${name}: ${verdict.says.join('; ')}${whole}`);
  }
}

let chunk: Promise<void>[] = [];
for (const question of questions()) {
  chunk.push(judge(question));
  if (chunk.length < 500) continue;
  await Promise.all(chunk);
  chunk = [];
}
await Promise.all(chunk);
await oracle.close();
process.stdout.write(`${JSON.stringify(counts)}\n`);
for (const [rule, times] of [...spoke].sort((a, b) => b[1] - a[1])) process.stdout.write(`  ${rule} ${times}\n`);
for (const line of shown) process.stdout.write(`${line}\n`);
process.exitCode = counts.false + counts.missed + counts['no answer'] === 0 ? 0 : 1;
