import { parse } from '../../language/syntax/index.ts';
import { buildModel, dependencyInstalls, type Stage } from '../../model/index.ts';

/** A step as the engine names it: of a stage, or of the only one. */
export interface NamedStep {
  /** As written, or `stage-1`; undefined where the engine does not say. */
  readonly stage: string | undefined;
  /** Its place among the steps of its stage. */
  readonly number: number;
  /** The instruction, more or less as written. */
  readonly text: string;
}

export interface InstallStep {
  /** `build/RUN 2`. */
  readonly name: string;
  /** Which of the engine's steps it is; undefined when they do not fit the Dockerfile. */
  find<Step extends NamedStep>(steps: readonly Step[]): Step | undefined;
}

/** The RUN steps that install a project's dependencies, of all that the target needs. */
export function installSteps(dockerfile: string, target?: string): readonly InstallStep[] {
  const build = buildModel(parse(dockerfile), { file: 'Dockerfile', ...(target === undefined ? {} : { target }) });
  return build.needed.flatMap((stage) => {
    const runs = stage.steps.filter(({ instruction }) => instruction.name === 'RUN');
    return runs.flatMap((step, index) =>
      dependencyInstalls(step).length === 0
        ? []
        : [
            {
              name: `${stage.label}/${step.label}`,
              find: (steps) => {
                const ran = steps.filter((one) => isOf(one, stage, build.stages.length) && /^RUN\b/i.test(one.text));
                if (ran.length !== runs.length) return undefined;
                return [...ran].sort((a, b) => a.number - b.number)[index];
              },
            } satisfies InstallStep,
          ],
    );
  });
}

/** Steps as the Dockerfile has them, each with the name of its stage; those that fit no stage come last. */
export function stepsInOrder<Step extends NamedStep>(
  dockerfile: string,
  target: string | undefined,
  steps: readonly Step[],
): readonly { readonly stage: string | undefined; readonly step: Step }[] {
  const build = buildModel(parse(dockerfile), { file: 'Dockerfile', ...(target === undefined ? {} : { target }) });
  const placed = steps.map((step) => {
    const stage = build.stages.find((one) => isOf(step, one, build.stages.length));
    return { at: stage?.index ?? build.stages.length, stage: stage?.label ?? step.stage, step };
  });
  return placed
    .toSorted((a, b) => a.at - b.at || a.step.number - b.step.number)
    .map(({ stage, step }) => ({ stage: build.stages.length > 1 ? stage : undefined, step }));
}

function isOf(step: NamedStep, stage: Stage, stages: number): boolean {
  if (step.stage === undefined) return stages === 1;
  return step.stage === `stage-${stage.index}` || step.stage.toLowerCase() === stage.name;
}
