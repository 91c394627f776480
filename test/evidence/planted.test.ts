import { describe, expect, test } from 'vitest';
import { defineRule, type FixClass, type RuleDocs } from '../../src/core/rules/define.ts';
import { type Evidence, type JudgedApplications, type LabEvidence, safeVariants } from './evidence.ts';

const ruleOf = (fixClass: FixClass) =>
  defineRule({
    id: 'planted',
    practice: 'X1',
    catalogue: [],
    level: 'warning',
    fixClass,
    summary: 'planted by a test',
    aliases: [],
    subject: 'dockerfile',
    check: () => ({ is: 'held', evidence: [] }),
  });

const docs: RuleDocs = { why: 'a test', examples: [{ bad: 'FROM a', good: 'FROM b', variant: 'v' }], silent: [] };

const corpus = (judged: JudgedApplications): Evidence => ({
  kind: 'corpus',
  of: 'a test',
  date: '2026-01-01',
  fixes: { 'planted/v': judged },
});
const lab = (judged: LabEvidence['fixes'][string]): Evidence => ({
  kind: 'lab',
  engine: 'a test',
  date: '2026-01-01',
  fixes: { 'planted/v': judged },
});

const enough = corpus({ applied: 30, upheld: 30, refuted: 0 });

function labels(evidence: readonly Evidence[], { fixClass = 'S' as FixClass, observed = false } = {}): string[] {
  const page = observed ? { ...docs, observed: ['v'] } : docs;
  return safeVariants([{ rule: ruleOf(fixClass), docs: page }], evidence);
}

describe('a fix is safe', () => {
  test('when each of at least 30 applications was upheld', () => {
    expect(labels([enough])).toEqual(['planted/v']);
  });
  test('also when BuildKit could judge nothing of some', () => {
    expect(labels([corpus({ applied: 30, upheld: 30, refuted: 0, unjudged: 5 })])).toEqual(['planted/v']);
  });
});

describe('a planted fix loses its label', () => {
  test('by one refuted application among many, in whatever corpus', () => {
    const wrong = corpus({ applied: 100_000, upheld: 99_999, refuted: 1 });
    expect(labels([wrong])).toEqual([]);
    expect(labels([enough, wrong])).toEqual([]);
  });
  test('without evidence, and with too little', () => {
    expect(labels([])).toEqual([]);
    expect(labels([corpus({ applied: 29, upheld: 29, refuted: 0 })])).toEqual([]);
  });
  test('when one application claimed nothing about the build', () => {
    expect(labels([corpus({ applied: 31, upheld: 30, refuted: 0 })])).toEqual([]);
  });
  test('when a build has to decide, whatever was upheld', () => {
    expect(labels([enough], { fixClass: 'B' })).toEqual([]);
    expect(labels([enough], { fixClass: 'N' })).toEqual([]);
  });
});

describe('a fix that changes what a RUN does', () => {
  test('needs the lab, with counter-examples', () => {
    expect(labels([enough], { observed: true })).toEqual([]);
    const observed = lab({ examples: 2, upheld: 2, refuted: 0, counterExamples: 1 });
    expect(labels([enough, observed], { observed: true })).toEqual(['planted/v']);
    const one = lab({ examples: 2, upheld: 2, refuted: 0, counterExamples: 0 });
    expect(labels([enough, one], { observed: true })).toEqual([]);
  });
  test('loses its label when the lab refutes one observation', () => {
    const refuted = lab({ examples: 2, upheld: 1, refuted: 1, counterExamples: 1 });
    expect(labels([enough, refuted], { observed: true })).toEqual([]);
  });
});

test('a variant that rests on what nobody has seen is never safe', () => {
  const evidence = [enough, lab({ examples: 1, upheld: 1, refuted: 0, counterExamples: 1 })];
  const label = (page: RuleDocs) => safeVariants([{ rule: ruleOf('S'), docs: { ...page, observed: ['v'] } }], evidence);
  expect(label(docs)).toEqual(['planted/v']);
  expect(label({ ...docs, unseen: ['v'] })).toEqual([]);
});
