import { lineMap, position } from '../../language/text/index.ts';
import {
  type Build,
  contextNeeds,
  executedSteps,
  isKnown,
  type Stage,
  type Step,
  valueOf,
  writtenPasswords,
} from '../../model/index.ts';
import { credentialsInUrls, secretValuesIn } from '../../world/secrets/index.ts';
import { baseOf, Held, operationOf } from './operations.ts';

/** What a step takes from the context: one source, minus what `--exclude` names. */
export interface Taking {
  /** Clean, relative to the context, with its wildcards; "." is all of it. */
  readonly source: string;
  readonly exclude: readonly string[];
}

/** A step as the cache looks at it. */
export interface PlannedStep {
  readonly stage: string;
  readonly instruction: string;
  readonly line: number;
  /** On one line. */
  readonly text: string;
  /** The same without passwords and tokens. */
  readonly shown: () => string;
  /** Of FROM: what it starts from, `""` for a stage. */
  readonly operation: string;
  /** `NAME=value` of each variable that its process sees; RUN alone sees them. */
  readonly environment: readonly string[];
  readonly takes: readonly Taking[];
  /** Stages whose files it copies or mounts, as indices into the plan: what is in them only a build knows. */
  readonly from: readonly number[];
  /** Arguments in it that have another value at every build. */
  readonly varying: readonly string[];
  /** `COPY --link`: what stands before it does not matter. */
  readonly linked: boolean;
}

export interface PlannedStage {
  readonly label: string;
  /** The stage that it is FROM, as an index into the plan. */
  readonly base: number | undefined;
  /** The first is FROM; instructions that make no operation are not among them. */
  readonly steps: readonly PlannedStep[];
}

/** What the target of one Dockerfile needs, in the order of the file. */
export interface Plan {
  readonly stages: readonly PlannedStage[];
  /** Sources that depend on a variable: all of the context counts as taken. */
  readonly unknownSources: readonly PlannedStep[];
  /** FROM that depends on a variable: it may be any stage, and what that needs is not among the stages. */
  readonly unknownBases: readonly PlannedStep[];
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function masked(step: Step): string {
  const { text } = step.instruction.logical;
  const spans = [...credentialsInUrls(text), ...secretValuesIn(text)].map(({ span }) => span);
  let rest = text;
  for (const [start, end] of spans) rest = rest.slice(0, start) + '*'.repeat(end - start) + rest.slice(end);
  for (const { word } of writtenPasswords(step)) if (word.value) rest = rest.replaceAll(word.value, '***');
  return oneLine(rest);
}

/**
 * What is built, as the cache looks at it.
 * @param unset arguments that the model was told to be empty, because nobody passes them: they reach no step
 */
export function planOf(build: Build, unset: ReadonlySet<string> = new Set()): Plan {
  const needed = build.needed.toSorted((a, b) => a.index - b.index);
  const places = new Map(needed.map((stage, index) => [stage, index]));
  const lines = lineMap(build.dockerfile.text);
  const ends: Held[] = [];
  const unknownSources: PlannedStep[] = [];
  const stages = needed.map((stage): PlannedStage => {
    const base = stage.base.kind === 'stage' ? places.get(stage.base.stage) : undefined;
    const held = new Held(base === undefined ? undefined : ends[base]);
    ends.push(held);
    const needs = new Map<Step, Taking[]>();
    const open = new Set<Step>();
    for (const { step, path } of contextNeeds(build, [stage])) {
      if (!isKnown(path)) open.add(step);
      const takings = needs.get(step) ?? [];
      takings.push({ source: valueOf(path) ?? '.', exclude: excluded(step) });
      needs.set(step, takings);
    }
    const shown = (step: Step) => ({
      stage: stage.label,
      instruction: step.instruction.name,
      line: position(lines, step.instruction.span[0]).line,
      text: oneLine(step.instruction.logical.text),
      shown: () => masked(step),
    });
    const steps: PlannedStep[] = [
      {
        ...shown(stage.from),
        operation: baseOf(stage, held) ?? '',
        ...{ environment: [], takes: [], from: [], linked: false },
        varying: varyingIn([baseOf(stage, held) ?? '']),
      },
    ];
    const executed = executedSteps(stage);
    for (const [i, step] of executed.entries()) {
      const operation = operationOf(step, held);
      const after = executed[i + 1]?.before ?? stage.end;
      held.apply(step, build, (name) => valueOf(after.variable(name)), unset);
      if (operation === undefined) continue;
      const environment = step.instruction.name === 'RUN' ? held.environment : NOTHING;
      const planned: PlannedStep = {
        ...shown(step),
        operation,
        environment,
        varying: varyingIn([operation, ...environment]),
        takes: needs.get(step) ?? [],
        from: sourcesOf(stage, step, places),
        linked: isLinked(step),
      };
      steps.push(planned);
      if (open.has(step)) unknownSources.push(planned);
    }
    return { label: stage.label, base, steps };
  });
  const unknownBases = needed.flatMap(({ base }, i) =>
    base.kind === 'image' && !isKnown(base.image) ? (stages[i]?.steps.slice(0, 1) ?? []) : [],
  );
  return { stages, unknownSources, unknownBases };
}

const NOTHING: readonly string[] = [];

/** The value of an argument that has another one at every build. */
export const varyingValue = (name: string) => `\u0002${name}\u0003`;

function varyingIn(texts: readonly string[]): readonly string[] {
  const names = texts.flatMap((text) => [...text.matchAll(/\u0002([^\u0003]*)\u0003/g)].map(([, name = '']) => name));
  return [...new Set(names)];
}

const isLinked = ({ instruction: { name, flags } }: Step) =>
  (name === 'COPY' || name === 'ADD') &&
  flags.some((flag) => flag.name === 'link' && (flag.value === undefined || /^(?:1|t|true)$/i.test(flag.value)));

/** Patterns of a step's `--exclude`. */
export const excluded = ({ instruction: { flags } }: Step) =>
  flags.flatMap(({ name, value }) => (name === 'exclude' && value !== undefined ? [value] : []));

/** Stages that a step reads, each once. */
function sourcesOf(stage: Stage, step: Step, places: ReadonlyMap<Stage, number>): readonly number[] {
  const found = new Set<number>();
  for (const source of stage.sources) {
    if (source.step !== step || source.from === undefined || 'kind' in source.from) continue;
    const place = places.get(source.from);
    if (place !== undefined) found.add(place);
  }
  return [...found];
}
