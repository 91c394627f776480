import { safeFixes } from '../rules/safety.gen.ts';
import type { Change, Fix } from '../vocabulary/index.ts';
import type { Subject } from './subject.ts';

/**
 * A change as it is offered: with the label that recorded evidence has earned it, or why it is not made in this file.
 * @param rule id of the rule whose finding it mends
 * @param reveals it may bring to light what other rules find, and was there before
 */
export function offer(rule: string, change: Change, subject: Subject, reveals: boolean): Fix | { declined: string } {
  if (subject.input.utf8 === false) return { declined: 'the file is not valid UTF-8: it is checked, not changed' };
  const repairs = change.claims.some(({ kind }) => kind === 'repairs');
  if (subject.build.dockerfile.errors.length > 0 && !repairs)
    return { declined: 'the file does not parse: mend that first' };
  const safety = safeFixes.has(`${rule}/${change.variant}`) ? 'safe' : 'unsafe';
  return { ...change, safety, reveals };
}
