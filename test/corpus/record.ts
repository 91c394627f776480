/** Turns the claims that were judged into the evidence from which `npm run gen` derives what is safe. */
import type { CorpusEvidence } from '../evidence/evidence.ts';
import type { Tally } from './tally.ts';

/** Applications that BuildKit can build neither before nor after say nothing either way and are left out of `applied`. */
export function evidenceOf(tally: Tally, of: string, date: string): CorpusEvidence {
  const fixes = Object.entries(tally.fixes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { upheld, refuted, unclaimed, unjudged }]) => {
      const judged = { applied: upheld + refuted + unclaimed, upheld, refuted };
      return [id, unjudged > 0 ? { ...judged, unjudged } : judged] as const;
    });
  return { kind: 'corpus', of, date, fixes: Object.fromEntries(fixes) };
}
