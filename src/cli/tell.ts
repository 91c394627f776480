import { encode } from '../core/language/text/index.ts';
import { json, line, pretty, type Reporter, type Tally, visible } from '../core/reporters/index.ts';
import type { Failure, OtherFile } from '../core/vocabulary/index.ts';
import type { FileResult } from '../session/index.ts';
import { reportBugs, rulePageUrl, version } from './about.ts';
import type { CheckRun } from './check-options.ts';
import type { Io, Output } from './io.ts';
import { paintFor, wantsColour } from './paint.ts';

/** A piece of what a run writes: to where the report goes, to standard output whatever that is, or to standard error. */
export interface Piece {
  readonly to: 'report' | 'out' | 'err';
  readonly text: string | Uint8Array;
  /** What the piece is about, when several files may tell of it: it is written for the first only. */
  readonly once?: string;
}

/** How a run is told: plain data, so that a worker tells its files as the main thread would. */
export interface Manner {
  readonly run: Pick<CheckRun, 'format' | 'fixing' | 'quiet' | 'partial' | 'stdin'>;
  /** How many files there are. */
  readonly files: number;
  readonly colour: boolean;
  /** Where the report goes is a terminal. */
  readonly terminal: boolean;
  readonly width: number | undefined;
  /** Of patches, which go to standard output. */
  readonly patch: { readonly colour: boolean; readonly terminal: boolean; readonly cwd: string; readonly base: string };
}

/** A fixed text or a patch goes to standard output, and then the report does not. */
export function reportOutput({ stdin, fixing }: CheckRun, io: Io): Output {
  return (stdin && fixing === 'written') || fixing === 'shown' ? io.err : io.out;
}

/** @param base what a patch is relative to: see `above` */
export function mannerOf(run: CheckRun, files: number, base: string, io: Io): Manner {
  const { format, fixing, quiet, partial, stdin, colour } = run;
  const told = reportOutput(run, io);
  return {
    run: { format, fixing, quiet, partial, stdin },
    files,
    colour: wantsColour(colour, io.env, told),
    terminal: told.isTerminal,
    width: told.columns === undefined ? undefined : Math.max(40, told.columns - 8),
    patch: { colour: wantsColour(colour, io.env, io.out), terminal: io.out.isTerminal, cwd: io.cwd, base },
  };
}

export interface Teller {
  readonly reporter: Reporter;
  /** The pieces of one file. It is counted, too. */
  tell(result: FileResult, named: boolean): readonly Piece[];
}

/** Tells of files one by one, and adds them up in `counts`. */
export async function tellerOf(manner: Manner, counts: Tally): Promise<Teller> {
  const { fixing, stdin } = manner.run;
  const reporter = await reporterOf(manner);
  const patch = fixing === 'shown' ? await patcherOf(manner) : undefined;
  const fail = (failure: Failure, named: boolean): readonly Piece[] => {
    // A file that a user named and that is no Dockerfile is an error; elsewhere it is a note.
    const known = failure.is === 'skipped' && named ? { ...failure, is: 'failed' as const } : failure;
    counts.fail(known);
    const said: Piece = { to: 'err', text: failureLine(known) };
    return patch ? [said] : [said, { to: 'report', text: reporter.failure(known) }];
  };
  return {
    reporter,
    tell(result, named) {
      if ('failure' in result) return fail(result.failure, named);
      const { report } = result;
      counts.add(report);
      if (patch) return patch(report);
      const told: Piece = { to: 'report', text: reporter.file(report) };
      if (fixing !== 'written') return [told];
      return stdin
        ? [{ to: 'out', text: encode(report.text) }, told]
        : [...(report.fixed?.others ?? []).map(wrote), told];
    },
  };
}

async function reporterOf({ run, files, colour, terminal, width }: Manner): Promise<Reporter> {
  if (run.format === 'line') return line;
  if (run.format === 'json') return json(version);
  const linked = colour && terminal;
  return pretty({
    paint: await paintFor(colour, linked, rulePageUrl),
    files,
    fixing: run.fixing,
    quiet: run.quiet,
    checklist: !run.partial && run.fixing !== 'shown',
    ...(width === undefined ? {} : { width }),
    ...(rulePageUrl === undefined || linked ? {} : { page: rulePageUrl }),
  });
}

async function patcherOf({ patch: { colour, terminal, cwd, base } }: Manner) {
  const { patcher } = await import('./patches.ts');
  return patcher({ paint: await paintFor(colour, false), terminal, cwd, base });
}

function wrote({ file, before }: OtherFile): Piece {
  const text = `note: ${visible(file)} ${before === null ? 'is new' : 'was changed'}: see what it leaves out\n`;
  return { to: 'err', text, once: file };
}

function failureLine({ file, is, says, help }: Failure): string {
  if (is === 'bug') return `error: ${visible(file)}: ${says}\n${reportBugs}\n`;
  return `${is === 'skipped' ? 'note' : 'error'}: ${visible(file)} ${visible(says)}${help === undefined ? '' : `: ${help}`}\n`;
}
