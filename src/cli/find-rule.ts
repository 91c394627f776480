import type { Rule } from '../core/rules/define.ts';
import { nearest } from './nearest.ts';
import type { UsageError } from './parse.ts';

/** A rule by its id, or by what another tool calls it: `hadolint/DL3009`, `DL3009`, `StageNameCasing`. */
export function findRule(rules: readonly Rule[], name: string): Rule | UsageError {
  const lower = name.toLowerCase();
  const called = (alias: string) => alias.toLowerCase() === lower || alias.toLowerCase().endsWith(`/${lower}`);
  const found = rules.find(({ id }) => id === lower) ?? rules.find(({ aliases }) => aliases.some(called));
  if (found) return found;
  // Their numbers say nothing about what they are about, so that none is near another.
  const foreign = /^(?:hadolint\/)?(DL|SC)\d{4}$/i.exec(name)?.[1];
  if (foreign !== undefined)
    return {
      usage: `no rule does what ${foreign.toUpperCase() === 'SC' ? 'ShellCheck' : 'hadolint'}'s ${name.replace(/^hadolint\//i, '').toUpperCase()} does`,
      help: 'layerwise rules lists what there is, with the names that other tools use',
    };
  const names = rules.flatMap(({ id, aliases }) => [
    id,
    ...aliases.map((alias) => alias.slice(alias.indexOf('/') + 1)),
  ]);
  const near = nearest(name, names);
  return {
    usage: `no rule is called ${name}`,
    help: near === undefined ? 'layerwise rules lists them' : `did you mean ${near}?`,
  };
}
