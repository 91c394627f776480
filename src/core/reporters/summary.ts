import type { ChecklistPoint, Diagnostic, Failure, FileReport, Level, Unknown } from '../vocabulary/index.ts';

export interface PointCount {
  readonly point: ChecklistPoint['point'];
  readonly title: string;
  readonly met: number;
  readonly notMet: number;
  readonly notApplicable: number;
  readonly unknown: number;
}

export interface RuleCount {
  readonly rule: string;
  /** The highest that one of its diagnostics has. */
  readonly level: Level;
  readonly diagnostics: number;
  readonly files: number;
  /** Diagnostics with a safe fix. */
  readonly fixable: number;
}

/** What a run came to. Its size depends on the number of rules, never on the number of files. */
export interface Summary {
  /** Files that have a report. */
  readonly files: number;
  readonly levels: Readonly<Record<Level, number>>;
  /** Diagnostics that an ignore comment silences; not in `levels`. */
  readonly ignored: number;
  /** Diagnostics in `levels` that have a fix. */
  readonly fixable: { readonly safe: number; readonly unsafe: number };
  /** Changes that were applied, or would be. */
  readonly fixed: { readonly changes: number; readonly files: number; readonly banned: number };
  readonly points: readonly PointCount[];
  /** Rules with diagnostics, the gravest and most frequent first. */
  readonly rules: readonly RuleCount[];
  /** Rules that could not answer for some file, and what they lacked. */
  readonly skipped: readonly string[];
  readonly missing: readonly Unknown[];
  readonly failures: Readonly<Record<Failure['is'], number>>;
}

export interface Tally {
  add(report: FileReport): void;
  /** Adds what another tally came to. */
  merge(summary: Summary): void;
  fail(failure: Failure): void;
  summary(): Summary;
}

const weight: Readonly<Record<Level, number>> = { error: 2, warning: 1, info: 0 };

/** Adds up reports as they come. */
export function tally(): Tally {
  let files = 0;
  let ignored = 0;
  const levels = { error: 0, warning: 0, info: 0 };
  const fixable = { safe: 0, unsafe: 0 };
  const fixed = { changes: 0, files: 0, banned: 0 };
  const points = new Map<number, { -readonly [K in keyof PointCount]: PointCount[K] }>();
  const skipped = new Set<string>();
  const missing = new Map<string, Unknown>();
  const failures = { failed: 0, skipped: 0, bug: 0 };

  const rules = new Map<string, { -readonly [K in keyof RuleCount]: RuleCount[K] } & { last: number }>();

  function addRule({ rule, level, fix }: Diagnostic) {
    const count = rules.get(rule) ?? { rule, level, diagnostics: 0, files: 0, fixable: 0, last: 0 };
    rules.set(rule, count);
    count.diagnostics += 1;
    if (weight[level] > weight[count.level]) count.level = level;
    if (fix && 'safety' in fix && fix.safety === 'safe') count.fixable += 1;
    if (count.last !== files) count.files += 1;
    count.last = files;
  }

  function mergeRule(one: RuleCount) {
    const count = rules.get(one.rule);
    if (count === undefined) rules.set(one.rule, { ...one, last: 0 });
    else {
      addCounts(count, { ...one, last: 0 });
      if (weight[one.level] > weight[count.level]) count.level = one.level;
    }
  }

  function addPoint({ point, title, is }: ChecklistPoint) {
    const count = points.get(point) ?? { point, title, met: 0, notMet: 0, notApplicable: 0, unknown: 0 };
    points.set(point, count);
    if (is === 'met') count.met += 1;
    else if (is === 'not-met') count.notMet += 1;
    else if (is === 'unknown') count.unknown += 1;
    else count.notApplicable += 1;
  }

  return {
    add(report) {
      files += 1;
      for (const diagnostic of report.diagnostics) {
        if (diagnostic.ignored) {
          ignored += 1;
          continue;
        }
        levels[diagnostic.level] += 1;
        addRule(diagnostic);
        if (diagnostic.fix && 'safety' in diagnostic.fix) fixable[diagnostic.fix.safety] += 1;
      }
      for (const point of report.checklist) addPoint(point);
      for (const rule of report.skipped) skipped.add(rule);
      for (const fact of report.missing ?? []) missing.set(`${fact.flag} ${fact.unknown}`, fact);
      if (report.fixed) {
        fixed.changes += report.fixed.applied.length;
        fixed.banned += report.fixed.banned.length;
        if (report.fixed.applied.length > 0) fixed.files += 1;
      }
    },
    fail(failure) {
      failures[failure.is] += 1;
    },
    merge(other) {
      files += other.files;
      ignored += other.ignored;
      addCounts(levels, other.levels);
      addCounts(fixable, other.fixable);
      addCounts(fixed, other.fixed);
      addCounts(failures, other.failures);
      for (const point of other.points) {
        const count = points.get(point.point);
        if (count === undefined) points.set(point.point, { ...point });
        else addCounts(count, { ...point, point: 0 });
      }
      for (const one of other.rules) mergeRule(one);
      for (const rule of other.skipped) skipped.add(rule);
      for (const fact of other.missing) missing.set(`${fact.flag} ${fact.unknown}`, fact);
    },
    summary: () => ({
      files,
      levels,
      ignored,
      fixable,
      fixed,
      rules: [...rules.values()]
        .map(({ last: _, ...count }) => count)
        .sort(
          (a, b) => weight[b.level] - weight[a.level] || b.diagnostics - a.diagnostics || (a.rule < b.rule ? -1 : 1),
        ),
      points: [...points.values()].sort((a, b) => a.point - b.point),
      skipped: [...skipped].sort(),
      missing: [...missing.values()],
      failures,
    }),
  };
}

