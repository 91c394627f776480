import type { Claim, FileChange, Path } from '../vocabulary/index.ts';
import type { Facts } from '../world/facts/index.ts';
import { isKnown } from './known.ts';

/** What the ignore file of a context is to say besides, as the change that a fix makes. */
export interface IgnoreChange {
  readonly title: string;
  readonly change: FileChange;
  readonly claims: readonly Claim[];
}

/**
 * What is left out of an image that took it all changes the image: the build goes on, and the container starts as before. No text
 * shows that.
 */
const claims: readonly Claim[] = [
  { kind: 'observed', probe: 'builds', expect: true },
  { kind: 'observed', probe: 'lives', expect: { as: 'before' } },
];

/** @returns why there is no such change, for people */
export function ignoreChange(
  facts: Facts,
  of: { readonly context: Path; readonly dockerfile: Path },
): IgnoreChange | string {
  const plan = facts.ask('ignore-plan', of);
  if (!isKnown(plan) || plan.value.is === 'not-asked')
    return 'what may be left out depends on the project: `check --fix --unsafe-fixes` or `layerwise context --write` look at it';
  if (plan.value.is === 'nothing') return 'nothing here may be left out for certain';
  const { file, before, after, patterns } = plan.value.proposal;
  const count = `${patterns.length} pattern${patterns.length === 1 ? '' : 's'}`;
  return before === null
    ? { title: `write ${file}: ${count}`, change: { file, create: after }, claims }
    : { title: `add ${count} to ${file}`, change: { file, before, after }, claims };
}
