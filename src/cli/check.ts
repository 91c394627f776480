import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { discover } from '../adapters/discover.ts';
import { noFacts } from '../adapters/facts.ts';
import { isDirectory, nodeFiles, textOf } from '../adapters/files.ts';
import { type Summary, tally } from '../core/reporters/index.ts';
import type { Rule } from '../core/rules/define.ts';
import type { Failure, FileReport } from '../core/vocabulary/index.ts';
import { checkFiles, type Linter, type SessionOptions, type Subject } from '../session/index.ts';
import { type CheckRun, checkRun } from './check-options.ts';
import { checkCommand } from './commands.ts';
import { type Batch, type Crew, compileFlat, jobsFor, manyFiles, type Stop, stopOf, type Work } from './crew.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import { factsFor } from './facts.ts';
import type { Io } from './io.ts';
import type { Parsed } from './parse.ts';
import { progress } from './progress.ts';
import { mannerOf, type Piece, reportOutput, type Teller, tellerOf } from './tell.ts';

/** The linter and the rules it asks: core's own outside of tests. */
export interface Engine extends Linter {
  readonly rules: readonly Rule[];
  /** Shares the files among threads, where there are any to be had. */
  readonly crew?: Crew;
}

/** A text from standard input that was given no name: it lies nowhere. */
const noFile = '<stdin>';
/** Milliseconds between two looks at what happens outside. */
const breath = 50;

interface Inputs {
  readonly subjects: readonly Subject[];
  /** Files that a user named, rather than a directory they are in. */
  readonly named: ReadonlySet<string>;
  readonly failures: readonly Failure[];
}

/** `layerwise check`. */
export async function check(parsed: Parsed, io: Io, engine: Engine): Promise<ExitStatus> {
  const run = checkRun(
    parsed,
    engine.rules,
    (path) => statSync(resolve(io.cwd, path), { throwIfNoEntry: false }) !== undefined,
  );
  if ('usage' in run) return usageError(io, checkCommand.name, run);
  if (run.context !== undefined && !isDirectory(resolve(io.cwd, run.context)))
    return usageError(io, checkCommand.name, {
      usage: `--context ${run.context} is no directory`,
      help: 'it is the directory that docker build is given',
    });
  const inputs = run.stdin ? stdinInputs(run, io) : await fileInputs(run, io);
  if ('usage' in inputs) return usageError(io, checkCommand.name, inputs);

  const summary = await report(run, inputs, io, engine);
  if (summary.files === 0 && run.changed === undefined && !failed(summary)) return exit.unable;
  return statusOf(run, summary);
}

function stdinInputs(run: CheckRun, io: Io): Inputs {
  const file = run.stdinFilename === undefined ? noFile : toPath(io, run.stdinFilename);
  const reading = textOf(file, io.stdin());
  return 'is' in reading
    ? { subjects: [], named: new Set(), failures: [reading] }
    : { subjects: [{ file, ...reading }], named: new Set([file]), failures: [] };
}

async function fileInputs(run: CheckRun, io: Io): Promise<Inputs | { readonly usage: string; readonly help?: string }> {
  if (run.changed === undefined) {
    const { files, named, failures } = await discover(io.cwd, run.paths);
    return { subjects: files, named, failures };
  }
  const { ambiguous, changedInputs } = await import('./changed.ts');
  const [first] = run.paths;
  if (run.changed === true && first !== undefined && (await ambiguous(io.cwd, first)))
    return { usage: `${first} is a path and a git revision`, help: `write --changed=${first}, or ./${first}` };
  return changedInputs(io.cwd, run.paths, run.changed === true ? undefined : run.changed);
}

function toPath(io: Io, path: string): string {
  return relative(io.cwd, resolve(io.cwd, path)).split(sep).join('/');
}

