/**
 * Judges each fix that changes what a RUN does on a real engine: every example of a variant in `docs.observed`, and the
 * counter-examples. With LAYERWISE_RECORD=1 the verdicts become the evidence that `npm run gen` derives safety from.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lint, mend, subjectOf } from '../../src/core/lint/index.ts';
import type { Rule, RuleExample } from '../../src/core/rules/define.ts';
import { docs } from '../../src/core/rules/docs.gen.ts';
import { rules } from '../../src/core/rules/registry.gen.ts';
import type { Claim } from '../../src/core/vocabulary/index.ts';
import { answersFor, unmark } from '../core/rules/tester.ts';
import type { LabEvidence } from '../evidence/evidence.ts';
import { counterExamples } from './counter-examples.ts';
import { judgeExamples } from './effects.ts';
import { dockerPrints, hasImage, requireEngine } from './engine.ts';
import { refutations } from './observed.ts';

beforeAll(requireEngine);

type Judged = { -readonly [field in keyof LabEvidence['fixes'][string]]: number };
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

const all: readonly Case[] = rules.flatMap((rule) => {
  const page = docs[rule.id];
  return (page?.examples ?? []).flatMap((example) => {
    const variant = example.variant ?? 'default';
    const observed = example.good !== undefined && page?.observed?.includes(variant);
    return observed ? [{ id: `${rule.id}/${variant}`, rule, example }] : [];
  });
});

/** `LAB=full` judges every example; otherwise the first of each variant stands for the others. */
const cases = all.filter(({ id }, i) => process.env.LAB === 'full' || all.findIndex((each) => each.id === id) === i);

/** The lab's own images in the place of others of their kind. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/^(?:debian|ubuntu)(?::|$)/, 'debian:trixie-slim'],
  [/^node(?::|$)/, 'node:24-trixie-slim'],
  [/^python(?::|$)/, 'python:3.13-slim-trixie'],
];

/** What to build a text on; undefined when the lab has nothing like a base image of it. */
async function basesFor(text: string): Promise<Record<string, string> | undefined> {
  const bases: Record<string, string> = {};
  for (const { image } of subjectOf({ file: 'Dockerfile', text }).build.references) {
    if (!('value' in image)) return undefined;
    const { text: written } = image.value;
    if (await hasImage(written)) continue;
    const standIn = STAND_INS.find(([pattern]) => pattern.test(written))?.[1];
    if (standIn === undefined) return undefined;
    bases[written] = standIn;
  }
  return bases;
}

/** The fixed text and all that the fix claims of it. */
function fixed(rule: Rule, text: string, files?: RuleExample['files']): { text: string; claims: readonly Claim[] } {
  const claims: Claim[] = [];
  const options = {
    unsafe: true,
    settings: { rules: { [rule.id]: rule.level } },
    facts: answersFor([rule], text, files === undefined ? {} : { files }),
  };
  const mended = mend([rule], { file: 'Dockerfile', text }, options, ({ fix }) => claims.push(...fix.claims));
  return { text: mended.linted.subject.input.text, claims };
}

const PROBES = new Set(['builds', 'packages', 'config', 'paths-only-before', 'paths-only-after']);

describe('the fix of an example does what it claims', () => {
  const named = cases.map((each, i) => [`${each.id}: ${each.example.title ?? `example ${i}`}`, each] as const);
  test.for(named)('%s', async ([name, { id, rule, example }], { skip }) => {
    const { text } = unmark(example.bad);
    const good = fixed(rule, text, example.files);
    expect(good.text).toBe(example.good);
    if (good.claims.some((claim) => claim.kind === 'observed' && !PROBES.has(claim.probe))) skip('prove judges it');
    const bases = await basesFor(text);
    if (bases === undefined) return skip('the lab has no base image for it');
    const context = Object.fromEntries(
      Object.entries(example.files ?? {}).flatMap(([path, content]) => (content === null ? [] : [[path, content]])),
    );
    const [judgement] = await judgeExamples([{ name, bad: text, good: good.text, context, options: { bases } }]);
    if (judgement === undefined) throw new Error('nothing was judged');
    if (!judgement.bad.ok) return skip(`its own text does not build here: ${judgement.bad.error}`);
    const refuted = refutations(good.claims, judgement);
    const judged = countFor(id);
    judged.examples += 1;
    judged[refuted.length === 0 ? 'upheld' : 'refuted'] += 1;
    expect(refuted).toEqual([]);
  });
});

describe('where a fix declines, writing it anyway would do harm', () => {
  test.for(counterExamples.map((each) => [`${each.of}: ${each.title}`, each] as const))('%s', async ([name, each]) => {
    const [id = ''] = each.of.split('/');
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) throw new Error(`there is no rule ${id}`);
    const { diagnostics } = lint([rule], subjectOf({ file: 'Dockerfile', text: each.text }));
    for (const { fix } of diagnostics) expect(fix, 'no fix is offered').not.toHaveProperty('variant');
    const example = all.find((one) => one.id === each.of)?.example;
    if (example === undefined) throw new Error(`there is no observed example of ${each.of}`);
    const { claims } = fixed(rule, unmark(example.bad).text, example.files);
    const context = each.context ?? {};
    const [judgement] = await judgeExamples([{ name, bad: each.text, good: each.naive, context }]);
    if (judgement === undefined) throw new Error('nothing was judged');
    expect(judgement.bad).toMatchObject({ ok: true });
    expect(refutations(claims, judgement)).not.toEqual([]);
    countFor(each.of).counterExamples += 1;
  });
});

/** A run of some rules (`-t <rule id>`) leaves the verdicts of others as they were; within one variant it must be whole. */
afterAll(async () => {
  if (process.env.LAYERWISE_RECORD !== '1') return;
  const file = fileURLToPath(new URL('../evidence/lab.json', import.meta.url));
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LabEvidence).fixes : {};
  const all = new Map([...Object.entries(before), ...fixes]);
  const evidence: LabEvidence = {
    kind: 'lab',
    engine: `Docker ${await dockerPrints('version', '--format', '{{.Server.Version}}')}`,
    date: new Date().toISOString().slice(0, 10),
    fixes: Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  writeFileSync(file, `${JSON.stringify(evidence, null, 2)}\n`);
});
