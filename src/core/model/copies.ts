import type { Fact, Span } from '../vocabulary/index.ts';
import { isKnown, unknown } from './known.ts';
import { joinPath } from './surroundings.ts';
import type { Step } from './types.ts';
import { copyWords } from './words.ts';

/** One source of a COPY or ADD as it is written, quotes and variables too. */
export interface CopySource {
  readonly text: string;
  readonly span: Span;
}

/** What a COPY or ADD takes from the build context, and where it puts it. */
export interface ContextCopy {
  readonly sources: readonly CopySource[];
  /** As written. */
  readonly target: string;
  /** Absolute; ends in "/" only when that was written or it is the root. */
  readonly path: Fact<string>;
}

const memo = new WeakMap<Step, ContextCopy | null>();

/**
 * Sources and target of a COPY or ADD that takes files from the build context; undefined for other steps, for ONBUILD, and
 * for a copy from a stage or an image.
 */
export function contextCopy(step: Step): ContextCopy | undefined {
  const { name } = step.instruction;
  if (name !== 'COPY' && name !== 'ADD') return undefined;
  let copy = memo.get(step);
  if (copy === undefined) {
    copy = readCopy(step) ?? null;
    memo.set(step, copy);
  }
  return copy ?? undefined;
}

function readCopy(step: Step): ContextCopy | undefined {
  if (step.instruction.flags.some((flag) => flag.name === 'from')) return undefined;
  const words = copyWords(step);
  const path = copyTarget(step);
  if (words === undefined || path === undefined) return undefined;
  const sources = words.sources.map(({ value, span }) => ({ text: value, span }));
  return { sources, target: words.target.value, path };
}

/** Where a COPY or ADD puts what it takes, wherever from: absolute, see `ContextCopy.path`. */
export function copyTarget(step: Step): Fact<string> | undefined {
  const target = copyWords(step)?.target;
  return target && absolute(step, step.expand(target));
}

function absolute(step: Step, path: Fact<string>): Fact<string> {
  if (!isKnown(path)) return path;
  const slash = /\/\.?$/.test(path.value) ? '/' : '';
  const { workdir } = step.before;
  if (path.value.startsWith('/'))
    return { ...path, value: `${joinPath('/', [path.value])}${path.value === '/' ? '' : slash}` };
  if (!isKnown(workdir)) return unknown('the working directory is not known');
  return { ...path, value: `${joinPath(workdir.value, [path.value])}${slash}` };
}

/** A path as a process in `workdir` understands it: absolute and clean. */
export function pathIn(workdir: string, path: string): string {
  return path.startsWith('/') ? joinPath('/', [path]) : joinPath(workdir, [path]);
}

/** True for a source that stands for the whole context: `.`, `./`, `/`, `*`. */
export function isWholeContext(source: string): boolean {
  return /^(?:\.?\/)*(?:\.|\*)?$/.test(source);
}

/** Whether a source names this file of the context's root: by its name, or by a pattern that takes it (`package*.json`). */
export function namesFile(source: string, file: string): boolean {
  const path = source.replace(/^(?:\.?\/)+/, '');
  if (!/[*?]/.test(path)) return path === file;
  if (/[[\]\\]/.test(path) || path.split('*').length > 4) return false;
  const pattern = path
    .replace(/[.+^${}()|]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${pattern}$`).test(file);
}
