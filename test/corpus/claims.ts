/** Is what a fix claims about the build true? The oracle is asked about the texts just before and just after it. */
import type { Claim } from '../../src/core/vocabulary/index.ts';
import type { CompareAnswer, InstructionsAnswer, LintAnswer } from '../oracle/client.ts';
import type { Verdict } from './result.ts';

/** What the judges ask of the oracle. */
export interface Asks {
  compare(before: string, after: string): Promise<CompareAnswer>;
  instructions(text: string): Promise<InstructionsAnswer>;
  /** Whether BuildKit's converter takes the file, every stage of it. */
  converts(text: string): Promise<Pick<LintAnswer, 'ok' | 'error' | 'lines'>>;
  /** Labels of the stages that BuildKit's converter refuses, from one base or another. */
  brokenStages(text: string): Promise<ReadonlySet<string>>;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Why it is refuted. */
  readonly because?: string;
}

const refuted = (because: string): Judgement => ({ verdict: 'refuted', because });

/**
 * BuildKit stops at the first error: where that stands in a line left alone, or it does not tell its line, it says nothing
 * of a repair further on.
 */
function hidesOthers(error: string, before: string, after: string): boolean {
  const line = Number(/on line (\d+)/.exec(error)?.[1] ?? 0);
  return line === 0 || before.split('\n')[line - 1] === after.split('\n')[line - 1];
}

async function judgeRepair(before: string, after: string, oracle: Asks): Promise<Judgement> {
  const [was, is] = [await oracle.instructions(before), await oracle.instructions(after)];
  if (was.ok) return judgeLateRepair(before, after, oracle);
  if (!is.ok && is.error !== undefined && is.error === was.error)
    return hidesOthers(is.error, before, after) ? { verdict: 'unjudged' } : refuted(`BuildKit still says: ${is.error}`);
  return { verdict: 'upheld' };
}

/** The parsers took the file, and the converter did not. */
async function judgeLateRepair(before: string, after: string, oracle: Asks): Promise<Judgement> {
  const [was, is] = [await oracle.converts(before), await oracle.converts(after)];
  if (was.ok) return refuted('BuildKit accepts the file as it was');
  const [line, now] = [was, is].map(({ lines }) => lines?.[0]?.[0] ?? 0);
  if (is.ok || is.error !== was.error || now !== line) return { verdict: 'upheld' };
  const hidden = line === undefined || before.split('\n')[line - 1] === after.split('\n')[line - 1];
  return hidden ? { verdict: 'unjudged' } : refuted(`BuildKit still says: ${is.error}`);
}

/** All that differs is the error with which stages fail that failed before: there is no build that could be the same. */
async function wereBroken(differs: readonly string[], before: string, oracle: Asks): Promise<boolean> {
  if (!differs.every((name) => name.endsWith('/error'))) return false;
  const broken = await oracle.brokenStages(before);
  return differs.every((name) => broken.has(name.slice(0, -'/error'.length)));
}

/** Judges the one build claim of a change; other claims are the lab's. */
export async function judgeClaims(
  claims: readonly Claim[],
  before: string,
  after: string,
  oracle: Asks,
): Promise<Judgement> {
  const [claim, second] = claims.filter(({ kind }) => kind !== 'observed');
  if (claim === undefined) return { verdict: 'unclaimed' };
  if (second !== undefined) return refuted('it makes more than one claim about the build');
  if (claim.kind === 'repairs') return judgeRepair(before, after, oracle);
  const { same, differs, error } = await oracle.compare(before, after);
  if (error !== undefined)
    return error.startsWith('after:') ? refuted(`BuildKit says of the fixed text: ${error}`) : { verdict: 'unjudged' };
  if (same) return { verdict: 'upheld' };
  const claimed = claim.kind === 'same-build-but' ? new Set(claim.differs) : new Set<string>();
  const more = differs.filter((name) => !claimed.has(name));
  if (more.length === 0) return { verdict: 'upheld' };
  if (await wereBroken(more, before, oracle)) return { verdict: 'unjudged' };
  const said = claim.kind === 'same-build' ? 'the same build' : `only ${[...claimed].join(', ')}`;
  return refuted(`claimed ${said}; also different: ${more.join(', ')}`);
}
