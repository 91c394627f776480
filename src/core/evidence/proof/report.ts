import type { Json, Observation, Probe, ProofReport, ProofRow, ProofSaying, Verdict } from '../../vocabulary/index.ts';
import { tellClaim } from './claims.ts';
import { sameJson } from './expectation.ts';
import { probes } from './probes.ts';
import { allNumbers, median, ratioOf } from './samples.ts';
import { tellValue, tellValues } from './tell.ts';

/** Observations side by side, in the order of the table of probes. */
function rowsOf(observations: readonly Observation[]): readonly ProofRow[] {
  return (Object.keys(probes) as Probe[]).flatMap((probe) => {
    const those = observations.filter((one) => one.probe === probe);
    const wheres: (Json | undefined)[] = [];
    for (const { where } of those) if (!wheres.some((one) => sameJson(one, where))) wheres.push(where);
    return wheres.map((where) =>
      rowOf(
        probe,
        where,
        those.filter((one) => sameJson(one.where, where)),
      ),
    );
  });
}

function rowOf(probe: Probe, where: Json | undefined, those: readonly Observation[]): ProofRow {
  const { title, unit } = probes[probe];
  const values = (of: Observation['of']) =>
    those.flatMap((one) => (one.of === of && 'value' in one.got ? [one.got.value] : []));
  const told = (of: Observation['of']) => {
    const seen = values(of);
    const numbers = unit === 'seconds' ? allNumbers(seen) : undefined;
    if (numbers !== undefined && numbers.length > 1) return tellValue(probe, median(numbers));
    if (seen.length > 0) return tellValues(probe, seen);
    const [one] = those.filter((each) => each.of === of);
    return one !== undefined && 'missing' in one.got ? `(${one.got.missing})` : undefined;
  };
  const [before, after] = [allNumbers(values('before')), allNumbers(values('after'))];
  const compared =
    before && after && unit !== 'word' && probe !== 'uid' && probe !== 'http-status' && probe !== 'stop-exit';
  const ratio = compared ? ratioOf(unit, before, after) : undefined;
  return {
    title: typeof where === 'string' ? `${title} ${where}` : title,
    before: told('before'),
    after: told('after'),
    ...(ratio !== undefined && 'ratio' in ratio ? { ratio: ratio.ratio } : {}),
  };
}

function sayingOf({ claim, is, why }: Verdict): ProofSaying {
  return { is, says: tellClaim(claim, is), why };
}

/** The report of a proof, from what was seen and judged. */
export function proofReport(
  found: Pick<
    ProofReport,
    | 'engine'
    | 'before'
    | 'after'
    | 'observations'
    | 'verdicts'
    | 'seconds'
    | 'rebuilds'
    | 'changes'
    | 'foretold'
    | 'impossible'
  >,
): ProofReport {
  return { ...found, rows: rowsOf(found.observations), sayings: found.verdicts.map(sayingOf) };
}
