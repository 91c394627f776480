// Proves every mutant of the examples, and the examples themselves several times:
//   npm run mutants -- [--example NAME]… [--kind KIND]… [--first] [--repeats N] [--record FILE]
// With --first, one of each kind of each example.
// With --record, what was judged as it should be is written down, and not judged again by a run that goes on.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireEngine } from './engine.ts';
import { firstOfEachKind, type Mutant } from './mutants.ts';
import { buildProgram, examplesThere, type Judged, judgeExample, judgeMutant, mutantsOfExample } from './mutation.ts';

const { values } = parseArgs({
  options: {
    example: { type: 'string', multiple: true },
    kind: { type: 'string', multiple: true },
    first: { type: 'boolean', default: false },
    repeats: { type: 'string', default: '5' },
    record: { type: 'string' },
  },
});

const known = new Map<string, Judged>();
if (values.record !== undefined && existsSync(values.record)) {
  for (const line of readFileSync(values.record, 'utf8').split('\n').filter(Boolean)) {
    const { key, judged } = JSON.parse(line) as { key: string; judged: Judged };
    known.set(key, judged);
  }
}

async function once(parts: readonly string[], judge: () => Promise<Judged>): Promise<Judged> {
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  const judged = known.get(key) ?? (await judge());
  const { example, name, refuted, notShown, seconds, fault } = judged;
  const again = known.has(key) ? ' (recorded)' : '';
  console.log(
    `${fault === undefined ? 'ok  ' : 'FAULT'} ${example} ${name}, ${seconds.toFixed(0)} s${again}: ${refuted.join('; ')}`,
  );
  if (fault !== undefined)
    console.log([`      ${fault}`, ...notShown.map((one) => `      not shown: ${one}`)].join('\n'));
  if (values.record !== undefined && fault === undefined && !known.has(key))
    appendFileSync(values.record, `${JSON.stringify({ key, judged })}\n`);
  return judged;
}

await requireEngine();
const scratch = mkdtempSync(join(tmpdir(), 'lab-mutants-'));
process.on('exit', () => rmSync(scratch, { recursive: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
const program = await buildProgram(join(scratch, 'dist'));
const wanted = ({ kind }: Mutant) => values.kind === undefined || values.kind.includes(kind);
const counts = new Map<string, { mutants: number; refuted: number }>();
const faults: Judged[] = [];
let unmutated = 0;
for (const example of values.example ?? (await examplesThere())) {
  const all = await mutantsOfExample(example);
  for (const mutant of (values.first ? firstOfEachKind(all) : all).filter(wanted)) {
    const judged = await once([example, mutant.text, ...mutant.refuted], () => judgeMutant(program, example, mutant));
    const count = counts.get(mutant.kind) ?? { mutants: 0, refuted: 0 };
    counts.set(mutant.kind, {
      mutants: count.mutants + 1,
      refuted: count.refuted + (judged.fault === undefined ? 1 : 0),
    });
    if (judged.fault !== undefined) faults.push(judged);
  }
  for (let repeat = 1; repeat <= Number(values.repeats); repeat++) {
    const judged = await once([example, 'unmutated', String(repeat)], () => judgeExample(program, example, repeat));
    unmutated += 1;
    if (judged.fault !== undefined) faults.push(judged);
  }
}
console.log('\n| mutants | made | refuted by name |\n| --- | --- | --- |');
for (const [kind, { mutants, refuted }] of counts) console.log(`| ${kind} | ${mutants} | ${refuted} |`);
const all = [...counts.values()].reduce((sum, { mutants }) => sum + mutants, 0);
console.log(`\n${all} mutants and ${unmutated} proofs of unmutated examples, ${faults.length} not as they should be`);
for (const { example, name, fault } of faults) console.log(`  ${example} ${name}: ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
