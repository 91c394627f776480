import type { Claim, Evidence } from '../vocabulary/index.ts';
import { oncePer } from './once.ts';
import type { Build, Stage, Step, StepCommand } from './types.ts';

/** RUN steps whose layers are part of the image, in file order. */
export const shippedRuns: (build: Build) => readonly Step[] = oncePer((build) => {
  const shipped = new Set(build.shipped);
  return build.stages.flatMap((stage) => (shipped.has(stage) ? runsOf(stage.steps) : []));
});

/** RUN steps that the image needs, those of builder stages too, in file order. */
export const neededRuns: (build: Build) => readonly Step[] = oncePer((build) =>
  build.needed.flatMap(({ steps }) => runsOf(steps)),
);

function runsOf(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ instruction }) => instruction.name === 'RUN');
}

/** The commands of `shippedRuns`, in order. */
export const shippedCommands: (build: Build) => readonly StepCommand[] = oncePer((build) =>
  commandsOf(shippedRuns(build)),
);

/** The commands of `neededRuns`, in order. */
export const neededCommands: (build: Build) => readonly StepCommand[] = oncePer((build) =>
  commandsOf(neededRuns(build)),
);

/** The commands of some steps, in order. */
export function commandsOf(steps: readonly Step[]): readonly StepCommand[] {
  return steps.flatMap(({ commands }) => commands);
}

/** A command as what was looked at. `says` must not quote values: they may be secrets. */
export function evidenceAt({ file }: Build, { command }: StepCommand, says: string): readonly Evidence[] {
  return [{ at: { file, span: command.span }, says }];
}

/** Where the text of a step's commands stands, as the edit helpers want it. */
export function scriptPlace(
  { dockerfile }: Build,
  step: Step,
): { readonly text: string; readonly instruction: Step['instruction']; readonly escape: string } {
  return { text: dockerfile.text, instruction: step.instruction, escape: dockerfile.escape };
}

/** How claims name a field of a step: `build/RUN 2/args`, in the last stage without a name `final/RUN 1/args`. */
export function claimName(step: Step, field: string): string {
  return `${step.stage?.label ?? ''}/${step.label}/${field}`;
}

/** How claims name a field of a stage's image config: `final/config/Env`. */
export function configClaimName(stage: Stage | undefined, field: string): string {
  return `${stage?.label ?? ''}/config/${field}`;
}

/** The claim of a fix that changes nothing but the named fields of a step. */
export function changesOnly(step: Step, ...fields: readonly string[]): Claim {
  return { kind: 'same-build-but', differs: fields.map((field) => claimName(step, field)) };
}

/** The field of a RUN that its commands stand in. A heredoc with a shebang is mounted as a file and run from there. */
export function scriptField({ dockerfile }: Build, { instruction }: Step): 'args' | 'mounts' {
  const [heredoc] = instruction.heredocs;
  return heredoc !== undefined && /^\t*#!/.test(dockerfile.text.slice(...heredoc.bodySpan)) ? 'mounts' : 'args';
}

/** The claim of a fix that changes the commands in a step and nothing else. */
export function changesScript(build: Build, step: Step): Claim {
  return changesOnly(step, scriptField(build, step));
}