type Counts = Record<string, number | string>;

/** Adds the numbers of one record to those of another of the same shape. */
function addCounts<T extends object>(to: T, from: T): void {
  for (const [name, count] of Object.entries(from)) {
    const sum = to as unknown as Counts;
    const before = sum[name];
    if (typeof count === 'number' && typeof before === 'number') sum[name] = before + count;
  }
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `12,345`. Intl would cost milliseconds of start-up. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** What became of the fixes of a run: none were made, they were written, or they are shown as a diff. */
export type Fixing = 'no' | 'written' | 'shown';

/** The last line: files, levels, what can be fixed, and what was not checked. */
export function lastLine(summary: Summary, fixing: Fixing): string {
  const sentences = [
    `${counted(summary.files, 'file')}: ${[...fixedPart(summary, fixing), ...levelsPart(summary, fixing)].join(', ')}`,
  ];
  if (summary.skipped.length > 0) sentences.push(skippedPart(summary));
  const { failed, skipped, bug } = summary.failures;
  if (failed + bug > 0) sentences.push(`${counted(failed + bug, 'file')} could not be checked`);
  if (skipped > 0) sentences.push(`${counted(skipped, 'file')} left out`);
  return `${sentences.join('. ')}.`;
}

function fixedPart({ fixed }: Summary, fixing: Fixing): string[] {
  if (fixing === 'no') return [];
  const where = fixed.files > 1 ? ` in ${counted(fixed.files, 'file')}` : '';
  return [`${grouped(fixed.changes)} ${fixing === 'written' ? 'fixed' : 'would be fixed'}${where}`];
}

function levelsPart(summary: Summary, fixing: Fixing): string[] {
  const { levels, fixable, ignored } = summary;
  const total = levels.error + levels.warning + levels.info;
  const parts: string[] = [];
  for (const level of ['error', 'warning', 'info'] as const) {
    if (levels[level] > 0) parts.push(counted(levels[level], level));
  }
  if (total === 0) parts.push('no diagnostics');
  else if (fixing !== 'no') parts.push(`${parts.pop()} left`);
  if (fixable.safe > 0) {
    const share = fixable.safe < total ? `${grouped(fixable.safe)} fixable` : total > 1 ? 'all fixable' : 'fixable';
    parts.push(`${share} with --fix`);
  }
  if (fixable.unsafe > 0) {
    const more = fixable.safe > 0 ? 'more' : 'fixable';
    parts.push(`${grouped(fixable.unsafe)} ${more} with --fix --unsafe-fixes`);
  }
  if (ignored > 0) parts.push(`${grouped(ignored)} ignored`);
  if (total === 0 && isPerfect(summary)) parts.push('checklist 7/7');
  return parts;
}

function skippedPart({ skipped, missing }: Summary): string {
  const flags = [...new Set(missing.flatMap(({ flag }) => flag ?? []))];
  const one = skipped.length === 1;
  const rules = `${counted(skipped.length, 'rule')} skipped`;
  if (flags.length > 0) return `${rules}: ${one ? 'it needs' : 'they need'} ${flags.join(', ')}`;
  const reasons = [...new Set(missing.map(({ unknown }) => unknown))];
  if (reasons.length === 1) return `${rules}: ${reasons[0]}`;
  // One more name is no longer than saying that there is one more.
  const named = skipped.length > 4 ? skipped.slice(0, 3) : skipped;
  const rest = skipped.length - named.length;
  return `${rules} for want of facts: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Every point is met or not applicable in every file. */
export function isPerfect({ points }: Pick<Summary, 'points'>): boolean {
  return points.length === 7 && points.every(({ notMet, unknown }) => notMet + unknown === 0);
}
