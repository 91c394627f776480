import type { State } from '../language/shell/index.ts';
import { mountCovers } from './caches.ts';
import type { Build, Step, StepCommand } from './types.ts';

/**
 * The last command of a step that writes `state` without anything later in the step clearing it: what it wrote is in the
 * step's layer. A clearing that may not run counts, so that nothing is said where it is not certain.
 * @returns undefined as well when a cache or tmpfs mount lies over the state, and for steps that cannot be read
 */
export function leftBehind(step: Step, state: State): StepCommand | undefined {
  let writer: StepCommand | undefined;
  for (const each of step.commands) {
    const { invocation } = each;
    if (invocation === undefined) continue;
    if (invocation.clears.includes(state)) writer = undefined;
    else if (invocation.writes.includes(state)) writer = each;
  }
  return writer === undefined || mountCovers(step, state) !== undefined ? undefined : writer;
}

/**
 * The command of a step that makes a package index which nothing in the step reads: a later step is to use it, from a layer
 * that may be cached and old by then.
 */
export function indexForLater(step: Step, state: State): StepCommand | undefined {
  const writes = ({ invocation }: StepCommand) =>
    invocation?.action === 'update-index' && invocation.writes.includes(state);
  if (step.commands.some(({ invocation }) => invocation?.reads.includes(state))) return undefined;
  return step.commands.find(writes);
}

/** RUN steps whose layers are part of the image, in file order. */
export function shippedRuns(build: Build): readonly Step[] {
  const shipped = new Set(build.shipped);
  return build.stages.flatMap((stage) =>
    shipped.has(stage) ? stage.steps.filter(({ instruction }) => instruction.name === 'RUN') : [],
  );
}

/** RUN steps that the image needs, those of builder stages too, in file order. */
export function neededRuns(build: Build): readonly Step[] {
  return build.needed.flatMap(({ steps }) => steps.filter(({ instruction }) => instruction.name === 'RUN'));
}

/** Where the text of a step's commands stands, as the edit helpers want it. */
export function scriptPlace(
  { dockerfile }: Build,
  step: Step,
): { readonly text: string; readonly instruction: Step['instruction']; readonly escape: string } {
  return { text: dockerfile.text, instruction: step.instruction, escape: dockerfile.escape };
}

/** How claims name a field of a step: `build/RUN 2/args`, in the last stage without a name `final/RUN 1/args`. */
export function claimName(build: Build, step: Step, field: string): string {
  const { stage } = step;
  const name = stage?.name ?? (stage === build.stages.at(-1) ? 'final' : stage?.label);
  return `${name}/${step.label}/${field}`;
}
