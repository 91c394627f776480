/**
 * Judges each fix that changes what a RUN does on a real engine: every example of a variant in `docs.observed`, and the
 * counter-examples. With LAYERWISE_RECORD=1 the verdicts become the evidence that `npm run gen` derives safety from.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lint, mend, subjectOf } from '../../src/core/lint/index.ts';
import type { Rule, RuleExample } from '../../src/core/rules/define.ts';
import { docs } from '../../src/core/rules/docs.gen.ts';
import { rules } from '../../src/core/rules/registry.gen.ts';
import type { Claim } from '../../src/core/vocabulary/index.ts';
import { unmark } from '../core/rules/tester.ts';
import { counterExamples } from './counter-examples.ts';
import { judgeExamples } from './effects.ts';
import { dockerPrints, requireEngine } from './engine.ts';
import { refutations } from './observed.ts';

beforeAll(requireEngine);

interface Judged {
  examples: number;
  upheld: number;
  refuted: number;
  counterExamples: number;
}
const fixes = new Map<string, Judged>();

function countFor(id: string): Judged {
  const judged = fixes.get(id) ?? { examples: 0, upheld: 0, refuted: 0, counterExamples: 0 };
  fixes.set(id, judged);
  return judged;
}

interface Case {
  readonly id: string;
  readonly rule: Rule;
  readonly example: RuleExample;
}

const cases: readonly Case[] = rules.flatMap((rule) => {
  const page = docs[rule.id];
  return (page?.examples ?? []).flatMap((example) => {
    const variant = example.variant ?? 'default';
    const observed = example.good !== undefined && page?.observed?.includes(variant);
    return observed ? [{ id: `${rule.id}/${variant}`, rule, example }] : [];
  });
});

/** The fixed text and all that the fix claims of it. */
function fixed(rule: Rule, text: string): { text: string; claims: readonly Claim[] } {
  const claims: Claim[] = [];
  const options = { unsafe: true, settings: { rules: { [rule.id]: rule.level } } };
  const mended = mend([rule], { file: 'Dockerfile', text }, options, ({ fix }) => claims.push(...fix.claims));
  return { text: mended.linted.subject.input.text, claims };
}

describe('the fix of an example does what it claims', () => {
  test.each(cases.map((each, i) => [`${each.id} ${each.example.title ?? i}`, each] as const))('%s', async (name, each) => {
    const { text } = unmark(each.example.bad);
    const good = fixed(each.rule, text);
    expect(good.text).toBe(each.example.good);
    const context = Object.fromEntries(
      Object.entries(each.example.files ?? {}).flatMap(([path, content]) => (content === null ? [] : [[path, content]])),
    );
    const [judgement] = await judgeExamples([{ name, bad: text, good: good.text, context }]);
    if (judgement === undefined) throw new Error('nothing was judged');
    const refuted = refutations(good.claims, judgement);
    const judged = countFor(each.id);
    judged.examples += 1;
    judged[refuted.length === 0 ? 'upheld' : 'refuted'] += 1;
    expect(refuted).toEqual([]);
  });
});

describe('where a fix declines, writing it anyway would do harm', () => {
  test.each(counterExamples.map((each) => [`${each.of}: ${each.title}`, each] as const))('%s', async (name, each) => {
    const [id = '', variant = ''] = each.of.split('/');
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) throw new Error(`there is no rule ${id}`);
    const { diagnostics } = lint([rule], subjectOf({ file: 'Dockerfile', text: each.text }));
    for (const { fix } of diagnostics) expect(fix, 'no fix is offered').not.toHaveProperty('variant');
    const example = cases.find((one) => one.id === each.of)?.example;
    if (example === undefined) throw new Error(`${id} has no observed example of ${variant}`);
    const { claims } = fixed(rule, unmark(example.bad).text);
    const [judgement] = await judgeExamples([
      { name, bad: each.text, good: each.naive, ...(each.context && { context: each.context }) },
    ]);
    if (judgement === undefined) throw new Error('nothing was judged');
    expect(judgement.bad).toMatchObject({ ok: true });
    expect(refutations(claims, judgement)).not.toEqual([]);
    countFor(each.of).counterExamples += 1;
  });
});

afterAll(async () => {
  if (process.env.LAYERWISE_RECORD !== '1') return;
  const engine = `Docker ${await dockerPrints('version', '--format', '{{.Server.Version}}')}`;
  const date = new Date().toISOString().slice(0, 10);
  const sorted = Object.fromEntries([...fixes].sort(([a], [b]) => (a < b ? -1 : 1)));
  const file = fileURLToPath(new URL('../evidence/lab.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify({ kind: 'lab', engine, date, fixes: sorted }, null, 2)}\n`);
});
