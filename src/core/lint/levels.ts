import type { Rule } from '../rules/define.ts';
import type { Level } from '../vocabulary/index.ts';
import type { Settings } from './types.ts';

/** The level a project gives a rule; undefined: it is off. */
export function levelOf(rule: Rule, settings: Settings | undefined): Level | undefined {
  const set = settings?.rules[rule.id];
  if (set === 'off') return undefined;
  if (set !== undefined) return set;
  return rule.offByDefault === undefined ? rule.level : undefined;
}
