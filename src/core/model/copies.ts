import type { Fact, Span } from '../vocabulary/index.ts';
import { isKnown, unknown } from './known.ts';
import { joinPath } from './surroundings.ts';
import type { Step } from './types.ts';

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
  const { args, flags } = step.instruction;
  if (flags.some((flag) => flag.name === 'from')) return undefined;
  const words = args.form === 'words' ? args.words : args.form === 'json' ? args.elements : [];
  const last = words.at(-1);
  const path = copyTarget(step);
  if (last === undefined || path === undefined) return undefined;
  const sources = words.slice(0, -1).map(({ value, span }) => ({ text: value, span }));
  return { sources, target: last.value, path };
}

/** Where a COPY or ADD puts what it takes, wherever from: absolute, see `ContextCopy.path`. */
export function copyTarget(step: Step): Fact<string> | undefined {
  const { args } = step.instruction;
  if (args.form === 'json') {
    const last = args.elements.at(-1);
    return last && absolute(step, { value: last.value, from: 'files', evidence: [] });
  }
  const last = args.form === 'words' ? args.words.at(-1) : undefined;
  return last && absolute(step, step.expand(last));
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
