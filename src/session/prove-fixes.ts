import { judge, tellClaim } from '../core/evidence/proof/index.ts';
import type { ProofReport } from '../core/vocabulary/index.ts';
import type { ProofEngine } from './proof-engine.ts';
import { prove } from './prove.ts';
import type { ProofOrder } from './proving/order.ts';

/** The fixes that a proof is about. */
export interface FixesToProve {
  /** Ids of the rules whose fixes were applied. */
  readonly rules: readonly string[];
  /** The Dockerfile with the fixes of these rules alone. */
  readonly with: (rules: readonly string[]) => Promise<string>;
}

export interface FixesProved {
  /** Of the fixes that are kept; when none is, of all of them. */
  readonly report: ProofReport;
  /** Rules whose fixes are kept. */
  readonly kept: readonly string[];
}

const refuted = ({ sayings }: ProofReport) => sayings.filter(({ is }) => is === 'refuted').map(({ says }) => says);

/** What the before would be refuted of, if it were the after. */
function ownFailures({ verdicts, observations }: ProofReport): ReadonlySet<string> {
  const seen = observations.filter(({ of }) => of === 'before');
  const claims = verdicts.map(({ claim }) => claim);
  const judged = judge(claims, [...seen, ...seen.map((one) => ({ ...one, of: 'after' as const }))]);
  return new Set(judged.filter(({ is }) => is === 'refuted').map(({ claim }) => tellClaim(claim, 'refuted')));
}

/**
 * Proves what fixes make of a Dockerfile. When something is refuted that the Dockerfile as it is does not fail itself, the fixes to
 * blame are found by halves and left out.
 * @throws the reason of `order.signal` when it is aborted
 */
export async function proveFixes(order: ProofOrder, engine: ProofEngine, fixes: FixesToProve): Promise<FixesProved> {
  const proofs = new Map<string, ProofReport>();
  const proofOf = async (rules: readonly string[]): Promise<ProofReport> => {
    const text = await fixes.with(rules);
    const known = proofs.get(text);
    if (known !== undefined) return known;
    const path = await order.write('after.Dockerfile', text);
    const report = await prove({ ...order, after: { ...order.after, text, path } }, engine);
    proofs.set(text, report);
    return report;
  };

  const all = await proofOf(fixes.rules);
  if (all.impossible !== undefined || refuted(all).length === 0) return { report: all, kept: fixes.rules };
  const own = ownFailures(all);
  const broken = (report: ProofReport) => refuted(report).filter((says) => !own.has(says));
  if (broken(all).length === 0) return { report: all, kept: fixes.rules };

  const leftOut: { readonly rule: string; readonly says: readonly string[] }[] = [];
  /** Those of `group` that break nothing on top of `kept`. */
  const accept = async (kept: readonly string[], group: readonly string[]): Promise<readonly string[]> => {
    const [first] = group;
    if (first === undefined) return kept;
    const says = broken(await proofOf([...kept, ...group]));
    if (says.length === 0) return [...kept, ...group];
    if (group.length === 1) {
      leftOut.push({ rule: first, says });
      return kept;
    }
    const middle = group.length >> 1;
    return accept(await accept(kept, group.slice(0, middle)), group.slice(middle));
  };
  const kept = await accept([], fixes.rules);
  const report = kept.length === 0 ? all : await proofOf(kept);
  return { report: { ...report, leftOut }, kept };
}
