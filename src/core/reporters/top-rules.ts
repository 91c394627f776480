import { rightColumn } from './checklist.ts';
import type { Paint } from './paint.ts';
import { counted, grouped, type Summary } from './summary.ts';

/** So many rules are named; a screen has room for them and the checklist. */
const most = 8;

/** Columns before a rule's id. */
const indent = 10;

/** Which rules a run over many files is about: where to begin. Empty when one rule says it all. */
export function topRules({ rules, levels }: Summary, paint: Paint): string {
  if (rules.length < 2) return '';
  const shown = rules.slice(0, most);
  const rest = rules.slice(most);
  const column = Math.max(rightColumn - indent, ...shown.map(({ rule }) => rule.length + 2));
  const lines = shown.map(({ rule, level, diagnostics, files, fixable }) => {
    const fixes = fixable === 0 ? '' : fixable === diagnostics ? ', all fixable' : `, ${fixable} fixable`;
    const left = `  ${paint[level](level.padEnd(7))} ${paint.rule(rule)}${' '.repeat(column - rule.length)}`;
    return `${left}${grouped(diagnostics)} in ${counted(files, 'file')}${fixes}`;
  });
  const others = rest.reduce((sum, { diagnostics }) => sum + diagnostics, 0);
  if (rest.length > 0)
    lines.push(paint.faint(`  ${counted(rest.length, 'more rule')}: ${counted(others, 'diagnostic')}`));
  const total = counted(levels.error + levels.warning + levels.info, 'diagnostic');
  return [`${paint.strong('Rules')}${' '.repeat(indent + column - 'Rules'.length)}${total}`, ...lines, ''].join('\n');
}
