/** Recorded evidence for fixes, and what follows from it. Authors write claims; this decides what may be called safe. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule, RuleDocs } from '../../src/core/rules/define.ts';

/** Applications of one variant on a corpus, judged by the oracle. */
export interface CorpusEvidence {
  readonly kind: 'corpus';
  /** What was run over: repository and commit, or list of packages. */
  readonly of: string;
  readonly date: string;
  readonly fixes: Readonly<Record<string, JudgedApplications>>;
}

export interface JudgedApplications {
  /** Judged ones: upheld, refuted, and those that claim nothing about the build. */
  readonly applied: number;
  readonly upheld: number;
  readonly refuted: number;
  /** BuildKit could build neither text, for the same reason: no evidence either way. */
  readonly unjudged?: number;
}

/** `observed` claims of a variant's examples, judged on a real engine. */
export interface LabEvidence {
  readonly kind: 'lab';
  readonly engine: string;
  readonly date: string;
  readonly fixes: Readonly<
    Record<
      string,
      { readonly examples: number; readonly upheld: number; readonly refuted: number; readonly counterExamples: number }
    >
  >;
}

export type Evidence = CorpusEvidence | LabEvidence;

/** Fewer applications than this are no evidence. */
const fewestApplications = 30;

export function readEvidence(folder: string): Evidence[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Evidence);
}

/** Variants whose proposals in the examples carry an `observed` claim need the lab as well. */
export interface VariantClaims {
  readonly rule: Pick<Rule, 'id' | 'fixClass'>;
  readonly docs: Pick<RuleDocs, 'observed' | 'unconditional' | 'unseen'> & {
    readonly examples: readonly Pick<RuleDocs['examples'][number], 'good' | 'variant'>[];
  };
}

/**
 * The fixes that may be called safe, as `rule/variant`, sorted. A variant is safe when its rule's class leaves the decision
 * to text (S, or F with facts from files), the oracle upheld its build claim on every application in every corpus and on at
 * least 30, and nothing refuted it in the lab; a changed RUN also needs the lab's observation, with counter-examples.
 */
export function safeVariants(rules: readonly VariantClaims[], evidence: readonly Evidence[]): string[] {
  const safe: string[] = [];
  for (const { rule, docs } of rules) {
    if (!['S', 'F', 'R', 'S+R', 'S+B'].includes(rule.fixClass)) continue;
    const variants = new Set(
      docs.examples.flatMap(({ good, variant }) => (good === undefined ? [] : [variant ?? 'default'])),
    );
    for (const variant of variants) {
      if (docs.unseen?.includes(variant)) continue;
      const observed = docs.observed?.includes(variant) ?? false;
      // S+B is as S only where the tool alone decides what happens, which the lab can then show.
      if (rule.fixClass === 'S+B' && !observed) continue;
      const conditional = !docs.unconditional?.includes(variant);
      if (isSafe(`${rule.id}/${variant}`, observed, conditional, evidence)) safe.push(`${rule.id}/${variant}`);
    }
  }
  return safe.sort();
}

function isSafe(id: string, observed: boolean, conditional: boolean, evidence: readonly Evidence[]): boolean {
  let applied = 0;
  let seenInLab = false;
  for (const record of evidence) {
    const fix = record.fixes[id];
    if (fix === undefined) continue;
    if (fix.refuted > 0) return false;
    if (record.kind === 'corpus') {
      const own = record.fixes[id];
      if (own === undefined || own.upheld !== own.applied) return false;
      applied += own.applied;
    } else if (fix.upheld > 0) {
      const own = record.fixes[id];
      seenInLab = own !== undefined && own.upheld === own.examples && (!conditional || own.counterExamples > 0);
    }
  }
  return applied >= fewestApplications && (!observed || seenInLab);
}
