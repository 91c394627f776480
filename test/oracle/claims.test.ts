import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Application, mend } from '../../src/core/lint/index.ts';
import { docs } from '../../src/core/rules/docs.gen.ts';
import { rules } from '../../src/core/rules/registry.gen.ts';
import { answersFor, unmark } from '../core/rules/tester.ts';
import { type Asks, judgeClaims } from '../corpus/claims.ts';
import { corpusOracle } from '../corpus/oracle.ts';
import { type Oracle, spawnOracle } from './client.ts';

let oracle: Oracle;
let asks: Asks;
beforeAll(async () => {
  oracle = await spawnOracle();
  asks = corpusOracle(oracle);
});
afterAll(() => oracle.close());

describe('what the fix of an example claims about the build is so', () => {
  const cases = rules.flatMap((rule) =>
    (docs[rule.id]?.examples ?? []).flatMap((example, i) =>
      example.good === undefined
        ? []
        : [[`${rule.id}: ${example.title ?? `example ${i}`}`, { rule, example }] as const],
    ),
  );
  test.each(cases)('%s', async (_name, { rule, example }) => {
    const { text } = unmark(example.bad);
    const world = {
      ...(example.files && { files: example.files }),
      ...(example.plan && { plan: example.plan }),
    };
    const applied: Application[] = [];
    const options = {
      unsafe: true,
      settings: { rules: { [rule.id]: rule.level } },
      facts: answersFor([rule], text, world),
    };
    mend([rule], { file: 'Dockerfile', text }, options, (application) => applied.push(application));
    expect(applied).not.toEqual([]);
    for (const { before, after, fix } of applied) {
      const judgement = await judgeClaims(fix.claims, before, after, asks);
      expect(judgement.verdict, judgement.because).not.toBe('refuted');
    }
  });
});
