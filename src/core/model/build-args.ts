import type { Step } from './types.ts';

const NAMES = /\$\{?(\w+)/g;

/**
 * Whether a word's value depends on a build argument, through other variables too: then it is what it seems to be only in a build
 * without that argument.
 * @param text as it is written
 */
export function dependsOnArgument(step: Step, text: string, seen = new Set<Step>()): boolean {
  for (const [, name = ''] of text.matchAll(NAMES)) {
    const source = step.before.variableStep(name);
    if (source === undefined || seen.has(source)) continue;
    seen.add(source);
    if (source.instruction.name === 'ARG') return true;
    const { args } = source.instruction;
    const pair = args.form === 'pairs' ? args.pairs.findLast(({ key }) => key.value === name) : undefined;
    if (pair?.value !== undefined && dependsOnArgument(source, pair.value.value, seen)) return true;
  }
  return false;
}
