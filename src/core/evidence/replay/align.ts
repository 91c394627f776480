import type { Plan, PlannedStep } from './plan.ts';

/** Above so many comparisons only what is alike at both ends, and what stands but once, is matched. */
const mostCells = 4_000_000;

/** Which step of an earlier list each step of a later one is: its index, or undefined for a new one. */
export function align(before: readonly PlannedStep[], after: readonly PlannedStep[]): readonly (number | undefined)[] {
  const found = new Array<number | undefined>(after.length);
  const same = (i: number, j: number) => keyOf(before[i]) === keyOf(after[j]);
  let start = 0;
  while (start < before.length && start < after.length && same(start, start)) {
    found[start] = start;
    start += 1;
  }
  let [i, j] = [before.length, after.length];
  while (i > start && j > start && same(i - 1, j - 1)) {
    i -= 1;
    j -= 1;
    found[j] = i;
  }
  if ((i - start) * (j - start) <= mostCells) longest(before, after, [start, i], [start, j], found);
  pair(before, after, found);
  return found;
}

const keyOf = (step: PlannedStep | undefined) => (step === undefined ? '' : `${step.stage}\u0000${step.text}`);

/** The longest list of steps that both have in the same order. */
function longest(
  before: readonly PlannedStep[],
  after: readonly PlannedStep[],
  [a, aEnd]: readonly [number, number],
  [b, bEnd]: readonly [number, number],
  found: (number | undefined)[],
): void {
  const [m, n] = [aEnd - a, bEnd - b];
  const lengths = new Uint32Array((m + 1) * (n + 1));
  const at = (i: number, j: number) => lengths[i * (n + 1) + j] ?? 0;
  const same = (i: number, j: number) => keyOf(before[a + i]) === keyOf(after[b + j]);
  for (let i = m - 1; i >= 0; i--)
    for (let j = n - 1; j >= 0; j--)
      lengths[i * (n + 1) + j] = same(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  for (let i = 0, j = 0; i < m && j < n; ) {
    if (same(i, j)) {
      found[b + j] = a + i;
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
}

/** What is left is the same step when text (moved), or stage and instruction (changed), tell so: in order. */
function pair(before: readonly PlannedStep[], after: readonly PlannedStep[], found: (number | undefined)[]): void {
  const taken = new Set(found.filter((index) => index !== undefined));
  const kinds: readonly ((step: PlannedStep) => string)[] = [
    keyOf,
    ({ text }) => text,
    ({ stage, instruction }) => `${stage}\u0000${instruction}`,
  ];
  for (const kind of kinds) {
    const free = new Map<string, number[]>();
    for (const [i, step] of before.entries()) {
      if (taken.has(i)) continue;
      const key = kind(step);
      const list = free.get(key);
      if (list === undefined) free.set(key, [i]);
      else list.push(i);
    }
    for (const [j, step] of after.entries()) {
      if (found[j] !== undefined) continue;
      const i = free.get(kind(step))?.shift();
      if (i === undefined) continue;
      found[j] = i;
      taken.add(i);
    }
  }
}

/** All steps of a plan, stage by stage. */
export const stepsOf = ({ stages }: Plan): readonly PlannedStep[] => stages.flatMap(({ steps }) => steps);
