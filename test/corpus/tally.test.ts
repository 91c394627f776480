import { expect, test } from 'vitest';
import { touchedLines } from './judge.ts';
import { evidenceOf } from './record.ts';
import { verdicts } from './report.ts';
import type { FileResult, RuleOnFile } from './result.ts';
import { addResult, emptyTally, median, unknownRate } from './tally.ts';

const rule: RuleOnFile = {
  rule: 'r',
  outcome: 'violated',
  diagnostics: 2,
  offeredSafe: 1,
  offeredUnsafe: 0,
  declined: ['it is too late'],
  mended: 1,
};
const result: FileResult = {
  path: 'Dockerfile',
  bytes: 10,
  accepted: true,
  panicked: false,
  parsed: true,
  knownBase: true,
  failing: [],
  rules: [rule],
  fixes: [{ id: 'r/v', safety: 'safe', verdict: 'upheld' }],
  touched: 0.5,
  cpu: { parse: 1, check: 2, fix: 3, 'unsafe-fixes': 1 },
};

test('results are summed by rule and by fix', () => {
  const tally = emptyTally();
  addResult(tally, result);
  addResult(tally, { ...result, path: 'b', fixes: [{ id: 'r/v', safety: 'safe', verdict: 'unjudged' }] });
  expect(tally.rules.r).toMatchObject({ files: 2, diagnostics: 4, mended: 2, declined: { 'it is too late': 2 } });
  expect(tally.slowest[0]).toMatchObject({ command: 'fix', ms: 3 });
  expect(evidenceOf(tally, 'here', '2026-01-01').fixes).toEqual({
    'r/v': { applied: 1, upheld: 1, refuted: 0, unjudged: 1 },
  });
  expect(verdicts(tally, true)).toEqual([]);
});

test('an application that claims nothing about the build counts as applied and not as upheld', () => {
  const tally = emptyTally();
  addResult(tally, { ...result, fixes: [{ id: 'r/v', safety: 'unsafe', verdict: 'unclaimed' }] });
  expect(evidenceOf(tally, '', '').fixes['r/v']).toEqual({ applied: 1, upheld: 0, refuted: 0 });
});

test('every fault fails the run, of unsafe fixes and bans only when a clean run is expected', () => {
  const tally = emptyTally();
  addResult(tally, { ...result, failing: [{ fault: 'ban', of: 'r', detail: 'd' }] });
  expect(verdicts(tally, false)).toEqual([]);
  expect(verdicts(tally, true)).toEqual(['ban: 1']);
  addResult(tally, { ...result, failing: [{ fault: 'comment', of: 'fix', detail: 'd' }] });
  expect(verdicts(tally, false)).toEqual(['comment: 1']);
});

test('median and the part that is unknown', () => {
  expect([median([]), median([3]), median([4, 1]), median([5, 1, 3])]).toEqual([undefined, 3, 1, 3]);
  expect(unknownRate({ held: 6, violated: 2, unknown: 2, 'not-applicable': 90 })).toBe(0.2);
  expect(unknownRate({})).toBe(0);
  expect(unknownRate({ held: 1, unknown: 1, 'wants-facts': 98 })).toBe(0.5);
});

test('a rule that only lacks facts of the project is counted apart', () => {
  const tally = emptyTally();
  const unknown = {
    ...rule,
    outcome: 'unknown',
    because: 'whether there is a file',
    diagnostics: 0,
    mended: 0,
  } as const;
  addResult(tally, { ...result, rules: [{ ...unknown, wantsFacts: true }] });
  addResult(tally, { ...result, rules: [{ ...unknown, wantsFacts: false }] });
  expect(tally.rules.r?.outcomes).toEqual({ 'wants-facts': 1, unknown: 1 });
});

test('touched lines are those of a diff', () => {
  expect(touchedLines('a\nb\nc\n', 'a\nB\nc\n')).toBe(1);
  expect(touchedLines('a\nb\n', 'a\nB\nx\ny\n')).toBe(3);
  expect(touchedLines('a\nb\nc\n', 'a\n')).toBe(2);
  // a final line break that goes is no line more
  expect(touchedLines('a\nb', 'a\nB\n')).toBe(1);
});
