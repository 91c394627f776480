import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireEngine } from './engine.ts';
import { firstOfEachKind } from './mutants.ts';
import { buildProgram, examplesThere, type Judged, judgeMutant, mutantsOfExample } from './mutation.ts';

const full = process.env.LAB === 'full';
/** Where every landing pays for it: a few of the quickest example. `LAB=full` takes one of each kind of each; `npm run mutants` all. */
const sample = { example: 'python', names: ['shell-1', 'health-2', 'crash-1'] };

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
  const all = await mutantsOfExample(example);
  const mutants = full ? firstOfEachKind(all) : all.filter(({ name }) => sample.names.includes(name));
  expect(mutants.length).toBeGreaterThanOrEqual(full ? 10 : sample.names.length);
  const judged: Judged[] = [];
  for (const mutant of mutants) judged.push(await judgeMutant(program, example, mutant));
  expect(faults(judged)).toEqual([]);
});
