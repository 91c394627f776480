import type { Rule } from '../rules/define.ts';
import { rules as registered } from '../rules/registry.gen.ts';
import type { FileReport } from '../vocabulary/index.ts';
import { checklist } from './checklist.ts';
import { mend } from './fix.ts';
import { type Linted, lint } from './lint.ts';
import { subjectOf } from './subject.ts';
import type { Check, CheckInput, CheckOptions, FixFile, FixOptions } from './types.ts';

export { points } from './checklist.ts';
export { type Application, type Mended, mend } from './fix.ts';
export { unusedIgnoreId } from './ignores.ts';
export { levelOf } from './levels.ts';
export { type Linted, lint } from './lint.ts';
export { subjectOf } from './subject.ts';
export type { Check, CheckInput, CheckOptions, FixFile, FixOptions, Settings } from './types.ts';

function reportOf(linted: Linted, rules: readonly Rule[], options: CheckOptions): FileReport {
  const { file, text } = linted.subject.input;
  const skipped = linted.outcomes.flatMap((outcome) => (outcome.is === 'unknown' ? [outcome.rule] : []));
  return {
    file,
    text,
    diagnostics: linted.diagnostics,
    checklist: checklist(rules, linted, options.settings),
    ...(linted.secrets && { secrets: linted.secrets }),
    wanted: linted.wanted,
    skipped,
  };
}

/** A checker over a set of rules; the package's `check` uses all of them. */
export function checkerOf(rules: readonly Rule[]): Check {
  return (input: CheckInput, options: CheckOptions = {}) =>
    reportOf(lint(rules, subjectOf(input), options), rules, options);
}

/** A fixer over a set of rules. */
export function fixerOf(rules: readonly Rule[]): FixFile {
  return (input: CheckInput, options: FixOptions = {}) => {
    const { linted, applied, banned } = mend(rules, input, options);
    return { ...reportOf(linted, rules, options), fixed: { before: input.text, applied, banned } };
  };
}

/** Diagnostics and checklist of one Dockerfile. Synchronous, pure, never throws on bad input. */
export const check: Check = checkerOf(registered);

/** The same after applying fixes: safe ones, or all of them with `unsafe`. The report's `text` is the fixed text. */
export const fixFile: FixFile = fixerOf(registered);
