import { patchOf } from '../core/reporters/diff.ts';
import { type Paint, visible } from '../core/reporters/index.ts';
import type { FileReport, Path } from '../core/vocabulary/index.ts';
import type { Io } from './io.ts';
import { paintPatch } from './paint-patch.ts';

export interface PatchWriter {
  file(report: FileReport): void;
  /** Says where the patch applies, when that is not here. */
  end(): void;
}

/**
 * Prints patches as they come: as they are into a pipe or file, readable and harmless on a terminal.
 * @param files all files of the run: neither `git apply` nor `patch` takes a name that leads above where it runs, so that names
 * are relative to the folder above that holds all of them
 */
export function patchWriter(files: readonly Path[], io: Io, paint: Paint): PatchWriter {
  const base = above(files);
  const name = nameFrom(io.cwd, base);
  let written = false;
  return {
    file(report) {
      const { text, masked } = patchOf(report, name(report.file));
      // One hunk that does not apply would void the patch of every other file.
      if (io.out.isTerminal) io.out.write(paintPatch(text, paint));
      else if (!masked) io.out.write(text);
      written ||= text !== '' && !masked;
      if (masked) {
        const told = io.out.isTerminal ? 'does not apply' : 'is left out';
        io.err.write(`note: ${visible(report.file)}: its patch would show a secret, and ${told}; use --fix\n`);
      }
    },
    end() {
      if (written && base !== '')
        io.err.write(
          `note: names in the patch start from ${base}: apply it with git -C ${base} apply, or patch -p1 -d ${base}\n`,
        );
    },
  };
}

/** The part of names that leads furthest up: `../..`; "" when all lie below. */
function above(files: readonly Path[]): string {
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
