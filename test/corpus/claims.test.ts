import { describe, expect, test } from 'vitest';
import type { Claim } from '../../src/core/vocabulary/index.ts';
import type { CompareAnswer, InstructionsAnswer, LintAnswer } from '../oracle/client.ts';
import { judgeClaims } from './claims.ts';

const same: Claim = { kind: 'same-build' };
const but = (...differs: string[]): Claim => ({ kind: 'same-build-but', differs });
const repairs: Claim = { kind: 'repairs', code: 'bad-json' };

/** An oracle that gives the answers it is told. */
function judged(
  claims: readonly Claim[],
  compare: Partial<CompareAnswer>,
  accepts: readonly InstructionsAnswer[] = [],
  broken: readonly string[] = [],
  converted: readonly Pick<LintAnswer, 'ok' | 'error' | 'lines'>[] = [],
) {
  const answers = [...accepts];
  const conversions = [...converted];
  return judgeClaims(claims, 'before', 'after', {
    compare: async () => ({ same: false, differs: [], ...compare }),
    instructions: async () => answers.shift() ?? { ok: true },
    converts: async () => conversions.shift() ?? { ok: true },
    brokenStages: async () => new Set(broken),
  });
}

describe('the same build', () => {
  test('is upheld when nothing differs', async () => {
    expect(await judged([same], { same: true })).toEqual({ verdict: 'upheld' });
  });
  test('is refuted by any difference, which is named', async () => {
    expect(await judged([same], { differs: ['final/RUN 1/args'] })).toMatchObject({
      verdict: 'refuted',
      because: expect.stringContaining('final/RUN 1/args'),
    });
  });
});

describe('the same build but', () => {
  test('is upheld when no more differs than is claimed', async () => {
    const answer = { differs: ['final/RUN 1/args'] };
    expect(await judged([but('final/RUN 1/args', 'final/RUN 2/args')], answer)).toEqual({ verdict: 'upheld' });
    expect(await judged([but('final/RUN 1/args')], { same: true })).toEqual({ verdict: 'upheld' });
  });
  test('is refuted by what it does not name', async () => {
    const answer = { differs: ['final/RUN 1/args', 'final/config/User'] };
    const { verdict, because } = await judged([but('final/RUN 1/args')], answer);
    expect(verdict).toBe('refuted');
    expect(because).toContain('also different: final/config/User');
  });
});

describe('a repair', () => {
  const [ok, bad, worse] = [{ ok: true }, { ok: false, error: 'bad on line 1' }, { ok: false, error: 'worse' }];
  test('is upheld when the error is gone', async () => {
    expect((await judged([repairs], {}, [bad, ok])).verdict).toBe('upheld');
    expect((await judged([repairs], {}, [bad, worse])).verdict).toBe('upheld');
  });
  test('says nothing when an earlier error hides it', async () => {
    const error = { ok: false, error: 'parse error on line 1: unknown instruction' };
    const asks = {
      compare: async () => ({ same: true, differs: [] }),
      brokenStages: async () => new Set<string>(),
      converts: async () => ({ ok: true }),
    };
    const judge = (before: string, after: string) =>
      judgeClaims([repairs], before, after, { ...asks, instructions: async () => error });
    expect((await judge('//\nRN x', '//\nRUN x')).verdict).toBe('unjudged');
    expect((await judge('RN x', 'RUM x')).verdict).toBe('refuted');
  });
  test('is refuted when it stays, or was none', async () => {
    expect((await judged([repairs], {}, [bad, bad])).verdict).toBe('refuted');
    expect((await judged([repairs], {}, [ok, ok])).verdict).toBe('refuted');
  });
});

describe('a repair of what only the converter refuses', () => {
  const read = [{ ok: true }, { ok: true }];
  const bad = (line: number) => ({ ok: false, error: 'invalid port', lines: [[line, line] as const] });
  test('is upheld when it converts, or fails otherwise', async () => {
    expect((await judged([repairs], {}, read, [], [bad(1), { ok: true }])).verdict).toBe('upheld');
    expect((await judged([repairs], {}, read, [], [bad(1), { ok: false, error: 'other' }])).verdict).toBe('upheld');
    expect((await judged([repairs], {}, read, [], [bad(1), bad(9)])).verdict).toBe('upheld');
  });
  test('is refuted when the error stays at the line that was changed, or there was none', async () => {
    expect((await judged([repairs], {}, read, [], [bad(1), bad(1)])).verdict).toBe('refuted');
    expect((await judged([repairs], {}, read, [], [{ ok: true }, { ok: true }])).verdict).toBe('refuted');
  });
  test('says nothing when an error of another line hides it', async () => {
    expect((await judged([repairs], {}, read, [], [bad(9), bad(9)])).verdict).toBe('unjudged');
  });
});

test('a text that cannot be built any more refutes, one that never could says nothing', async () => {
  expect((await judged([same], { error: 'after: no stage' })).verdict).toBe('refuted');
  expect((await judged([same], { error: 'neither file can be built' })).verdict).toBe('unjudged');
});

test('a stage that fails otherwise refutes when it did not fail before', async () => {
  const differs = ['final/error'];
  expect((await judged([same], { differs }, [], ['final'])).verdict).toBe('unjudged');
  expect((await judged([same], { differs }, [], ['build'])).verdict).toBe('refuted');
  expect((await judged([same], { differs: [...differs, 'final/RUN 1/args'] }, [], ['final'])).verdict).toBe('refuted');
});

test('no build claim is no evidence, and two are one too many', async () => {
  expect((await judged([{ kind: 'observed', probe: 'builds', expect: true }], {})).verdict).toBe('unclaimed');
  expect((await judged([same, but('final/RUN 1/args')], { same: true })).verdict).toBe('refuted');
});
