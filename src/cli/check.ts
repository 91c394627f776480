import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { discover } from '../adapters/discover.ts';
import { diskFacts, noFacts } from '../adapters/facts.ts';
import { nodeFiles, textOf } from '../adapters/files.ts';
import { encode } from '../core/language/text/index.ts';
import { json, line, pretty, type Reporter, type Summary, tally, visible } from '../core/reporters/index.ts';
import type { Rule } from '../core/rules/define.ts';
import type { Failure } from '../core/vocabulary/index.ts';
import { checkFiles, type Linter, type Subject } from '../session/index.ts';
import { reportBugs, rulePageUrl, version } from './about.ts';
import { type CheckRun, checkRun } from './check-options.ts';
import { checkCommand } from './commands.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import type { Io } from './io.ts';
import { paintFor, wantsColour } from './paint.ts';
import type { Parsed } from './parse.ts';
import { progress } from './progress.ts';

/** The linter and the rules it asks: core's own outside of tests. */
export interface Engine extends Linter {
  readonly rules: readonly Rule[];
}

interface Inputs {
  readonly subjects: readonly Subject[];
  /** Files that a user named: one of them that is no Dockerfile is an error, elsewhere it is a note. */
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
  const inputs = run.stdin ? stdinInputs(run, io) : await fileInputs(run, io);
  if ('usage' in inputs) return usageError(io, checkCommand.name, inputs);

  const summary = await report(run, inputs, io, engine);
  if (summary.files === 0 && run.changed === undefined && !failed(summary)) return exit.unable;
  return statusOf(run, summary);
}

function stdinInputs(run: CheckRun, io: Io): Inputs {
  const file = run.stdinFilename === undefined ? '<stdin>' : toPath(io, run.stdinFilename);
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
  const { changedInputs } = await import('./changed.ts');
  return changedInputs(io.cwd, run.paths, run.changed === true ? undefined : run.changed);
}

function toPath(io: Io, path: string): string {
  return relative(io.cwd, resolve(io.cwd, path)).split(sep).join('/');
}

async function report(run: CheckRun, inputs: Inputs, io: Io, engine: Engine): Promise<Summary> {
  const filtering = run.stdin && run.fixing === 'written';
  const told = filtering || run.fixing === 'shown' ? io.err : io.out;
  const reporter = await reporterFor(run, inputs, io, told);
  const patches = run.fixing === 'shown' ? await patchesOf(run, inputs, io) : undefined;
  const counts = tally();
  const bar = progress(io, inputs.subjects.length);

  const fail = (failure: Failure) => {
    const known =
      failure.is === 'skipped' && inputs.named.has(failure.file) ? { ...failure, is: 'failed' as const } : failure;
    counts.fail(known);
    bar.clear();
    io.err.write(failureLine(known));
    if (!patches) told.write(reporter.failure(known));
  };
  for (const failure of inputs.failures) fail(failure);

  const signal = run.fixing === 'written' ? stopOnInterrupt() : { aborted: false };
  const adapters = {
    files: nodeFiles(io.cwd),
    facts: run.stdin && run.stdinFilename === undefined && run.context === undefined ? noFacts : diskFacts(io.cwd),
    linter: engine,
  };
  const options = {
    fixing: filtering ? ('shown' as const) : run.fixing,
    unsafe: run.unsafe,
    signal,
    ...(run.settings === undefined ? {} : { settings: run.settings }),
    ...(run.target === undefined ? {} : { target: run.target }),
    ...(run.context === undefined ? {} : { context: toPath(io, run.context) }),
  };
  for await (const result of checkFiles(inputs.subjects, adapters, options)) {
    bar.step();
    if ('failure' in result) fail(result.failure);
    else {
      counts.add(result.report);
      bar.clear();
      if (filtering) io.out.write(encode(result.report.text));
      if (patches) patches.file(result.report);
      else told.write(reporter.file(result.report));
    }
    if (told.closed && run.fixing === 'no') break;
  }
  bar.clear();
  patches?.end();
  const summary = counts.summary();
  told.write(reporter.end(summary));
  return summary;
}

async function reporterFor(run: CheckRun, inputs: Inputs, io: Io, told: Io['out']): Promise<Reporter> {
  if (run.format === 'line') return line;
  if (run.format === 'json') return json(version);
  const colour = wantsColour(run.colour, io.env, told);
  const linked = colour && told.isTerminal;
  return pretty({
    paint: await paintFor(colour, linked, rulePageUrl),
    files: inputs.subjects.length,
    fixing: run.fixing,
    quiet: run.quiet,
    checklist: !run.partial && run.fixing !== 'shown',
    ...(told.columns === undefined ? {} : { width: Math.max(40, told.columns - 8) }),
    ...(rulePageUrl === undefined || linked ? {} : { page: rulePageUrl }),
  });
}

async function patchesOf(run: CheckRun, { subjects }: Inputs, io: Io) {
  const { patchWriter } = await import('./patches.ts');
  const names = subjects.map((subject) => (typeof subject === 'string' ? subject : subject.file));
  return patchWriter(names, io, await paintFor(wantsColour(run.colour, io.env, io.out), false));
}

function failureLine({ file, is, says, help }: Failure): string {
  if (is === 'bug') return `error: ${visible(file)}: ${says}\n${reportBugs}\n`;
  return `${is === 'skipped' ? 'note' : 'error'}: ${visible(file)} ${visible(says)}${help === undefined ? '' : `: ${help}`}\n`;
}

/** What is begun is finished, then the run ends; a second interrupt ends it at once. */
function stopOnInterrupt(): { readonly aborted: boolean } {
  const signal = { aborted: false };
  process.once('SIGINT', () => {
    signal.aborted = true;
  });
  return signal;
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
