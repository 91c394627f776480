import type { Claim, Json, Observation, Verdict } from '../../vocabulary/index.ts';
import { type Expectation, expectationOf, isShellScript, sameJson } from './expectation.ts';
import { type ProbeKind, probes } from './probes.ts';
import { allNumbers, ratioOf } from './samples.ts';
import { tellValues } from './tell.ts';

type Observed = Extract<Claim, { kind: 'observed' }>;
type Finding = Pick<Verdict, 'is' | 'why'>;
type Tell = (values: readonly Json[]) => string;

const upheld = (why: string): Finding => ({ is: 'upheld', why });
const refuted = (why: string): Finding => ({ is: 'refuted', why });
const notShown = (why: string): Finding => ({ is: 'not-shown', why });

/** A verdict on each claim, in their order. What nobody observed is not shown, whatever is claimed of it. */
export function judge(claims: readonly Claim[], observations: readonly Observation[]): readonly Verdict[] {
  return claims.map((claim) => {
    if (claim.kind !== 'observed')
      return { claim, ...notShown('it speaks of the build graph: no image can show it'), by: [] };
    const by = observations.filter(({ probe, where }) => probe === claim.probe && sameJson(where, claim.where));
    return { claim, ...finding(claim, by), by };
  });
}

function finding({ probe, expect }: Observed, by: readonly Observation[]): Finding {
  const after = valuesOf(by, 'after');
  if (after.length === 0) return notShown(whyMissing(by, 'after'));
  const expected = expectationOf(expect);
  const tell: Tell = (values) => tellValues(probe, values);
  if (expected.kind !== 'as-before' && expected.kind !== 'at-most-before') return absolute(expected, after, tell);

  const before = [...valuesOf(by, 'before'), ...valuesOf(by, 'before-again')];
  if (before.length === 0) return notShown(`there is nothing to compare with: ${whyMissing(by, 'before')}`);
  const { unfit, unit } = probes[probe];
  for (const value of before) {
    const because = unfit?.(value);
    if (because !== undefined) return notShown(because);
  }
  return expected.kind === 'as-before' ? asBefore(before, after, tell) : atMost(unit, before, after, tell);
}

function valuesOf(by: readonly Observation[], of: Observation['of']): readonly Json[] {
  return by.flatMap((one) => (one.of === of && 'value' in one.got ? [one.got.value] : []));
}

function whyMissing(by: readonly Observation[], of: Observation['of']): string {
  const found = by.find((one) => one.of === of && 'missing' in one.got);
  return found && 'missing' in found.got ? found.got.missing : `nobody looked at the ${of}`;
}

function absolute(expected: Expectation, after: readonly Json[], tell: Tell): Finding {
  const holds: boolean[] = [];
  for (const value of after) {
    const one = fulfils(expected, value);
    if (one === undefined) return notShown(`${tell([value])} is not what can be compared`);
    holds.push(one);
  }
  if (holds.every((one) => one)) return upheld(tell(after));
  if (holds.some((one) => one)) return notShown(`it differs from run to run: ${tell(after)}`);
  return refuted(tell(after));
}

function fulfils(expected: Expectation, value: Json): boolean | undefined {
  switch (expected.kind) {
    case 'is':
      return sameJson(value, expected.value);
    case 'not':
      return !sameJson(value, expected.value);
    case 'below':
      return typeof value === 'number' ? value < expected.limit : undefined;
    case 'no-shell':
      return typeof value === 'string' ? !isShellScript(value) : undefined;
    default:
      return undefined;
  }
}

function asBefore(before: readonly Json[], after: readonly Json[], tell: Tell): Finding {
  const [first] = before;
  if (before.some((value) => !sameJson(value, first)))
    return notShown(`the before differs from itself: ${tell(before)}`);
  if (after.every((value) => sameJson(value, first))) return upheld(tell(after));
  if (after.some((value) => sameJson(value, first)))
    return notShown(`it differs from run to run: ${tell(after)}, before ${tell(before)}`);
  return refuted(`${tell(after)}, before ${tell(before)}`);
}

/** Bytes that accounts, directories and certificates take: who adds a user makes no larger image. */
const trifle = 100_000;

/** What the before's own builds differ by is not held against the after. */
function atMost(unit: ProbeKind['unit'], before: readonly Json[], after: readonly Json[], tell: Tell): Finding {
  const [old, now] = [allNumbers(before), allNumbers(after)];
  if (old === undefined || now === undefined) return notShown('it is no number');
  const said = `${tell(after)}, before ${tell(before)}`;
  if (unit === 'seconds') {
    const ratio = ratioOf('seconds', old, now);
    if ('unshown' in ratio) return notShown(ratio.unshown);
    return ratio.ratio <= 1 ? upheld(said) : refuted(said);
  }
  const most = Math.max(...old) + (unit === 'bytes' ? trifle : 0);
  const noise = Math.max(...old) - Math.min(...old);
  if (Math.max(...now) <= most) return upheld(said);
  if (Math.min(...now) > most + noise) return refuted(said);
  return notShown(`the difference lies inside what the before differs by itself: ${said}`);
}
