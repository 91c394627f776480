import { relative, resolve, sep } from 'node:path';
import { diskFacts } from '../adapters/facts.ts';
import { isDirectory, nodeFiles } from '../adapters/files.ts';
import { fromTop, openHistory } from '../adapters/history.ts';
import { visible } from '../core/reporters/index.ts';
import { jsonReplay, prettyReplay } from '../core/reporters/replay.ts';
import type { ReplayReport } from '../core/vocabulary/index.ts';
import { checkFiles, ignoreFileOf, type Linter, type ReplayOrder, replay } from '../session/index.ts';
import { version } from './about.ts';
import { dockerfileOf } from './dockerfile-of.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import type { Io } from './io.ts';
import { paintFor, wantsColour } from './paint.ts';
import type { Parsed, UsageError } from './parse.ts';
import { progress } from './progress.ts';
import { type ReplayRun, replayRun } from './replay-options.ts';

const toPath = (root: string, path: string) => relative(root, path).split(sep).join('/') || '.';

/** `layerwise replay`. */
export async function replayVerb(parsed: Parsed, io: Io, linter: Linter): Promise<ExitStatus> {
  const run = replayRun(parsed, io.env);
  if ('usage' in run) return usageError(io, 'replay', run);
  const folder = resolve(io.cwd, run.context);
  if (!isDirectory(folder))
    return usageError(io, 'replay', {
      usage: `${run.context} is no directory`,
      help: 'name the one that docker build gets',
    });
  const file = dockerfileOf(io.cwd, folder, run.file);
  if (typeof file !== 'string') return usageError(io, 'replay', file);
  const held = await heldOf(run, io, folder, file, linter);
  if (held !== undefined && 'usage' in held) return usageError(io, 'replay', held);
  const told = await report(run, io, folder, file, held);
  if ('failed' in told) return unable(io, told);
  io.out.write(await written(told.report, run, io));
  return exit.clean;
}

function unable(io: Io, { failed, help }: { readonly failed: string; readonly help?: string }): ExitStatus {
  io.err.write(`error: ${visible(failed)}${help === undefined ? '' : `: ${help}`}\n`);
  return exit.unable;
}

async function report(run: ReplayRun, io: Io, folder: string, file: string, held: ReplayOrder['held']) {
  const path = toPath(folder, file);
  const open = () => openHistory(folder, run.commits, [path, `${path}.dockerignore`]);
  const opened = await open();
  if ('failed' in opened) return opened;
  const { history } = opened;
  const bar = progress(io, run.commits, ['replaying', 'commits']);
  try {
    const top = fromTop(history.prefix, path);
    if (top === undefined)
      return { failed: `${toPath(io.cwd, file)} lies outside of the repository`, help: 'name one inside with --file' };
    const order: ReplayOrder = {
      context: run.context,
      dockerfile: toPath(io.cwd, file),
      path: top,
      buildArgs: run.buildArgs,
      varying: run.varying,
      policy: run.policy,
      ...(run.target === undefined ? {} : { target: run.target }),
      ...(held === undefined ? {} : { held }),
    };
    const again = async () => {
      const second = await open();
      return 'failed' in second ? undefined : second.history;
    };
    return await replay(order, history, bar.step, again);
  } finally {
    bar.clear();
    history.close();
  }
}

/** What is compared: the Dockerfile as it is now, and another one. */
async function heldOf(
  run: ReplayRun,
  io: Io,
  folder: string,
  file: string,
  linter: Linter,
): Promise<ReplayOrder['held'] | UsageError> {
  if (run.against === undefined && run.fixing === 'no') return undefined;
  const files = nodeFiles(io.cwd);
  const name = toPath(io.cwd, file);
  const other = run.against === undefined ? undefined : toPath(io.cwd, resolve(io.cwd, run.against));
  const now = await files.read(name);
  if ('is' in now) return { usage: `${name} ${now.says}` };
  const ignoreFile = await ignoreFileOf(name, toPath(io.cwd, folder), files);
  if (ignoreFile !== undefined && 'is' in ignoreFile) return { usage: `${ignoreFile.file} ${ignoreFile.says}` };
  const sides = (second: { readonly name: string; readonly text: string }) => ({
    sides: [{ name, text: now.text }, second],
    ignoreFile,
  });
  if (other !== undefined) {
    const then = await files.read(other);
    return 'is' in then ? { usage: `${other} ${then.says}` } : sides({ name: other, text: then.text });
  }
  const options = {
    fixing: 'shown',
    unsafe: run.fixing === 'unsafe',
    context: toPath(io.cwd, folder),
    ...(run.target === undefined ? {} : { target: run.target }),
  } as const;
  for await (const result of checkFiles([name], { files, facts: diskFacts(io.cwd), linter }, options)) {
    if ('failure' in result) return { usage: `${name} ${result.failure.says}` };
    if (result.report.text !== now.text) return sides({ name: `${name} as fixed`, text: result.report.text });
  }
  const help =
    run.fixing === 'safe' ? 'add --unsafe-fixes, or name a file with --against' : 'name a file with --against';
  return { usage: `there is nothing to fix in ${name}`, help };
}

async function written(told: ReplayReport, { format, colour }: ReplayRun, io: Io): Promise<string> {
  if (format === 'json') return jsonReplay(told, version);
  if (format === 'html') return (await import('../core/reporters/replay-html.ts')).htmlReplay(told);
  return prettyReplay(told, await paintFor(wantsColour(colour, io.env, io.out), false));
}
