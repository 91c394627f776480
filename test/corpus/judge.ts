/** Everything that is asked of one file. */
import { diffArrays } from 'diff';
import { print } from '../../src/core/language/syntax/index.ts';
import { decode, encode } from '../../src/core/language/text/index.ts';
import {
  type Application,
  type CheckInput,
  type CheckOptions,
  check,
  type Linted,
  lint,
  mend,
  subjectOf,
} from '../../src/core/lint/index.ts';
import type { Stage } from '../../src/core/model/index.ts';
import { rules } from '../../src/core/rules/registry.gen.ts';
import type { BannedFix, Diagnostic } from '../../src/core/vocabulary/index.ts';
import { disagreement, inconsistency } from '../oracle/agreement.ts';
import type { InstructionsAnswer, ParseAnswer } from '../oracle/client.ts';
import { type Asks, judgeClaims } from './claims.ts';
import { lostComments } from './comments.ts';
import type { Cpu, Failing, Fault, FileResult, JudgedFix, RuleOnFile } from './result.ts';
import { shapeOf, undeclaredChanges } from './shape.ts';

/** The oracle, as far as the corpus asks it. */
export interface CorpusOracle extends Asks {
  /** `undefined`: BuildKit itself crashes on the file. */
  syntax(
    bytes: Uint8Array,
  ): Promise<{ readonly parse: ParseAnswer; readonly instructions: InstructionsAnswer } | undefined>;
}

export interface JudgeOptions {
  /** Rules that are off by default are judged too. */
  readonly allRules: boolean;
}

type Command = 'fix' | 'unsafe-fixes';

interface Fixed {
  readonly command: Command;
  readonly linted: Linted;
  readonly applications: readonly Application[];
  readonly banned: readonly BannedFix[];
}

/** Runs steps, keeps their CPU time, and collects what went wrong; an exception becomes a fault and no value. */
interface Notes {
  readonly cpu: Record<keyof Cpu, number>;
  readonly failing: Failing[];
  fault(fault: Fault, of: string, detail: string): void;
  run<T>(command: keyof Cpu, step: () => T): T | undefined;
}

function takeNotes(): Notes {
  const cpu = { parse: 0, check: 0, fix: 0, 'unsafe-fixes': 0 };
  const failing: Failing[] = [];
  const fault: Notes['fault'] = (kind, of, detail) => failing.push({ fault: kind, of, detail });
  const run: Notes['run'] = (command, step) => {
    const before = process.cpuUsage();
    try {
      return step();
    } catch (error) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      fault('crash', command, stack.split('\n').slice(0, 4).join('\n'));
      return undefined;
    } finally {
      const { user, system } = process.cpuUsage(before);
      cpu[command] = (user + system) / 1000;
    }
  };
  return { cpu, failing, fault, run };
}

const loud = ({ level, ignored }: Diagnostic) => level !== 'info' && ignored === undefined;

