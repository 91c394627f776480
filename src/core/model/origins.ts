import { matchName } from '../world/context/index.ts';
import { contextNeeds } from './context-needs.ts';
import { copyTarget } from './copies.ts';
import { isKnown } from './known.ts';
import { executedSteps } from './stages.ts';
import { joinPath } from './surroundings.ts';
import type { Build, Stage, Step } from './types.ts';
import { copyWords } from './words.ts';

/** Where the text of a file in an image may come from. */
export type Origin =
  /** A name in the build context: whether it is there, and is a file, the disk tells. */
  | {
      readonly is: 'context';
      readonly path: string;
      /** The instruction names this very file, not a directory that it may lie in. */
      readonly named: boolean;
    }
  /** A heredoc of the Dockerfile. */
  | { readonly is: 'heredoc'; readonly text: string; readonly at: number };

/** So many copies between stages are followed for one file: a hostile Dockerfile may hold any number. */
const MAX_COPIES = 32;

/** What is left of `MAX_COPIES`. */
interface Budget {
  copies: number;
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/**
 * What a RUN makes of a name: undefined when it does not touch it, else the file that it is copied, moved or linked from, where
 * that shows.
 */
function madeBy({ commands, before }: Step, path: string): { readonly from: string | undefined } | undefined {
  const name = nameOf(path);
  const moves = commands.some(({ command: { program } }) => program === 'cd' || program === 'pushd');
  const workdir = !moves && isKnown(before.workdir) ? before.workdir.value : undefined;
  const inImage = (word: string) =>
    word.startsWith('/') ? joinPath('/', [word]) : workdir && joinPath(workdir, [word]);
  const isIt = (word: string | undefined) =>
    word !== undefined && nameOf(word) === name && (inImage(word) ?? path) === path;
  for (const { command } of commands.toReversed()) {
    const { program = '', redirects } = command;
    if (redirects.some(({ operator, target }) => operator.includes('>') && isIt(target?.unquoted)))
      return { from: undefined };
    const words = command.args.map(({ unquoted }) => unquoted);
    if (/^(?:tee|curl|wget)$/.test(program) && words.some(isIt)) return { from: undefined };
    if (words.some((word, i) => isIt(word) && /^(?:-o|--output|--outfile)$/.test(words[i - 1] ?? '')))
      return { from: undefined };
    if (!/^(?:mv|cp|ln|install)$/.test(program)) continue;
    const operands = words.filter((word) => !word.startsWith('-'));
    const target = operands.at(-1);
    if (target === undefined) continue;
    const source = operands.slice(0, -1).find((word) => nameOf(word) === name && isIt(`${target}/${name}`));
    if (source !== undefined) return { from: inImage(source) };
    if (isIt(target)) return { from: operands.length === 2 ? inImage(operands[0] as string) : undefined };
  }
  return undefined;
}

/** What `path` is called under `directory`; undefined when it lies elsewhere. */
function below(directory: string, path: string): string | undefined {
  const folder = directory === '/' ? '/' : `${directory.replace(/\/$/, '')}/`;
  return path.startsWith(folder) ? path.slice(folder.length) : undefined;
}

interface Candidate {
  readonly path: string;
  readonly named: boolean;
}

/**
 * Names that a source may have for what lands at `path`: the source itself where it is a file, a part of it where it is a
 * directory. Which it is the text does not tell.
 * @param source clean and relative; wildcards in its last part only
 */
function candidates(source: string, target: string, path: string): readonly Candidate[] {
  const inside = below(target, path);
  const slash = source.lastIndexOf('/') + 1;
  const folder = source.slice(0, slash);
  if (/[*?[\\]/.test(source)) {
    const fits = inside !== undefined && !inside.includes('/') && matchName(source.slice(slash), inside) === true;
    return fits && !/[*?[\\]/.test(folder) ? [{ path: `${folder}${inside}`, named: true }] : [];
  }
  const found: Candidate[] = [];
  if (source !== '.' && (path === target || inside === nameOf(source))) found.push({ path: source, named: true });
  if (inside !== undefined) found.push({ path: source === '.' ? inside : `${source}/${inside}`, named: false });
  return found;
}

function heredocOrigin({ instruction }: Step, target: string, path: string): Origin | undefined {
  const found = instruction.heredocs.find(({ name }) => path === target || below(target, path) === name);
  // BuildKit expands what stands under a name without quotes.
  if (found === undefined || (found.expand && found.content.includes('$'))) return undefined;
  return { is: 'heredoc', text: found.content, at: found.bodySpan[0] };
}

/**
 * Where a file of a stage may come from, likeliest first: what was copied last is asked first. A file that a RUN
 * moved is sought where it was before; it ends at a RUN that made the file. What nobody copied has no origin.
 * @param image its path there, absolute
 */
export function* originsOf(build: Build, stage: Stage, image: string): Generator<Origin, void, undefined> {
  yield* originsIn(build, stage, image, { copies: MAX_COPIES });
}

function* originsIn(build: Build, stage: Stage, image: string, budget: Budget): Generator<Origin> {
  let path = image;
  for (const each of [stage, ...stage.ancestors]) {
    const needs = contextNeeds(build, [each]);
    for (const step of executedSteps(each).toReversed()) {
      const { name, heredocs, flags } = step.instruction;
      const made = name === 'RUN' ? madeBy(step, path) : undefined;
      if (made !== undefined) {
        if (made.from === undefined) return;
        path = made.from;
      }
      if (name !== 'COPY' && name !== 'ADD') continue;
      const target = copyTarget(step);
      if (target === undefined || !isKnown(target)) continue;
      if (flags.some((flag) => flag.name === 'from')) {
        yield* originsElsewhere(build, step, { target: target.value, path, budget });
        continue;
      }
      if (heredocs.length > 0) {
        const origin = heredocOrigin(step, target.value, path);
        if (origin !== undefined) yield origin;
      }
      const found = needs.flatMap((need) =>
        need.step === step && need.via !== 'mount' && isKnown(need.path)
          ? candidates(need.path.value, target.value, path)
          : [],
      );
      for (const one of found.toSorted((a, b) => Number(b.named) - Number(a.named))) yield { is: 'context', ...one };
    }
  }
}

interface Wanted {
  readonly target: string;
  readonly path: string;
  readonly budget: Budget;
}

/** The same for a copy from another stage of the file. */
function* originsElsewhere(build: Build, step: Step, { target, path, budget }: Wanted): Generator<Origin> {
  const from = step.stage?.sources.find((source) => source.step === step && source.via === 'copy')?.from;
  if (from === undefined || 'kind' in from) return;
  for (const word of copyWords(step)?.sources ?? []) {
    const source = step.expand(word);
    if (!isKnown(source)) continue;
    const clean = joinPath('/', [source.value]).slice(1);
    for (const candidate of candidates(clean === '' ? '.' : clean, target, path)) {
      if (budget.copies === 0) return;
      budget.copies -= 1;
      yield* originsIn(build, from, `/${candidate.path}`, budget);
    }
  }
}
