/** Sums what the judges said of each file, in memory that does not grow with the corpus. */
import { type Cpu, type Failing, type Fault, type FileResult, faults, type Verdict } from './result.ts';

const samplesKept = 5;
const reasonsKept = 50;

export interface Sample {
  readonly path: string;
  readonly detail: string;
}

export interface FaultTally {
  count: number;
  /** By what it is of: a command, or a rule with its variant. */
  readonly of: Record<string, { count: number; readonly samples: Sample[] }>;
}

export interface RuleTally {
  /** Files on which it fires. */
  files: number;
  diagnostics: number;
  offeredSafe: number;
  offeredUnsafe: number;
  mended: number;
  readonly declined: Record<string, number>;
  readonly outcomes: Record<string, number>;
  /** Outcomes on files whose base is in the table. */
  readonly onKnownBase: Record<string, number>;
  readonly unknownBecause: Record<string, number>;
}

export interface FixTally extends Record<Verdict, number> {
  safe: number;
}

export interface Slow {
  readonly path: string;
  readonly bytes: number;
  readonly command: keyof Cpu;
  readonly ms: number;
}

export interface Tally {
  files: number;
  bytes: number;
  accepted: number;
  panicked: number;
  parsed: number;
  knownBase: number;
  readonly faults: Record<Fault, FaultTally>;
  readonly rules: Record<string, RuleTally>;
  readonly fixes: Record<string, FixTally>;
  /** Parts of lines touched, one for each file that safe fixes changed. */
  readonly touched: number[];
  /** The least that the same fixes could touch: a line each. */
  readonly leastTouched: number[];
  slowest: Slow[];
}

export function emptyTally(): Tally {
  return {
    files: 0,
    bytes: 0,
    accepted: 0,
    panicked: 0,
    parsed: 0,
    knownBase: 0,
    faults: Object.fromEntries(faults.map((fault) => [fault, { count: 0, of: {} }])) as Tally['faults'],
    rules: {},
    fixes: {},
    touched: [],
    leastTouched: [],
    slowest: [],
  };
}

function emptyRule(): RuleTally {
  const counts = { files: 0, diagnostics: 0, offeredSafe: 0, offeredUnsafe: 0, mended: 0 };
  return { ...counts, declined: {}, outcomes: {}, onKnownBase: {}, unknownBecause: {} };
}

function add(counts: Record<string, number>, key: string, limit = Number.POSITIVE_INFINITY): void {
  const known = key in counts || Object.keys(counts).length < limit ? key : 'other';
  counts[known] = (counts[known] ?? 0) + 1;
}

export function addFault(tally: Tally, path: string, { fault, of, detail }: Failing): void {
  const total = tally.faults[fault];
  total.count += 1;
  const own = total.of[of] ?? { count: 0, samples: [] };
  total.of[of] = own;
  own.count += 1;
  if (own.samples.length < samplesKept) own.samples.push({ path, detail: detail.slice(0, 2000) });
}

const slowKept = 200;

function addCpu(tally: Tally, { path, bytes, cpu }: FileResult): void {
  const [command, ms] = (Object.entries(cpu) as [keyof Cpu, number][]).reduce((a, b) => (b[1] > a[1] ? b : a));
  tally.slowest.push({ path, bytes, command, ms });
  if (tally.slowest.length >= 2 * slowKept) trimSlowest(tally);
}

/** Slowest first. */
export function trimSlowest(tally: Tally): void {
  tally.slowest = tally.slowest.sort((a, b) => b.ms - a.ms).slice(0, slowKept);
}

export function addResult(tally: Tally, result: FileResult): void {
  tally.files += 1;
  tally.bytes += result.bytes;
  tally.accepted += Number(result.accepted);
  tally.panicked += Number(result.panicked);
  tally.parsed += Number(result.parsed);
  tally.knownBase += Number(result.knownBase);
  if (result.touched !== undefined) tally.touched.push(result.touched);
  if (result.leastTouched !== undefined) tally.leastTouched.push(result.leastTouched);
  for (const failing of result.failing) addFault(tally, result.path, failing);
  for (const one of result.rules) {
    const rule = tally.rules[one.rule] ?? emptyRule();
    tally.rules[one.rule] = rule;
    rule.files += Number(one.diagnostics > 0);
    rule.diagnostics += one.diagnostics;
    rule.offeredSafe += one.offeredSafe;
    rule.offeredUnsafe += one.offeredUnsafe;
    rule.mended += one.mended;
    for (const reason of one.declined) add(rule.declined, reason.replace(/\d+/g, 'N'), reasonsKept);
    // The corpus holds Dockerfiles without their projects: what a rule asks of the project is not its ignorance.
    const outcome = one.wantsFacts === true ? 'wants-facts' : one.outcome;
    add(rule.outcomes, outcome);
    if (result.knownBase) add(rule.onKnownBase, outcome);
    if (one.because !== undefined) add(rule.unknownBecause, one.because, reasonsKept);
  }
  for (const { id, safety, verdict } of result.fixes) {
    const fix = tally.fixes[id] ?? { upheld: 0, refuted: 0, unjudged: 0, unclaimed: 0, safe: 0 };
    tally.fixes[id] = fix;
    fix[verdict] += 1;
    fix.safe += Number(safety === 'safe');
  }
  addCpu(tally, result);
}

/** The middle value; of an even count the lower one. Undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** Part of the files a rule speaks of, those apart that only the project could tell about, on which it could not answer. */
export function unknownRate(outcomes: Readonly<Record<string, number>>): number {
  const apart = ['not-applicable', 'wants-facts'];
  const spoken = Object.entries(outcomes).reduce((sum, [is, count]) => sum + (apart.includes(is) ? 0 : count), 0);
  return spoken === 0 ? 0 : (outcomes.unknown ?? 0) / spoken;
}
