import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimsFor, judge, probes } from '../../../../src/core/evidence/proof/index.ts';
import type { Claim, Json, Observation, Verdict } from '../../../../src/core/vocabulary/index.ts';

type Probe = Observation['probe'];

const claim = (probe: Probe, expect: Json, where?: Json): Claim => ({
  kind: 'observed',
  probe,
  expect,
  ...(where === undefined ? {} : { where }),
});
const seen = (of: Observation['of'], probe: Probe, value: Json, where?: Json): Observation => ({
  of,
  probe,
  got: { value },
  ...(where === undefined ? {} : { where }),
});
const missing = (of: Observation['of'], probe: Probe, why: string): Observation => ({
  of,
  probe,
  got: { missing: why },
});

function verdict(claimed: Claim, ...observations: Observation[]): Verdict {
  const [one] = judge([claimed], observations);
  if (one === undefined) throw new Error('no verdict');
  return one;
}

describe('a fixed value', () => {
  test.each<[string, Claim, Json, Verdict['is']]>([
    ['equal', claim('builds', true), true, 'upheld'],
    ['not equal', claim('builds', true), false, 'refuted'],
    ['another user', claim('uid', { not: 0 }), 1000, 'upheld'],
    ['root', claim('uid', { not: 0 }), 0, 'refuted'],
    ['below', claim('stop-seconds', { below: 10 }), 9.9, 'upheld'],
    ['not below', claim('stop-seconds', { below: 10 }), 10, 'refuted'],
    ['a program', claim('argv', { no: 'shell' }), 'node dist/server.js', 'upheld'],
    ['a shell', claim('argv', { no: 'shell' }), '/bin/sh -c npm start', 'refuted'],
    ['a shell with options', claim('argv', { no: 'shell' }), 'bash -eo pipefail -c x', 'refuted'],
    ['options in one', claim('argv', { no: 'shell' }), '/bin/bash -xec x', 'refuted'],
    ['busybox', claim('argv', { no: 'shell' }), '/bin/busybox sh -c x', 'refuted'],
    ['a script that the image brings', claim('argv', { no: 'shell' }), '/bin/sh /entrypoint.sh', 'upheld'],
    ['a program with -c', claim('argv', { no: 'shell' }), 'nginx -c /etc/nginx.conf', 'upheld'],
    ['an object, whatever the order', claim('lives', { exit: 0, by: 'x' }), { by: 'x', exit: 0 }, 'upheld'],
  ])('%s', (_, claimed, value, is) => {
    expect(verdict(claimed, seen('after', claimed.kind === 'observed' ? claimed.probe : 'uid', value)).is).toBe(is);
  });

  test('is not shown when runs of the after differ', () => {
    const { is, why } = verdict(claim('uid', { not: 0 }), seen('after', 'uid', 0), seen('after', 'uid', 5));
    expect([is, why]).toEqual(['not-shown', 'it differs from run to run: 0, 5']);
  });

  test('is not shown of a value that cannot be compared', () => {
    expect(verdict(claim('stop-seconds', { below: 10 }), seen('after', 'stop-seconds', 'soon')).is).toBe('not-shown');
  });
});

describe('compared with the before', () => {
  const as = claim('http-status', { as: 'before' }, '/healthz');
  const at = (of: Observation['of'], status: Json) => seen(of, 'http-status', status, '/healthz');

  test('the same', () => expect(verdict(as, at('before', 200), at('after', 200)).is).toBe('upheld'));
  test('another', () => {
    const { is, why } = verdict(as, at('before', 200), at('after', 500));
    expect([is, why]).toEqual(['refuted', '500, before 200']);
  });
  test('an after that never answers', () =>
    expect(verdict(as, at('before', 200), at('after', null)).is).toBe('refuted'));
  test('a before that never answers proves nothing', () => {
    const { is, why } = verdict(as, at('before', null), at('after', null));
    expect([is, why]).toEqual(['not-shown', 'the before gives no answer']);
  });
  test('a before that crashes proves nothing', () => {
    const { is } = verdict(
      claim('lives', { as: 'before' }),
      seen('before', 'lives', { exit: 1 }),
      seen('after', 'lives', { exit: 1 }),
    );
    expect(is).toBe('not-shown');
  });
  test('a before that differs from itself', () =>
    expect(verdict(as, at('before', 200), at('before-again', 503), at('after', 500)).is).toBe('not-shown'));
  test('another route is another observation', () =>
    expect(verdict(as, at('before', 200), seen('after', 'http-status', 200, '/')).is).toBe('not-shown'));
});

describe('no more than the before', () => {
  const least = claim('own-bytes', { 'at-most': 'before' });
  const bytes = (of: Observation['of'], value: number) => seen(of, 'own-bytes', value * 100_000);

  test.each([
    [[100], 100, 'upheld'],
    [[100], 102, 'refuted'],
    [[100, 104], 104, 'upheld'],
    [[100, 104], 107, 'not-shown'],
    [[100, 104], 110, 'refuted'],
    [[100], 100.9, 'upheld'], // what an account takes
  ] as const)('%j, then %d tenths of a megabyte: %s', (before, after, is) => {
    const observations = before.map((value, index) => bytes(index === 0 ? 'before' : 'before-again', value));
    expect(verdict(least, ...observations, bytes('after', after)).is).toBe(is);
  });

  test('times need three looks, and ranges that lie apart', () => {
    const faster = claim('rebuild-seconds', { 'at-most': 'before' });
    const times = (of: Observation['of'], ...values: number[]) =>
      values.map((value) => seen(of, 'rebuild-seconds', value));
    expect(verdict(faster, ...times('before', 5, 6), ...times('after', 1, 2)).is).toBe('not-shown');
    expect(verdict(faster, ...times('before', 5, 6, 7), ...times('after', 1, 2, 3)).is).toBe('upheld');
    expect(verdict(faster, ...times('before', 5, 6, 7), ...times('after', 1, 2, 5.5)).is).toBe('not-shown');
    expect(verdict(faster, ...times('before', 1, 2, 3), ...times('after', 5, 6, 7)).is).toBe('refuted');
  });
});

