import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireEngine } from './engine.ts';
import { buildProgram, examplesThere, type Judged, judgeExample, judgeMutant, mutantsOfExample } from './mutation.ts';

const full = process.env.LAB === 'full';
/** Where every landing pays for it: one of the quickest example for each way to look at an image. */
const sample = { example: 'python', names: ['root-1', 'shell-1', 'health-2', 'crash-1'] };
const repeats = 5;

let scratch = '';
let program = '';
beforeAll(async () => {
  await requireEngine();
  scratch = await mkdtemp(join(tmpdir(), 'lab-mutants-'));
  program = await buildProgram(join(scratch, 'dist'));
});
afterAll(() => rm(scratch, { recursive: true }));

const faults = (judged: readonly Judged[]) => judged.filter(({ fault }) => fault !== undefined);

const examples = full ? await examplesThere() : [sample.example];

test.each(examples)('every mutant of examples/%s is refuted by name', { timeout: 7_200_000 }, async (example) => {
  const mutants = (await mutantsOfExample(example)).filter(({ name }) => full || sample.names.includes(name));
  expect(mutants.length).toBeGreaterThanOrEqual(full ? 10 : sample.names.length);
  const judged: Judged[] = [];
  for (const mutant of mutants) judged.push(await judgeMutant(program, example, mutant));
  expect(faults(judged)).toEqual([]);
});

test.runIf(full).each(examples)('nothing of examples/%s is refuted, ever', { timeout: 7_200_000 }, async (example) => {
  const judged: Judged[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) judged.push(await judgeExample(program, example, repeat));
  expect(faults(judged)).toEqual([]);
});
