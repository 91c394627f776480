import { expect, test } from 'vitest';
import type { Claim } from '../../src/core/vocabulary/index.ts';
import type { Comparison, Judgement } from './effects.ts';
import { refutations } from './observed.ts';

const equal: Comparison = {
  onlyInBad: [],
  onlyInGood: [],
  differing: [],
  noise: [],
  packages: 'equal',
  config: [],
  bytes: { bad: 1, good: 1 },
  programs: [],
};
const built = (compared: Partial<Comparison>): Judgement => ({
  name: 'a pair',
  bad: { ok: true, seconds: 1 },
  good: { ok: true, seconds: 1 },
  compared: { ...equal, ...compared },
});
const lists: Claim = { kind: 'observed', probe: 'paths-only-before', expect: ['/var/lib/apt/lists/*'] };

test('only the expected paths may go', () => {
  expect(
    refutations([lists], built({ onlyInBad: ['/var/lib/apt/lists/lock', '/var/lib/apt/lists/partial/a'] })),
  ).toEqual([]);
  expect(refutations([lists], built({ onlyInBad: ['/var/lib/apt/extended_states'] }))).toHaveLength(1);
  expect(refutations([lists], built({ onlyInGood: ['/var/lib/apt/lists/new'] }))).toHaveLength(1);
  expect(refutations([lists], built({ differing: [{ path: '/etc/passwd', in: ['sha256'] }] }))).toHaveLength(1);
});

test('packages must be equal, not merely unknown', () => {
  const claim: Claim = { kind: 'observed', probe: 'packages', expect: 'equal' };
  expect(refutations([claim], built({}))).toEqual([]);
  expect(refutations([claim], built({ packages: 'unknown' }))).toHaveLength(1);
});

test('a fixed text that does not build is refuted, and has nothing to compare', () => {
  const broken: Judgement = {
    name: 'a pair',
    bad: { ok: true, seconds: 1 },
    good: { ok: false, seconds: 1, error: 'exit 100' },
  };
  expect(refutations([{ kind: 'observed', probe: 'builds', expect: true }, lists], broken)).toHaveLength(2);
});

test('a probe that the lab lacks upholds nothing', () => {
  expect(refutations([{ kind: 'observed', probe: 'uid', expect: 1000 }], built({}))).toHaveLength(1);
});
