import type { Json } from '../../vocabulary/index.ts';
import type { ProbeKind } from './probes.ts';

/** Fewer looks at a time do not tell its spread. */
const fewestTimes = 3;

/** The middle of some numbers, of which there is at least one. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The values, when all of them are numbers. */
export function allNumbers(values: readonly Json[]): readonly number[] | undefined {
  return values.every((value) => typeof value === 'number') ? values : undefined;
}

export type Ratio = { readonly ratio: number } | { readonly unshown: string };

/**
 * How the after's values relate to the before's. Not shown where they overlap, or where a time was not taken often enough to
 * know how much it varies.
 */
export function ratioOf(unit: ProbeKind['unit'], before: readonly number[], after: readonly number[]): Ratio {
  if (before.length === 0 || after.length === 0) return { unshown: 'one side is missing' };
  if (unit === 'seconds' && Math.min(before.length, after.length) < fewestTimes)
    return { unshown: `fewer than ${fewestTimes} times were taken` };
  const apart = Math.max(...before) < Math.min(...after) || Math.max(...after) < Math.min(...before);
  const constant = unit !== 'seconds' && new Set([...before, ...after]).size === 1;
  if (!apart && !constant) return { unshown: 'the difference lies inside the spread' };
  const base = median(before);
  return base === 0 ? { unshown: 'the before is 0' } : { ratio: median(after) / base };
}