async function report(run: CheckRun, inputs: Inputs, io: Io, engine: Engine): Promise<Summary> {
  const { subjects, named } = inputs;
  const counts = tally();
  const patches = run.fixing === 'shown' ? await import('./patches.ts') : undefined;
  const base = patches?.above(subjects.map((subject) => (typeof subject === 'string' ? subject : subject.file))) ?? '';
  const manner = mannerOf(run, subjects.length, base, io);
  const teller = await tellerOf(manner, counts);
  const { reporter } = teller;
  const told = reportOutput(run, io);
  const bar = progress(io, subjects.length);
  const signal = run.fixing === 'written' ? stopOnInterrupt() : undefined;
  const session = sessionOf(run, io);

  told.write(reporter.begin);
  const toldOnce = new Set<string>();
  let begun = false;
  let patched = false;
  const write = (pieces: readonly Piece[]) => {
    bar.clear();
    for (const { to, text, once } of pieces) {
      if (text.length === 0 || (once !== undefined && toldOnce.has(once))) continue;
      if (once !== undefined) toldOnce.add(once);
      patched ||= to === 'out';
      if (to !== 'report') io[to].write(text);
      else {
        if (begun) told.write(reporter.between);
        told.write(text);
        begun = true;
      }
    }
  };
  for (const failure of inputs.failures) write(teller.tell({ failure }, named.has(failure.file)));

  if (subjects.length >= manyFiles) compileFlat();
  const work = { subjects, named, session, signal };
  const jobs = engine.crew === undefined ? 1 : jobsFor(run, subjects.length);
  const batches =
    engine.crew !== undefined && jobs > 1
      ? engine.crew({ ...work, manner, cwd: io.cwd, jobs })
      : alone(work, teller, io.cwd, engine, noteOf(run, io, engine));
  for await (const { pieces, files, summary } of batches) {
    if (summary !== undefined) counts.merge(summary);
    bar.step(files);
    write(pieces);
    if (told.closed && run.fixing === 'no') break;
  }
  bar.clear();
  if (patches && patched) io.err.write(patches.whereToApply(base));
  const summary = counts.summary();
  told.write(reporter.end(summary));
  return summary;
}

/** What the session is to do with each file, as plain data. */
function sessionOf(run: CheckRun, io: Io): SessionOptions {
  return {
    // A text that comes and goes through a pipe is mended in memory.
    fixing: run.stdin && run.fixing === 'written' ? 'shown' : run.fixing,
    unsafe: run.unsafe,
    ...(run.settings === undefined ? {} : { settings: run.settings }),
    ...(run.target === undefined ? {} : { target: run.target }),
    ...(run.context === undefined ? {} : { context: toPath(io, run.context) }),
  };
}

type Note = (report: FileReport) => Promise<readonly Piece[]>;

/** What stands beside a patch on a terminal: what a fix of the order would have spared in the history of the project. */
function noteOf(run: CheckRun, io: Io, { rules }: Engine): Note | undefined {
  if (run.fixing !== 'shown' || run.stdin || !io.out.isTerminal) return undefined;
  const order = new Set(rules.filter(({ practice }) => practice === 'P4').map(({ id }) => id));
  return async (report) => {
    if (report.fixed?.applied.some(({ rule }) => order.has(rule)) !== true) return [];
    const { orderNote } = await import('./replay-note.ts');
    const options = { cwd: io.cwd, context: run.context, target: run.target, rules: order };
    return [{ to: 'err', text: await orderNote(report, options) }];
  };
}

/** One file after the other, in this thread. */
async function* alone(
  { subjects, named, session, signal }: Work,
  teller: Teller,
  cwd: string,
  linter: Linter,
  note: Note | undefined,
): AsyncGenerator<Batch, void, undefined> {
  const [first] = subjects;
  const piped = typeof first === 'object';
  const nowhere = typeof first === 'object' && first.file === noFile && session.context === undefined;
  const adapters = {
    files: nodeFiles(cwd),
    facts: nowhere ? noFacts : factsFor(cwd, piped ? { fixing: 'no' } : session),
    linter,
  };
  let next = performance.now() + breath;
  for await (const result of checkFiles(subjects, adapters, signal ? { ...session, signal } : session)) {
    const file = 'failure' in result ? result.failure.file : result.report.file;
    yield { pieces: teller.tell(result, named.has(file)), files: 1 };
    if (note !== undefined && 'report' in result) yield { pieces: await note(result.report), files: 0 };
    if (performance.now() < next) continue;
    // An interrupt is only heard between two turns of the event loop.
    await setImmediate();
    next = performance.now() + breath;
  }
}

/** What is begun is finished, then the run ends; a second interrupt ends it at once. */
function stopOnInterrupt(): Stop {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  process.once('SIGINT', () => {
    Atomics.store(stop, 0, 1);
  });
  return stopOf(stop);
}

function failed({ failures }: Summary): boolean {
  return failures.failed + failures.bug > 0;
}

function statusOf(run: CheckRun, summary: Summary): ExitStatus {
  if (failed(summary)) return exit.unable;
  if (run.fixing === 'shown' && summary.fixed.changes > 0) return exit.remains;
  const { error, warning, info } = summary.levels;
  const remaining = { error, warning: error + warning, info: error + warning + info, never: 0 }[run.failOn];
  return remaining > 0 ? exit.remains : exit.clean;
}