test('what is missing is not shown, with the reason', () => {
  const { is, why, by } = verdict(claim('uid', { not: 0 }), missing('after', 'uid', 'it does not run'));
  expect([is, why, by.length]).toEqual(['not-shown', 'it does not run', 1]);
  expect(verdict(claim('uid', { not: 0 })).why).toBe('nobody looked at the after');
  expect(verdict({ kind: 'same-build' }).is).toBe('not-shown');
});

describe('whatever is observed', () => {
  const json = fc.oneof(
    fc.constant<Json>(null),
    fc.boolean(),
    fc.integer({ min: -2, max: 12 }),
    fc.constantFrom('healthy', 'sh -c x', 'node'),
    fc.record({ exit: fc.integer({ min: 0, max: 2 }) }),
  ) as fc.Arbitrary<Json>;
  const names = Object.keys(probes) as Probe[];
  const expectation = fc.oneof(
    json,
    fc.constantFrom<Json>({ as: 'before' }, { 'at-most': 'before' }, { no: 'shell' }, { not: 0 }, { below: 10 }),
  );
  const observation = fc.record({
    of: fc.constantFrom<Observation['of']>('before', 'before-again', 'after'),
    probe: fc.constantFrom(...names),
    got: fc.oneof(
      json.map((value) => ({ value })),
      fc.constant({ missing: 'not there' }),
    ),
  });
  const claims = fc.array(fc.record({ probe: fc.constantFrom(...names), expect: expectation }), { maxLength: 8 });

  test('each claim gets one verdict, and only what was seen of the after decides', () => {
    fc.assert(
      fc.property(claims, fc.array(observation, { maxLength: 20 }), (list, observations) => {
        const all = list.map(({ probe, expect }) => claim(probe, expect));
        const verdicts = judge(all, observations);
        expect(verdicts.map(({ claim }) => claim)).toEqual(all);
        for (const { is, by, why } of verdicts) {
          expect(why).not.toBe('');
          if (is !== 'not-shown') expect(by.some(({ of, got }) => of === 'after' && 'value' in got)).toBe(true);
        }
      }),
    );
  });

  test('the order of observations says nothing', () => {
    fc.assert(
      fc.property(claims, fc.array(observation, { maxLength: 20 }), (list, observations) => {
        const all = list.map(({ probe, expect }) => claim(probe, expect));
        const is = (seen: Observation[]) => judge(all, seen).map((one) => one.is);
        expect(is([...observations].reverse())).toEqual(is(observations));
      }),
    );
  });

  test('more noise in the before never turns into a refutation', () => {
    const bytes = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (before, again, after) => {
        const least = claim('own-bytes', { 'at-most': 'before' });
        const once = [seen('before', 'own-bytes', before), seen('after', 'own-bytes', after)];
        const quiet = verdict(least, ...once).is;
        const noisy = verdict(least, ...once, seen('before-again', 'own-bytes', again)).is;
        if (quiet === 'upheld') expect(noisy).toBe('upheld');
        expect(noisy === 'refuted' && quiet !== 'refuted').toBe(false);
      }),
    );
  });

  test('an after that is the before is never refuted by comparing', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(...names), fc.constantFrom('as', 'at-most'), (value, probe, how) => {
        const same = verdict(
          claim(probe, { [how]: 'before' }),
          seen('before', probe, value),
          seen('after', probe, value),
        );
        expect(same.is).not.toBe('refuted');
      }),
    );
  });
});

describe('what is claimed', () => {
  const subject = {
    dependencySteps: ['final/RUN 1'],
    healthCheck: true,
    secrets: ['secret t'],
    labelArgument: 'REVISION',
    route: '/healthz',
  };
  const probed = (...observations: Observation[]) =>
    claimsFor(subject, observations).map((one) => (one.kind === 'observed' ? one.probe : one.kind));

  test('of a service', () => {
    expect(probed(seen('before', 'lives', 'running'), seen('after', 'lives', { exit: 1 }))).toEqual([
      'builds',
      'own-bytes',
      'step-cached',
      'label-reinstalls',
      'canary',
      'lives',
      'uid',
      'argv',
      'http-status',
      'health',
      'stop-seconds',
    ]);
  });

  test('of a program that ends by itself, nothing that takes one that runs', () => {
    expect(probed(seen('before', 'lives', { exit: 0 }), seen('after', 'lives', { exit: 0 }))).toEqual([
      'builds',
      'own-bytes',
      'step-cached',
      'label-reinstalls',
      'canary',
      'lives',
    ]);
  });

  test('nothing of a label that makes the before install again, too', () => {
    const observed: Observation = { of: 'before', probe: 'label-reinstalls', where: 'X', got: { value: 1 } };
    expect(probed(observed)).not.toContain('label-reinstalls');
  });
});
