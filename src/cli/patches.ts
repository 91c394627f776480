import { patchOf, patchOfOther } from '../core/reporters/diff.ts';
import { type Paint, visible } from '../core/reporters/index.ts';
import type { FileReport, Path } from '../core/vocabulary/index.ts';
import { paintPatch } from './paint-patch.ts';
import type { Piece } from './tell.ts';

/** How patches are told. */
export interface PatchManner {
  readonly paint: Paint;
  readonly terminal: boolean;
  readonly cwd: string;
  /** What `above` says of all files of the run. */
  readonly base: string;
}

/**
 * Patches as they come: as they are into a pipe or file, readable and harmless on a terminal. Neither `git apply` nor `patch`
 * takes a name that leads above where it runs, so names are relative to the folder above that holds all files.
 */
export function patcher({ paint, terminal, cwd, base }: PatchManner): (report: FileReport) => readonly Piece[] {
  const name = nameFrom(cwd, base);
  const shown = (text: string): Piece => ({ to: 'out', text: terminal ? paintPatch(text, paint) : text });
  // Several Dockerfiles may share an ignore file: a second patch of it would not apply.
  const others = (report: FileReport) =>
    (report.fixed?.others ?? []).map(
      (other): Piece => ({ ...shown(patchOfOther(other, name(other.file))), once: other.file }),
    );
  return (report) => [...own(report), ...others(report)];

  function own(report: FileReport): readonly Piece[] {
    const { text, leftOut, masked } = patchOf(report, name(report.file));
    if (masked === undefined) return [shown(text)];
    const what = leftOut === 1 ? 'one change would show a secret, and' : `${leftOut} changes would show secrets, and`;
    const end = terminal ? 'the patch does not apply' : `${leftOut === 1 ? 'is' : 'are'} left out`;
    const note: Piece = { to: 'err', text: `note: ${visible(report.file)}: ${what} ${end}; use --fix\n` };
    // One hunk that does not apply would void the patch of every other file.
    return [shown(terminal ? masked : text), note];
  }
}

/** Says where the patch applies, when that is not here. */
export function whereToApply(base: string): string {
  return base === ''
    ? ''
    : `note: names in the patch start from ${base}: apply it with git -C ${base} apply, or patch -p1 -d ${base}\n`;
}

/** The part of names that leads furthest up: `../..`; "" when all lie below. */
export function above(files: Iterable<Path>): string {
  let longest = '';
  for (const file of files) {
    const up = /^(?:\.\.\/)+/.exec(file)?.[0].slice(0, -1) ?? '';
    if (up.length > longest.length) longest = up;
  }
  return longest;
}

/** Names as they are seen from the folder that `base` leads up to. */
function nameFrom(cwd: string, base: string): (file: Path) => Path {
  if (base === '') return (file) => file;
  const folders = cwd.split(/[\\/]/).filter((part) => part !== '');
  const levels = base.split('/').length;
  return (file) => {
    const up = /^(?:\.\.\/)*/.exec(file)?.[0] ?? '';
    const kept = folders.slice(folders.length - levels, folders.length - up.length / 3);
    return [...kept, file.slice(up.length)].join('/');
  };
}
