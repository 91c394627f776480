import { describe, expect, test } from 'vitest';
import { docs } from '../../../src/core/rules/docs.gen.ts';
import { rules } from '../../../src/core/rules/registry.gen.ts';
import { expectBothWays, expectExample, expectSilent } from './tester.ts';

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const page = docs[id];
  if (page === undefined) throw new Error(`${id} has no docs`);
  test.each(page.examples.map((example, i) => [example.title ?? `example ${i + 1}`, example] as const))(
    'fires: %s',
    (_, example) => {
      expectExample(rule, example);
    },
  );
  test.each(page.silent.map((example) => [example.title, example] as const))('silent: %s', (_, example) => {
    expectSilent(rule, example);
  });
  test('can hold and can be violated', () => {
    expectBothWays(rule, page);
  });
});

test('ids and aliases are unique and well formed', () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  for (const { aliases } of rules)
    for (const alias of aliases) expect(alias).toMatch(/^(hadolint\/(DL|SC)\d{4}|buildkit\/[A-Z][A-Za-z]+)$/);
});

test('summaries are one line, lower case, without a full stop', () => {
  for (const { summary } of rules) expect(summary).toMatch(/^[^\n]+[^.\n]$/);
});
