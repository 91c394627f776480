import { dirname, relative, resolve, sep } from 'node:path';
import { nodeFiles } from '../adapters/files.ts';
import { fromTop, openHistory } from '../adapters/history.ts';
import { parse } from '../core/language/syntax/index.ts';
import { visible } from '../core/reporters/index.ts';
import { rerunsOf } from '../core/reporters/replay.ts';
import type { FileReport, ReplayReport } from '../core/vocabulary/index.ts';
import { ignoreFileOf, replay } from '../session/index.ts';

/** So many commits are looked at. */
const mostCommits = 200;
/** So many steps are told. */
const mostSteps = 3;

export interface NoteOptions {
  readonly cwd: string;
  /** Of the build; default: where the file lies. */
  readonly context: string | undefined;
  readonly target: string | undefined;
  /** Rules whose fixes change the order, or what an install reads. */
  readonly rules: ReadonlySet<string>;
}

const toPath = (root: string, path: string) => relative(root, path).split(sep).join('/') || '.';

/**
 * What a fix of the order would have spared in the last commits of the project, a line for each step: `''` when there was no such
 * fix, it spares nothing, or no history tells.
 */
export async function orderNote(report: FileReport, options: NoteOptions): Promise<string> {
  const { fixed, file } = report;
  const applied = fixed?.applied.filter(({ rule }) => options.rules.has(rule)) ?? [];
  if (fixed === undefined || applied.length === 0) return '';
  const path = resolve(options.cwd, file);
  const folder = options.context === undefined ? dirname(path) : resolve(options.cwd, options.context);
  const ignoreFile = await ignoreFileOf(file, toPath(options.cwd, folder), nodeFiles(options.cwd));
  if (ignoreFile !== undefined && 'is' in ignoreFile) return '';
  const opened = await openHistory(folder, mostCommits);
  if ('failed' in opened) return '';
  const { history } = opened;
  // Only another value of it shows what moving it spares.
  const varying = argumentsAt(fixed.before, new Set(applied.map(({ line }) => line)));
  try {
    const told = await replay(
      {
        ...{ context: folder, dockerfile: file, path: fromTop(history.prefix, toPath(folder, path)) ?? file },
        ...{ buildArgs: {}, varying, policy: 'previous' },
        ...(options.target === undefined ? {} : { target: options.target }),
        held: {
          sides: [
            { name: file, text: fixed.before },
            { name: file, text: report.text },
          ],
          ignoreFile,
        },
      },
      history,
    );
    return 'failed' in told ? '' : linesOf(told.report, varying);
  } finally {
    history.close();
  }
}

/** Names of ARG and ENV that stand at these lines. */
function argumentsAt(text: string, lines: ReadonlySet<number>): readonly string[] {
  return parse(text).instructions.flatMap(({ startLine, args }) =>
    lines.has(startLine) && args.form === 'pairs' ? args.pairs.map(({ key }) => key.value) : [],
  );
}

function linesOf({ sides, pairs, dockerfile }: ReplayReport, varying: readonly string[]): string {
  const [before, after] = sides;
  const spared = pairs.flatMap(([i, j]) => {
    const [was, is] = [i === null ? undefined : before?.steps[i], j === null ? undefined : after?.steps[j]];
    return was?.instruction === 'RUN' && is !== undefined && is.reran < was.reran ? [{ was, is }] : [];
  });
  const condition = varying.length === 0 ? '' : `, with another ${varying.join(' and ')} at each`;
  return spared
    .toSorted((a, b) => b.was.reran - b.is.reran - (a.was.reran - a.is.reran))
    .slice(0, mostSteps)
    .map(
      ({ was, is }) =>
        `note: ${visible(dockerfile)}: over the last ${was.of} commits${visible(condition)}, this reruns ${rerunsOf(was)} times, ` +
        `and with the patch ${rerunsOf(is)}: ${visible(was.text)}\n`,
    )
    .join('');
}
