import { expect, test } from 'vitest';
import type { Rule, RuleDocs } from '../../../src/core/rules/define.ts';
import { docs } from '../../../src/core/rules/docs.gen.ts';
import { rules } from '../../../src/core/rules/registry.gen.ts';
import { safeFixes } from '../../../src/core/rules/safety.gen.ts';
import type { Claim, Fix } from '../../../src/core/vocabulary/index.ts';
import { run, unmark } from './tester.ts';

/** The fixes that a rule offers on its own examples. */
function offered(rule: Rule, page: RuleDocs): Fix[] {
  return page.examples
    .filter(({ good }) => good !== undefined)
    .flatMap((example) => run(rule, unmark(example.bad).text, example).own)
    .flatMap(({ fix }) => (fix !== undefined && 'variant' in fix ? [fix] : []));
}

const buildClaims = (claims: readonly Claim[]) =>
  claims.filter(({ kind }) => kind === 'same-build' || kind === 'same-build-but');

test.each(rules.map((rule) => [rule.id, rule] as const))('%s: what may be called safe', (id, rule) => {
  const page = docs[id];
  if (page === undefined) throw new Error(`${id} has no docs`);
  const fixes = offered(rule, page);
  for (const { variant, claims, safety } of fixes) {
    const label = `${id}/${variant}`;
    expect(safety === 'safe', label).toBe(safeFixes.has(label));
    const changes = claims.some(({ kind }) => kind === 'same-build-but' || kind === 'observed');
    // a difference that nobody looked at is no evidence
    if (claims.some(({ kind }) => kind === 'same-build-but') && page.observed?.includes(variant)) {
      expect(
        claims.some(({ kind }) => kind === 'observed'),
        `${label} says what to observe`,
      ).toBe(true);
    }
    if (safety !== 'safe') continue;
    expect(buildClaims(claims), `${label}: exactly one build claim`).toHaveLength(1);
    if (changes) expect(page.observed, `${label}: its effects are observed in the lab`).toContain(variant);
  }
  const variants = new Set(fixes.map(({ variant }) => variant));
  for (const label of safeFixes) {
    if (label.startsWith(`${id}/`))
      expect(variants, `${label} is offered on an example`).toContain(label.slice(id.length + 1));
  }
});
