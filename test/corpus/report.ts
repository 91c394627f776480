/** How the corpus's figures are told. */
import { rules } from '../../src/core/rules/registry.gen.ts';
import { type Fault, faults } from './result.ts';
import { median, type RuleTally, type Tally, unknownRate } from './tally.ts';

/** What was measured beside the tally. */
export interface Run {
  readonly of: string;
  readonly date: string;
  readonly seconds: number;
  readonly jobs: number;
  /** Of the worker processes, the oracle's not included. */
  readonly peakMegabytes: number;
  readonly mainMegabytes: number;
  readonly checksPerSecond: number | undefined;
  readonly slowest: readonly { readonly path: string; readonly ms: number; readonly alone: number }[];
}

const percent = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);

function top(counts: Readonly<Record<string, number>>, kept: number): string {
  const sorted = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  return sorted
    .slice(0, kept)
    .map(([what, count]) => `${count} × ${what}`)
    .join('; ');
}

function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => String(cells[column]).length)));
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i] ?? 0) : String(cell).padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

const indented = (text: string) => text.replace(/^/gm, '      ');

function faultLines(tally: Tally, fault: Fault): string {
  const { count, of } = tally.faults[fault];
  if (count === 0) return '';
  const kinds = Object.entries(of).sort((a, b) => b[1].count - a[1].count);
  const parts = kinds.map(([what, one]) => {
    const samples = one.samples.map(({ path, detail }) => `    ${path}\n${indented(detail)}\n`);
    return `  ${what}: ${one.count}\n${samples.join('')}`;
  });
  return `${fault}: ${count}\n${parts.join('')}`;
}

/** Diagnostics of rules whose fix needs text alone, and how many of them safe fixes mended. */
export function mendedOfClassS(tally: Tally): { readonly diagnostics: number; readonly mended: number } {
  const own = rules.filter(({ fixClass }) => fixClass === 'S').flatMap(({ id }) => tally.rules[id] ?? []);
  const sum = (field: 'diagnostics' | 'mended') => own.reduce((total, rule) => total + rule[field], 0);
  return { diagnostics: sum('diagnostics'), mended: sum('mended') };
}

function ruleRow(id: string, rule: RuleTally): (string | number)[] {
  const declined = Object.values(rule.declined).reduce((a, b) => a + b, 0);
  const unknown = rule.outcomes.unknown ?? 0;
  const { files, diagnostics, offeredSafe, offeredUnsafe, mended } = rule;
  const rate = `${(100 * unknownRate(rule.onKnownBase)).toFixed(1)} %`;
  const wanting = rule.outcomes['wants-facts'] ?? 0;
  return [id, files, diagnostics, offeredSafe, offeredUnsafe, declined, mended, wanting, unknown, rate];
}

function ruleTables(tally: Tally): string {
  const ids = Object.keys(tally.rules).sort();
  const offered = ['safe', 'unsafe', 'declined', 'mended'];
  const head = ['rule', 'files', 'diagnostics', ...offered, 'wants facts', 'unknown', 'on known base'];
  const reasons = ids.flatMap((id) => {
    const { declined, unknownBecause } = tally.rules[id] as RuleTally;
    const lines = [];
    if (Object.keys(declined).length > 0) lines.push(`  ${id} declined: ${top(declined, 5)}\n`);
    if (Object.keys(unknownBecause).length > 0) lines.push(`  ${id} unknown: ${top(unknownBecause, 3)}\n`);
    return lines;
  });
  return `${table([head, ...ids.map((id) => ruleRow(id, tally.rules[id] as RuleTally))])}\n${reasons.join('')}`;
}

function fixTable(tally: Tally): string {
  const rows = Object.entries(tally.fixes).sort(([a], [b]) => (a < b ? -1 : 1));
  const cells = rows.map(([id, { upheld, refuted, unjudged, unclaimed, safe }]) => {
    return [id, safe > 0 ? 'safe' : 'unsafe', upheld + refuted, upheld, refuted, unjudged, unclaimed];
  });
  return table([['fix', 'label', 'judged', 'upheld', 'refuted', 'unjudged', 'no build claim'], ...cells]);
}

/** Everything, as text for a terminal. */
export function report(tally: Tally, run: Run): string {
  const { files, accepted, knownBase, touched, leastTouched } = tally;
  const changed = median(touched);
  const least = median(leastTouched);
  const ofAll = median([...touched, ...Array.from({ length: files - touched.length }, () => 0)]);
  const classS = mendedOfClassS(tally);
  const lines = [
    `${run.of}: ${files} different files, ${(tally.bytes / 1e6).toFixed(1)} MB, ${run.date}`,
    `accepted by BuildKit's parsers: ${accepted} (${percent(accepted, files)}), by ours: ${tally.parsed}; BuildKit crashes on ${tally.panicked}`,
    `base in the table: ${knownBase} (${percent(knownBase, files)})`,
    `judged in ${run.seconds.toFixed(0)} s by ${run.jobs} workers; peak memory ${run.peakMegabytes.toFixed(0)} MB a worker, ${run.mainMegabytes.toFixed(0)} MB here`,
    ...(run.checksPerSecond === undefined
      ? []
      : [`check alone, one thread: ${run.checksPerSecond.toFixed(0)} files a second`]),
    `safe fixes changed ${touched.length} files; lines touched, median: ${changed === undefined ? '–' : percent(changed, 1)} of a changed file (${least === undefined ? '–' : percent(least, 1)} with one line a fix), ${percent(ofAll ?? 0, 1)} of any`,
    `class S: safe fixes mend ${classS.mended} of ${classS.diagnostics} diagnostics (${percent(classS.mended, classS.diagnostics)})`,
    `slowest, CPU ms (alone): ${run.slowest.map(({ path, ms, alone }) => `\n  ${ms.toFixed(0)} (${alone.toFixed(0)}) ${path}`).join('')}`,
  ];
  const found = faults.map((fault) => faultLines(tally, fault)).join('');
  return `${lines.join('\n')}\n\n${ruleTables(tally)}\n${fixTable(tally)}\n${found === '' ? 'no faults\n' : found}`;
}

/** One line for each kind of fault that fails the run. */
export function verdicts(tally: Tally, expectClean: boolean): string[] {
  const tolerated: readonly Fault[] = expectClean ? [] : ['ban', 'refuted-unsafe'];
  return faults
    .filter((fault) => tally.faults[fault].count > 0 && !tolerated.includes(fault))
    .map((fault) => `${fault}: ${tally.faults[fault].count}`);
}
