import { oncePer } from './once.ts';
import { countWhere } from './sorted.ts';
import type { Build, Stage, Step } from './types.ts';

/** Steps of a stage with that instruction, ONBUILD bodies and triggers apart. */
export function stepsNamed(stage: Stage, name: string): readonly Step[] {
  return stage.steps.filter(({ instruction }) => instruction.name === name);
}

/** The USER in force when a container of the stage starts; undefined when the base image decides. */
export function lastUser(stage: Stage): Step | undefined {
  return stage.end.userStep;
}

/** True for the stage that is built: its config is the image's. */
export function isFinal(build: Build, stage: Stage): boolean {
  return build.target === stage;
}

/** True when the stage's layers are part of the image: the target, or what it is FROM. */
export function ships(build: Build, stage: Stage): boolean {
  return build.shipped.includes(stage);
}

/** Steps that come after `step` in its stage. */
export function stepsAfter(step: Step): readonly Step[] {
  return step.stage?.steps.slice(step.index) ?? [];
}

/** Steps that came before `step`: its stage's, triggers included, and those of the stages below, nearest last. */
export function stepsBefore(step: Step): readonly Step[] {
  const { stage } = step;
  if (stage === undefined) return [];
  const inherited = [...stage.ancestors].reverse().flatMap((each) => [...each.triggers, ...each.steps]);
  return [...inherited, ...stage.triggers, ...stage.steps.slice(0, Math.max(step.index - 1, 0))];
}

/** The stage that a stage is FROM. */
function below({ base }: Stage): Stage | undefined {
  return base.kind === 'stage' ? base.stage : undefined;
}

/**
 * As `oncePer`, of a stage and what came out for the stage below it. Those below are done first, from the bottom: a chain of any
 * length is no recursion.
 */
export function alongChain<V>(make: (stage: Stage, below: V | undefined) => V): (stage: Stage) => V {
  const made = new WeakMap<Stage, { readonly value: V }>();
  return (asked) => {
    const pending: Stage[] = [];
    for (let stage: Stage | undefined = asked; stage !== undefined && !made.has(stage); stage = below(stage))
      pending.push(stage);
    for (const stage of pending.reverse()) {
      const base = below(stage);
      made.set(stage, { value: make(stage, base && made.get(base)?.value) });
    }
    return (made.get(asked) as { readonly value: V }).value;
  };
}

/**
 * Whether something is so of a step or of one that came before it, see `stepsBefore`. Each step is looked at once, however many
 * ask.
 */
export function hereOrBefore(is: (step: Step) => boolean): (step: Step) => boolean {
  const last = lastHereOrBefore((step) => is(step) || undefined);
  return (step) => last(step) === true;
}

/**
 * What was said last by a step or one that came before it, see `stepsBefore`. Each step is read once, however many ask.
 * @param read undefined for a step that says nothing of it
 */
export function lastHereOrBefore<V>(read: (step: Step) => V | undefined): (step: Step) => V | undefined {
  const said = alongChain((stage: Stage, inherited: { readonly last: V | undefined } | undefined) => {
    const own = executedSteps(stage).flatMap((step) => {
      const value = read(step);
      return value === undefined ? [] : [{ index: step.index, value }];
    });
    return { own, inherited: inherited?.last, last: own.at(-1)?.value ?? inherited?.last };
  });
  return ({ stage, index }) => {
    if (stage === undefined) return undefined;
    const { own, inherited } = said(stage);
    const at = countWhere(own, (each) => each.index <= index);
    return at === 0 ? inherited : own[at - 1]?.value;
  };
}

/** What the first of the steps after one says, in its stage. Each step is read once, however many ask. */
export function firstAfter<V>(read: (step: Step) => V | undefined): (step: Step) => V | undefined {
  const said = oncePer(({ steps }: Stage) => {
    const after: (V | undefined)[] = new Array(steps.length + 1).fill(undefined);
    for (let i = steps.length - 1; i >= 0; i--) after[i] = read(steps[i] as Step) ?? after[i + 1];
    return after;
  });
  return ({ stage, index }) => stage && said(stage)[Math.floor(index)];
}

/** What runs in a stage, in order: ONBUILD bodies of the stage below, then its own instructions. */
export function executedSteps(stage: Stage): readonly Step[] {
  return stage.triggers.length === 0 ? stage.steps : [...stage.triggers, ...stage.steps];
}

/** True for a body of an ONBUILD where it runs: it is written in the stage below, and an edit there changes that stage's config. */
export function isTriggered(step: Step): boolean {
  return step.stage?.triggers.includes(step) ?? false;
}

/**
 * Every step that BuildKit converts when all stages are asked for, in its order: ONBUILD bodies of a stage below run only where
 * the target needs the stage; each is given once.
 */
export function convertedSteps(build: Build): readonly Step[] {
  const seen = new Set<Step['instruction']>();
  return build.stages.flatMap((stage) => {
    if (stage.triggers.length === 0 || !build.needed.includes(stage)) return stage.steps;
    const fresh = stage.triggers.filter(({ instruction }) => !seen.has(instruction));
    for (const { instruction } of fresh) seen.add(instruction);
    return [...fresh, ...stage.steps];
  });
}
