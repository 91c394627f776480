import { unusedIgnoreId } from '../core/lint/ignores.ts';
import type { Settings } from '../core/lint/types.ts';
import type { Fixing } from '../core/reporters/index.ts';
import type { Rule } from '../core/rules/define.ts';
import type { Level } from '../core/vocabulary/index.ts';
import { findRule } from './find-rule.ts';
import type { Parsed, UsageError } from './parse.ts';

export interface CheckRun {
  readonly paths: readonly string[];
  readonly stdin: boolean;
  readonly stdinFilename: string | undefined;
  /** `true`: since the last commit. */
  readonly changed: string | true | undefined;
  readonly fixing: Fixing;
  readonly unsafe: boolean;
  readonly format: 'pretty' | 'line' | 'json';
  readonly failOn: Level | 'never';
  readonly settings: Settings | undefined;
  /** Some rules were left out by `--only`: a checklist would be mostly unknown. */
  readonly partial: boolean;
  readonly target: string | undefined;
  readonly context: string | undefined;
  readonly quiet: boolean;
  /** Threads; undefined: as many as are worth it. */
  readonly jobs: number | undefined;
  readonly colour: string | undefined;
}

/**
 * What the options of `check` mean together.
 * @param isPath tells `--changed REF` from `--changed PATH`
 */
export function checkRun(
  { values, operands }: Parsed,
  rules: readonly Rule[],
  isPath: (path: string) => boolean,
): CheckRun | UsageError {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const paths = [...operands];
  const changed = values.changed;
  const stdin = paths.includes('-');
  const problem = conflict(values, paths, stdin);
  if (problem) return problem;
  const settings = settingsOf(rules, text('only'), text('off'));
  if (settings && 'usage' in settings) return settings;
  const [first] = paths;
  const ref = changed === true && first !== undefined && !isPath(first) ? paths.shift() : changed;
  return {
    paths: paths.length > 0 ? paths : ['.'],
    stdin,
    stdinFilename: text('stdin-filename'),
    changed: ref,
    fixing: values.diff ? 'shown' : values.fix ? 'written' : 'no',
    unsafe: values['unsafe-fixes'] === true,
    format: (text('format') ?? 'pretty') as CheckRun['format'],
    failOn: (text('fail-on') ?? 'warning') as CheckRun['failOn'],
    settings,
    partial: values.only !== undefined,
    target: text('target'),
    context: text('context'),
    quiet: values.quiet === true,
    jobs: text('jobs') === undefined ? undefined : Number(text('jobs')),
    colour: text('color'),
  };
}

function conflict(values: Parsed['values'], paths: readonly string[], stdin: boolean): UsageError | undefined {
  if (values['unsafe-fixes'] && !values.fix && !values.diff) {
    return {
      usage: '--unsafe-fixes changes nothing by itself',
      help: 'add --fix to apply them, or --diff to look at them',
    };
  }
  if (values.diff && values.format !== undefined && values.format !== 'pretty') {
    return { usage: `--diff prints a patch, not ${values.format}`, help: 'leave --format out' };
  }
  if (typeof values.jobs === 'string' && !/^[1-9]\d{0,2}$/.test(values.jobs))
    return { usage: `--jobs cannot be ${values.jobs}`, help: 'a number of threads, from 1 to 999' };
  if (stdin && paths.length > 1) return { usage: '- stands for standard input and cannot be mixed with paths' };
  if (stdin && values.changed) return { usage: '--changed looks at files, not at standard input' };
  if (values['stdin-filename'] !== undefined && !stdin) {
    return { usage: '--stdin-filename names what comes on standard input', help: 'add - to read from there' };
  }
  return undefined;
}

function settingsOf(
  rules: readonly Rule[],
  only: string | undefined,
  off: string | undefined,
): Settings | undefined | UsageError {
  if (only === undefined && off === undefined) return undefined;
  const set: Record<string, 'off' | Level> = {};
  if (only !== undefined) {
    const ids = idsOf(rules, only);
    if ('usage' in ids) return ids;
    for (const { id, level } of rules) set[id] = ids.has(id) ? level : 'off';
    if (!ids.has(unusedIgnoreId)) set[unusedIgnoreId] = 'off';
  }
  if (off !== undefined) {
    const ids = idsOf(rules, off);
    if ('usage' in ids) return ids;
    for (const id of ids) set[id] = 'off';
  }
  return { rules: set };
}

function idsOf(rules: readonly Rule[], list: string): Set<string> | UsageError {
  const ids = new Set<string>();
  for (const name of list.split(',').map((part) => part.trim())) {
    if (name === '') continue;
    if (name === unusedIgnoreId) {
      ids.add(name);
      continue;
    }
    const rule = findRule(rules, name);
    if ('usage' in rule) return rule;
    ids.add(rule.id);
  }
  return ids;
}
