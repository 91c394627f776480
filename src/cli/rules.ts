import type { Rule } from '../core/rules/define.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import type { Io } from './io.ts';
import type { Parsed } from './parse.ts';

/** `layerwise rules`. */
export function listRules({ values, operands }: Parsed, io: Io, all: readonly Rule[]): ExitStatus {
  if (operands.length > 0) {
    return usageError(io, 'rules', { usage: 'rules takes no arguments', help: 'layerwise explain RULE prints one' });
  }
  io.out.write(values.format === 'json' ? asJson(all) : asTable(all));
  return exit.clean;
}

const levelOf = ({ level, offByDefault }: Rule) => (offByDefault === undefined ? level : 'off');
const practiceNumber = (practice: string) => (practice.startsWith('X') ? 1000 : 0) + Number(practice.slice(1));

function asTable(all: readonly Rule[]): string {
  const rows = [...all].sort(
    (a, b) => practiceNumber(a.practice) - practiceNumber(b.practice) || (a.id < b.id ? -1 : 1),
  );
  const longest = Math.max(0, ...rows.map(({ id }) => id.length));
  return rows
    .map(
      (rule) => `${rule.practice.padEnd(4)} ${rule.id.padEnd(longest)}  ${levelOf(rule).padEnd(7)}  ${rule.summary}\n`,
    )
    .join('');
}

function asJson(all: readonly Rule[]): string {
  const entries = all.map(({ id, practice, point, level, summary, aliases, offByDefault }) => ({
    id,
    practice,
    ...(point === undefined ? {} : { point }),
    level,
    ...(offByDefault === undefined ? {} : { offByDefault }),
    summary,
    aliases,
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}
