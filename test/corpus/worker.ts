/** A worker process of the corpus: judges what it is sent, with an oracle of its own. */
import { readFileSync } from 'node:fs';
import { decode } from '../../src/core/language/text/index.ts';
import { check, mend } from '../../src/core/lint/index.ts';
import { rules } from '../../src/core/rules/registry.gen.ts';
import { type Oracle, spawnOracle } from '../oracle/client.ts';
import { judge } from './judge.ts';
import type { FromWorker, Item, ToWorker } from './messages.ts';
import { corpusOracle } from './oracle.ts';

const allRules = process.argv.includes('--all-rules');
/** The oracle works on some files while we work on the next. */
const inFlight = 6;
const repeats = 3;

let oracle: Promise<Oracle> | undefined;
const waiting: Extract<ToWorker, { kind: 'judge' }>[] = [];
let busy = 0;

const send = (message: FromWorker) => process.send?.(message);
const bytesOf = ({ path, bytes }: Item): Uint8Array => bytes ?? readFileSync(path);

async function judgeNext(): Promise<void> {
  if (busy >= inFlight) return;
  const next = waiting.shift();
  if (next === undefined) return;
  busy += 1;
  const { index, item } = next;
  oracle ??= spawnOracle({ jobs: 1 });
  const asked = corpusOracle(await oracle);
  send({ kind: 'begin', index });
  const result = await judge(item.path, bytesOf(item), asked, { allRules });
  send({ kind: 'result', index, result });
  busy -= 1;
  setImmediate(judgeNext);
}

function cpuOf(step: () => unknown): number {
  const before = process.cpuUsage();
  step();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The costliest command's least CPU time, in milliseconds. */
function rerun(item: Item): number {
  const input = { file: 'Dockerfile', ...decode(bytesOf(item)) };
  const commands = [
    () => check(input),
    () => mend(rules, input, { unsafe: false }),
    () => mend(rules, input, { unsafe: true }),
  ];
  return Math.max(...commands.map((command) => Math.min(...Array.from({ length: repeats }, () => cpuOf(command)))));
}

function speed(items: readonly Item[]): void {
  const inputs = items.map((item) => ({ file: 'Dockerfile', ...decode(bytesOf(item)) }));
  for (const input of inputs.slice(0, 300)) check(input);
  const start = process.hrtime.bigint();
  for (const input of inputs) check(input);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  send({ kind: 'speed', filesPerSecond: inputs.length / seconds });
}

async function end(): Promise<void> {
  send({ kind: 'memory', peakMegabytes: process.resourceUsage().maxRSS / 1024 });
  await (await oracle)?.close();
  process.disconnect();
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'judge') {
    waiting.push(message);
    setImmediate(judgeNext);
  } else if (message.kind === 'rerun') send({ kind: 'reruns', ms: message.items.map(rerun) });
  else if (message.kind === 'speed') speed(message.items);
  else void end();
});
