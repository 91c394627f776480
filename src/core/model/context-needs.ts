import type { Fact, Span } from '../vocabulary/index.ts';
import { cleanPath, matchName } from '../world/context/index.ts';
import { isWholeContext } from './copies.ts';
import { isKnown } from './known.ts';
import { executedSteps } from './stages.ts';
import type { Build, Stage, Step } from './types.ts';
import { copyWords } from './words.ts';

/** One path that a COPY, ADD or bind mount takes from the build context. */
export interface ContextNeed {
  readonly step: Step;
  readonly via: 'COPY' | 'ADD' | 'mount';
  /** As written. */
  readonly text: string;
  readonly span: Span;
  /** Relative to the context and clean, with its wildcards; "." is all of it. Unknown when a variable has no value. */
  readonly path: Fact<string>;
}

const REMOTE = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/)/;

const inContext = (path: string) => cleanPath(cleanPath(`/${path}`).slice(1));

/** Sources of a COPY or ADD; heredocs are none. */
function copied(step: Step): readonly ContextNeed[] {
  const { name, flags } = step.instruction;
  if ((name !== 'COPY' && name !== 'ADD') || flags.some((flag) => flag.name === 'from')) return [];
  return sourcesOf(step, name);
}

function sourcesOf(step: Step, name: 'COPY' | 'ADD'): readonly ContextNeed[] {
  const markers = new Set(step.instruction.heredocs.map(({ markerSpan }) => markerSpan[0]));
  return (copyWords(step)?.sources ?? []).flatMap((word): ContextNeed[] => {
    if (markers.has(word.span[0])) return [];
    const source = step.expand(word);
    if (isKnown(source) && name === 'ADD' && REMOTE.test(source.value)) return [];
    const path = isKnown(source) ? { ...source, value: inContext(source.value) } : source;
    return [{ step, via: name, text: word.value, span: word.span, path }];
  });
}

/** Bind mounts, of themselves those from the context: they name no stage or image. */
function mounted(
  step: Step,
  isFrom = (from: string | undefined): boolean => from === undefined,
): readonly ContextNeed[] {
  return step.mounts.flatMap(({ type, from, source = '.', span }): ContextNeed[] => {
    if (type !== 'bind' || !isFrom(from)) return [];
    const path: Fact<string> = source.includes('$')
      ? { unknown: 'the source of the mount depends on a variable' }
      : { value: inContext(source), from: 'files', evidence: [] };
    return [{ step, via: 'mount', text: source, span, path }];
  });
}

/** What steps take from a context that `--build-context` names, as `--from` and `from=` say it. */
export function namedContextNeeds(build: Build, name: string): readonly ContextNeed[] {
  const isNamed = (from: string | undefined) => from?.toLowerCase() === name.toLowerCase();
  return stagesOf(build)
    .toSorted((a, b) => a.index - b.index)
    .flatMap(executedSteps)
    .flatMap((step) => [
      ...(step.instruction.name === 'COPY' &&
      isNamed(step.instruction.flags.find((flag) => flag.name === 'from')?.value)
        ? sourcesOf(step, 'COPY')
        : []),
      ...mounted(step, isNamed),
    ]);
}

/** The stages that are built; all of them when a name depends on a variable, since it may be any of theirs. */
function stagesOf({ needed, stages }: Build): readonly Stage[] {
  const unknown = needed.some(
    ({ base, sources }) =>
      (base.kind === 'image' && !isKnown(base.image)) ||
      sources.some(({ from }) => from === undefined || ('image' in from && 'kind' in from && !isKnown(from.image))),
  );
  return unknown ? stages : needed;
}

/**
 * What stages take from the context, in order; bodies of ONBUILD where they run. What `--exclude` leaves out of a COPY counts as
 * taken: it is sent too.
 * @param stages default: those that are built
 */
export function contextNeeds(build: Build, stages: readonly Stage[] = stagesOf(build)): readonly ContextNeed[] {
  return stages
    .toSorted((a, b) => a.index - b.index)
    .flatMap(executedSteps)
    .flatMap((step) => [...copied(step), ...mounted(step)]);
}

/** The first COPY or ADD that takes the whole context into a stage that is built. */
export function wholeContextCopy(build: Build): ContextNeed | undefined {
  return contextNeeds(build).find(({ via, path }) => via !== 'mount' && isKnown(path) && isWholeContext(path.value));
}

/**
 * Whether a COPY of this source takes a path of the context: itself, what it matches, and what lies in a directory that it matches.
 * @param source clean, relative to the context
 */
export function takes(source: string, path: string): boolean {
  if (source === '.') return true;
  const wanted = source.split('/');
  const parts = path.split('/');
  return (
    parts.length >= wanted.length &&
    wanted.every((part, i) => part === parts[i] || matchName(part, parts[i] ?? '') === true)
  );
}

/**
 * What the client is asked to send for these needs: the paths, or undefined for the whole context.
 * Source of the behaviour: BuildKit's converter, which collects the paths of all stages that are built.
 */
export function wantedPaths(needs: readonly ContextNeed[]): readonly string[] | undefined {
  const paths = new Set<string>();
  for (const { path } of needs) {
    if (!isKnown(path) || path.value === '.') return undefined;
    paths.add(path.value);
  }
  return [...paths].sort();
}
