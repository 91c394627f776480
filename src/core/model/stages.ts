import { oncePer } from './once.ts';
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
  const below = [...stage.ancestors].reverse().flatMap((each) => [...each.triggers, ...each.steps]);
  return [...below, ...stage.triggers, ...stage.steps.slice(0, Math.max(step.index - 1, 0))];
}

/**
 * Whether something is so of a step or of one that came before it, see `stepsBefore`. Each step is looked at once, however many
 * ask.
 */
export function hereOrBefore(is: (step: Step) => boolean): (step: Step) => boolean {
  const first = oncePer((stage: Stage) => stage.steps.find(is)?.index ?? Number.POSITIVE_INFINITY);
  const own = oncePer((stage: Stage) => stage.triggers.some(is) || Number.isFinite(first(stage)));
  const below = oncePer(({ ancestors, triggers }: Stage) => triggers.some(is) || ancestors.some(own));
  return ({ stage, index }) => stage !== undefined && (first(stage) <= index || below(stage));
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
