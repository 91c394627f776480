import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, ratioOf } from '../../../../src/core/evidence/proof/index.ts';

test.each([
  [[3], 3],
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
])('the median of %j is %d', (numbers, middle) => expect(median(numbers)).toBe(middle));

test('a ratio of sizes', () => {
  expect(ratioOf('bytes', [200], [50])).toEqual({ ratio: 0.25 });
  expect(ratioOf('bytes', [200], [200])).toEqual({ ratio: 1 });
  expect(ratioOf('bytes', [0], [200])).toHaveProperty('unshown');
  expect(ratioOf('bytes', [], [200])).toHaveProperty('unshown');
});

test('a ratio of times is shown only outside of the spread', () => {
  expect(ratioOf('seconds', [4], [1])).toHaveProperty('unshown');
  expect(ratioOf('seconds', [4, 5, 4], [1, 2, 1])).toEqual({ ratio: 0.25 });
  expect(ratioOf('seconds', [4, 5, 4], [1, 2, 4])).toHaveProperty('unshown');
});

test('what is shown lies on the side of every pair', () => {
  const times = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 3, maxLength: 6 });
  fc.assert(
    fc.property(times, times, (before, after) => {
      const shown = ratioOf('seconds', before, after);
      if ('unshown' in shown) return;
      const all = before.flatMap((old) => after.map((now) => now < old));
      expect(new Set(all)).toEqual(new Set([shown.ratio < 1]));
    }),
  );
});