function countByRule(diagnostics: readonly Diagnostic[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of diagnostics) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

/** Rules of which more diagnostics stand at warning or above than before. */
function newDiagnostics(before: Linted, { linted, applications }: Fixed): string[] {
  const reveals = applications.some(({ fix }) => fix.reveals);
  const counted = (of: Linted) =>
    countByRule(of.diagnostics.filter((one) => loud(one) && (!reveals || one.level === 'error')));
  const old = counted(before);
  return [...counted(linted)].filter(([rule, count]) => count > (old.get(rule) ?? 0)).map(([rule]) => rule);
}

function droppedTexts({ before, fix }: Application): string[] {
  return (fix.drops ?? []).flatMap((place) => ('file' in place && place.span ? [before.slice(...place.span)] : []));
}

/** Lines of a text as `git diff` counts them: what follows the last line break is one only when something stands there. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Lines that a diff shows: of a changed run of lines the longer side counts. */
export function touchedLines(before: string, after: string): number {
  let touched = 0;
  let removed = 0;
  for (const part of [...diffArrays(linesOf(before), linesOf(after)), undefined]) {
    if (part?.removed) removed = part.count;
    else {
      touched += Math.max(removed, part?.added ? part.count : 0);
      removed = 0;
    }
  }
  return touched;
}

/** What safe fixes touched, and the least they could have: one line for each. */
function touchedBy(safe: Fixed | undefined, text: string): Pick<FileResult, 'touched' | 'leastTouched'> {
  const after = safe?.linted.subject.input.text ?? text;
  if (safe === undefined || after === text) return {};
  const touched = touchedLines(text, after);
  const all = Math.max(1, linesOf(text).length);
  return { touched: touched / all, leastTouched: Math.min(touched, safe.applications.length) / all };
}

/** A base counts as known when the table says anything of it. */
function isKnown({ root }: Stage): boolean {
  if (root.kind === 'scratch') return true;
  const { user, libc, packageManager, os } = root.facts;
  return [user, libc, packageManager, os].some((fact) => 'value' in fact);
}

function rulesOnFile(linted: Linted, fixed: Fixed | undefined): RuleOnFile[] {
  const left = countByRule((fixed?.linted.diagnostics ?? linted.diagnostics).filter(({ ignored }) => !ignored));
  return linted.outcomes.map((outcome) => {
    const own = linted.diagnostics.filter(({ rule, ignored }) => rule === outcome.rule && ignored === undefined);
    const declined: string[] = [];
    let [offeredSafe, offeredUnsafe] = [0, 0];
    for (const { fix } of own) {
      if (fix === undefined) continue;
      if ('declined' in fix) declined.push(fix.declined);
      else if (fix.safety === 'safe') offeredSafe += 1;
      else offeredUnsafe += 1;
    }
    return {
      rule: outcome.rule,
      outcome: outcome.is,
      diagnostics: own.length,
      offeredSafe,
      offeredUnsafe,
      declined,
      mended: Math.max(0, own.length - (left.get(outcome.rule) ?? 0)),
      ...(outcome.is === 'unknown' && { because: outcome.because, wantsFacts: outcome.wants.length > 0 }),
    };
  });
}

/** What a fixing run left behind, judged against the file as it was. */
async function judgeFixed(
  before: Linted,
  fixed: Fixed,
  was: InstructionsAnswer | undefined,
  input: CheckInput,
  options: CheckOptions,
  oracle: CorpusOracle,
  notes: Notes,
): Promise<void> {
  const { command, linted, applications, banned } = fixed;
  const { text } = linted.subject.input;
  for (const { rule, title, because } of banned) notes.fault('ban', rule, `${command}: ${title}: ${because}`);
  if (text === input.text) return;
  const by = applications.map(({ fix, diagnostic }) => `${diagnostic.rule}/${fix.variant}`).join(', ');
  const lost = lostComments(input.text, text, applications.flatMap(droppedTexts));
  if (lost.length > 0) notes.fault('comment', command, `${lost.join(' ¶ ')} (after ${by})`);
  // of a line that could not be read nothing was said before
  const repaired = applications.some(({ fix }) => fix.claims.some(({ kind }) => kind === 'repairs'));
  if (!repaired)
    for (const rule of newDiagnostics(before, fixed)) notes.fault('new-diagnostic', command, `${rule} (after ${by})`);
  const again = notes.run(command, () => mend(rules, { ...input, text }, { ...options, unsafe: command !== 'fix' }));
  if (again !== undefined && again.applied.length > 0) {
    const second = again.applied.map(({ rule, variant }) => `${rule}/${variant}`).join(', ');
    notes.fault('unstable', command, `the second run applies ${second} (after ${by})`);
  }
  if (!was?.ok) return;
  const is = await oracle.instructions(text);
  if (!is.ok) notes.fault('rejected', command, `${is.error} (after ${by})`);
  else if (undeclaredChanges(shapeOf(was), shapeOf(is), []).length > 0)
    for (const application of applications) await judgeShape(application, command, oracle, notes);
}

async function judgeShape(one: Application, command: Command, oracle: CorpusOracle, notes: Notes): Promise<void> {
  const [was, is] = [await oracle.instructions(one.before), await oracle.instructions(one.after)];
  if (!was.ok || !is.ok) return;
  for (const change of undeclaredChanges(shapeOf(was), shapeOf(is), one.fix.claims)) {
    const of = `${one.diagnostic.rule}/${one.fix.variant}`;
    notes.fault('shape', of, `${command}: ${change.part}: ${change.was} became ${change.is}`);
  }
}

/** Each different application of both runs, judged by what it claims. */
async function judgeApplications(runs: readonly Fixed[], oracle: CorpusOracle, notes: Notes): Promise<JudgedFix[]> {
  const seen = new Set<string>();
  const judged: JudgedFix[] = [];
  for (const { before, after, fix, diagnostic } of runs.flatMap(({ applications }) => applications)) {
    const id = `${diagnostic.rule}/${fix.variant}`;
    const key = JSON.stringify([id, before, after]);
    if (seen.has(key)) continue;
    seen.add(key);
    const { verdict, because } = await judgeClaims(fix.claims, before, after, oracle);
    judged.push({ id, safety: fix.safety, verdict });
    if (verdict !== 'refuted') continue;
    const lines = diffArrays(before.split('\n'), after.split('\n')).flatMap(({ added, removed, value }) =>
      added || removed ? value.map((line) => `${added ? '+' : '-'} ${line}`) : [],
    );
    const detail = [because, ...lines].join('\n');
    notes.fault(fix.safety === 'safe' ? 'refuted' : 'refuted-unsafe', id, detail);
  }
  return judged;
}

/** Judges one file by all that the corpus can ask. Never throws for what the file holds. */
export async function judge(
  path: string,
  bytes: Uint8Array,
  oracle: CorpusOracle,
  { allRules }: JudgeOptions,
): Promise<FileResult> {
  const notes = takeNotes();
  const { text, utf8 } = decode(bytes);
  const input: CheckInput = { file: 'Dockerfile', text, utf8 };
  const on = rules.filter(({ offByDefault }) => offByDefault !== undefined).map(({ id, level }) => [id, level]);
  const options: CheckOptions = allRules ? { settings: { rules: Object.fromEntries(on) } } : {};
  notes.run('check', () => check(input, options));
  const linted = notes.run('parse', () => lint(rules, subjectOf(input), options));
  const runs: Fixed[] = [];
  for (const command of ['fix', 'unsafe-fixes'] as const) {
    const applications: Application[] = [];
    const observe = (application: Application) => applications.push(application);
    const mended = notes.run(command, () => mend(rules, input, { ...options, unsafe: command !== 'fix' }, observe));
    if (mended !== undefined) runs.push({ command, applications, ...mended });
  }
  const commandTimes = { ...notes.cpu };
  const dockerfile = linted?.subject.build.dockerfile;
  const theirs = await oracle.syntax(bytes);
  if (dockerfile !== undefined) {
    if (!Buffer.from(encode(print(dockerfile))).equals(bytes)) notes.fault('print', 'parse', 'other bytes');
    const wrong = inconsistency(dockerfile);
    if (wrong !== undefined) notes.fault('tree', 'parse', wrong);
    const differs = theirs && disagreement(dockerfile, theirs);
    if (differs !== undefined) notes.fault('disagreement', 'parse', differs);
  }
  if (linted !== undefined)
    for (const run of runs) await judgeFixed(linted, run, theirs?.instructions, input, options, oracle, notes);
  const fixes = await judgeApplications(runs, oracle, notes);
  const [safe] = runs;
  const target = linted?.subject.build.defaultStage;
  return {
    path,
    bytes: bytes.length,
    accepted: theirs?.instructions.ok ?? false,
    panicked: theirs === undefined,
    parsed: dockerfile !== undefined && dockerfile.errors.length === 0,
    knownBase: target !== undefined && isKnown(target),
    failing: notes.failing,
    rules: linted === undefined ? [] : rulesOnFile(linted, safe),
    fixes,
    ...touchedBy(safe, text),
    cpu: commandTimes,
  };
}
