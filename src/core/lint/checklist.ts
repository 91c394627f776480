import { oncePer } from '../model/index.ts';
import type { Point, Rule } from '../rules/define.ts';
import type { ChecklistPoint, Diagnostic, Outcome } from '../vocabulary/index.ts';
import { levelOf } from './levels.ts';
import type { Linted } from './lint.ts';
import type { Settings } from './types.ts';

/** The guide's seven points, as people read them. */
export const points: Readonly<Record<Point, string>> = {
  1: 'multi-stage build with a minimal final image',
  2: 'cache-friendly order and cache mounts',
  3: 'non-root user, COPY rather than ADD',
  4: 'no secrets in layers',
  5: 'exec-form start command and health check',
  6: 'labels, and a pinned base image',
  7: '.dockerignore prunes the build context',
};

const order: readonly Point[] = [1, 2, 3, 4, 5, 6, 7];

/** The rules of each point, and the point of each rule. */
interface ByPoint {
  readonly own: ReadonlyMap<Point, readonly Rule[]>;
  readonly of: ReadonlyMap<string, Point>;
}

const byPoint: (rules: readonly Rule[]) => ByPoint = oncePer((rules) => {
  const own = new Map<Point, Rule[]>(order.map((point) => [point, []]));
  const of = new Map<string, Point>();
  for (const rule of rules) {
    if (rule.point === undefined) continue;
    own.get(rule.point)?.push(rule);
    of.set(rule.id, rule.point);
  }
  return { own, of };
});

function offRule(rules: readonly Rule[], settings: Settings | undefined): Rule | undefined {
  if (settings === undefined) return undefined;
  return rules.find((rule) => rule.offByDefault === undefined && levelOf(rule, settings) === undefined);
}

/** Those of a list that belong to each point. */
function parted<T extends { readonly rule: string }>(all: readonly T[], of: ByPoint['of']): ReadonlyMap<Point, T[]> {
  const parts = new Map<Point, T[]>();
  for (const one of all) {
    const point = of.get(one.rule);
    if (point === undefined) continue;
    const part = parts.get(point);
    if (part === undefined) parts.set(point, [one]);
    else part.push(one);
  }
  return parts;
}

/**
 * Sums up a target from what became of the rules of each point: anything violated or ignored → not met; anything unknown or
 * switched off → unknown; anything held → met; else not applicable. Silence counts for nothing.
 */
export function checklist(rules: readonly Rule[], linted: Linted, settings?: Settings): ChecklistPoint[] {
  const { own, of } = byPoint(rules);
  const outcomes = parted(linted.outcomes, of);
  const diagnostics = parted(linted.diagnostics, of);
  return order.map((point) => ({
    point,
    title: points[point],
    ...verdict(telling(outcomes.get(point) ?? [], own.get(point) ?? []), offRule(own.get(point) ?? [], settings)),
    ...counts((diagnostics.get(point) ?? []).filter(({ ignored }) => ignored === undefined)),
  }));
}

/** Without those of rules that speak only against the point, and were kept. */
function telling(outcomes: readonly Outcome[], own: readonly Rule[]): readonly Outcome[] {
  const against = new Set(own.flatMap(({ id, onlyAgainst }) => (onlyAgainst ? [id] : [])));
  return outcomes.filter(({ rule, is }) => !against.has(rule) || (is !== 'held' && is !== 'not-applicable'));
}

function counts(diagnostics: readonly Diagnostic[]): Pick<ChecklistPoint, 'diagnostics' | 'fixable'> {
  const fixable = diagnostics.filter(({ fix }) => fix !== undefined && !('declined' in fix)).length;
  return { diagnostics: diagnostics.length, fixable };
}

function verdict(outcomes: readonly Outcome[], off: Rule | undefined): Pick<ChecklistPoint, 'is' | 'because'> {
  const violated = outcomes.filter((outcome) => outcome.is === 'violated');
  if (violated.length > 0) return { is: 'not-met', because: violated.map(({ rule }) => rule).join(', ') };
  for (const outcome of outcomes) {
    if (outcome.is === 'ignored')
      return { is: 'not-met', because: `${outcome.rule} is ignored${outcome.reason ? `: ${outcome.reason}` : ''}` };
  }
  for (const outcome of outcomes) if (outcome.is === 'unknown') return { is: 'unknown', because: outcome.because };
  if (off !== undefined) return { is: 'unknown', because: `${off.id} is off` };
  const held = outcomes.flatMap((outcome) => (outcome.is === 'held' ? outcome.evidence.map(({ says }) => says) : []));
  if (outcomes.some(({ is }) => is === 'held'))
    return { is: 'met', because: [...new Set(held)].slice(0, 2).join('; ') };
  const reasons = outcomes.flatMap((outcome) => (outcome.is === 'not-applicable' ? [outcome.because] : []));
  if (outcomes.length === 0) return { is: 'unknown', because: 'no rule of this point ran' };
  return { is: 'not-applicable', because: reasons[0] ?? '' };
}
