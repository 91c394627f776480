import type { Rule } from '../rules/define.ts';
import { rules as registered } from '../rules/registry.gen.ts';
import type { FileReport } from '../vocabulary/index.ts';
import { checklist } from './checklist.ts';
import { mend } from './fix.ts';
import { assertInput } from './input.ts';
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
  const { otherTargets } = linted.subject.build;
  const skipped = linted.outcomes.flatMap((outcome) => (outcome.is === 'unknown' ? [outcome.rule] : []));
  return {
    file,
    text,
    diagnostics: linted.diagnostics,
    checklist: checklist(rules, linted, options.settings),
    ...(linted.secrets && { secrets: linted.secrets }),
    wanted: linted.wanted,
    skipped,
    ...(otherTargets && { otherTargets }),
  };
}

/** No engine builds so many: an image has at most 127 layers. Longer files come from a generator that ran away. */
const mostInstructions = 25_000;

/** The report of a file that no rule is asked about. */
function tooLong(input: CheckInput): FileReport | undefined {
  const { instructions } = subjectOf(input).build.dockerfile;
  if (instructions.length <= mostInstructions) return undefined;
  const { file, text } = input;
  const too = { found: instructions.length, most: mostInstructions };
  return { file, text, diagnostics: [], checklist: [], wanted: [], skipped: [], tooManyInstructions: too };
}

/** A checker over a set of rules; the package's `check` uses all of them. */
export function checkerOf(rules: readonly Rule[]): Check {
  return (input: CheckInput, options: CheckOptions = {}) =>
    tooLong(input) ?? reportOf(lint(rules, subjectOf(input), options), rules, options);
}

/** A fixer over a set of rules. */
export function fixerOf(rules: readonly Rule[]): FixFile {
  return (input: CheckInput, options: FixOptions = {}) => {
    const unchecked = tooLong(input);
    if (unchecked !== undefined) return { ...unchecked, fixed: { before: input.text, applied: [], banned: [] } };
    const { linted, others, applied, banned } = mend(rules, input, options);
    const fixed = { before: input.text, ...(others.length > 0 && { others }), applied, banned };
    return { ...reportOf(linted, rules, options), fixed };
  };
}

const checkInput = checkerOf(registered);
const fixInput = fixerOf(registered);

/**
 * Diagnostics and checklist of one Dockerfile. Synchronous and pure; no text is so bad that it throws.
 * @throws TypeError when the input has no `text` or no `file`
 */
export const check: Check = (input, options) => {
  assertInput('check', input);
  return checkInput(input, options);
};

/**
 * The same after applying fixes: safe ones, or all of them with `unsafe`. The report's `text` is the fixed text.
 * @throws TypeError when the input has no `text` or no `file`
 */
export const fixFile: FixFile = (input, options) => {
  assertInput('fix', input);
  return fixInput(input, options);
};
