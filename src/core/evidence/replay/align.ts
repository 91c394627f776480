import type { Plan, PlannedStep } from './plan.ts';

/** Above so many comparisons only what is alike at both ends, and what stands but once, is matched. */
const mostCells = 4_000_000;

/** Which step of an earlier list each step of a later one is: its index, or undefined for a new one. */
export function align(before: readonly PlannedStep[], after: readonly PlannedStep[]): readonly (number | undefined)[] {
  const found = new Array<number | undefined>(after.length).fill(undefined);
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

/** What is left is the same step when its text tells so (it was moved), or is much alike (it was changed). */
function pair(before: readonly PlannedStep[], after: readonly PlannedStep[], found: (number | undefined)[]): void {
  const taken = new Set(found.filter((index) => index !== undefined));
  const take = (i: number, j: number) => {
    found[j] = i;
    taken.add(i);
  };
  for (const kind of [keyOf, ({ text }: PlannedStep) => text]) {
    const free = new Map<string, number[]>();
    for (const [i, step] of before.entries()) {
      if (taken.has(i)) continue;
      const list = free.get(kind(step));
      if (list === undefined) free.set(kind(step), [i]);
      else list.push(i);
    }
    for (const [j, step] of after.entries()) {
      if (found[j] !== undefined) continue;
      const i = free.get(kind(step))?.shift();
      if (i !== undefined) take(i, j);
    }
  }
  const left = [...before.keys()].filter((i) => !taken.has(i));
  const open = [...after.keys()].filter((j) => found[j] === undefined);
  if (left.length * open.length > mostPairs) return;
  for (const j of open) {
    let best: { readonly i: number; readonly score: number } | undefined;
    for (const i of left) {
      const score = taken.has(i) ? 0 : likeness(before[i] as PlannedStep, after[j] as PlannedStep);
      if (score >= alike && score > (best?.score ?? 0)) best = { i, score };
    }
    if (best !== undefined) take(best.i, j);
  }
}

/** So many pairs are compared word by word. */
const mostPairs = 40_000;
/** From here on two steps are one that was changed. */
const alike = 0.5;

/** How many words two steps share, from 0 to 1; a little more for one of the same stage. */
function likeness(a: PlannedStep, b: PlannedStep): number {
  if (a.instruction !== b.instruction) return 0;
  const isOneStage = a.stage === b.stage;
  // A stage has one FROM.
  if (a.instruction === 'FROM') return isOneStage ? 1 : 0;
  const [x, y] = [wordsOf(a), wordsOf(b)];
  const shared = [...x].filter((word) => y.has(word)).length;
  const share = (2 * shared) / (x.size + y.size);
  return share >= alike && isOneStage ? share + 0.1 : share;
}

const wordsOf = ({ text }: PlannedStep) => new Set(text.split(' ').slice(1));

/** All steps of a plan, stage by stage. */
export const stepsOf = ({ stages }: Plan): readonly PlannedStep[] => stages.flatMap(({ steps }) => steps);
