import type { Fact } from '../vocabulary/index.ts';
import { contextCopy, pathIn } from './copies.ts';
import { isKnown, unknown, valueOf } from './known.ts';
import { stepsBefore } from './stages.ts';
import type { Stage, Step } from './types.ts';
import { copyWords } from './words.ts';

/** Targets of a copy that can hold /bin/sh: the root, a directory of programs, the shell itself. */
const HOLDS_SHELL = /^\/(?:usr\/?)?$|^\/(?:usr\/)?bin\/?$|^\/(?:usr\/)?bin\/(?:sh|bash|ash|dash|busybox)$/;

/** Why a step may bring /bin/sh into an image without one; undefined when it does not. */
function mayBringShell(step: Step): string | undefined {
  const { name } = step.instruction;
  if (name === 'RUN') return 'a RUN may make a shell';
  const copy = copyWords(step);
  if (copy === undefined) return undefined;
  const target = contextCopy(step)?.path ?? step.expand(copy.target);
  const workdir = valueOf(step.before.workdir);
  if (!isKnown(target) || (workdir === undefined && !target.value.startsWith('/'))) return `${name} may bring a shell`;
  return HOLDS_SHELL.test(pathIn(workdir ?? '/', target.value)) ? `${name} may bring a shell` : undefined;
}

/**
 * Whether /bin/sh can be started in a stage: known false when the base image has none (scratch, distroless) and nothing can
 * have brought one.
 * @param before the step that would start it; left out: in the finished stage
 */
export function hasShell(stage: Stage, before?: Step): Fact<boolean> {
  const { sh } = stage.image;
  if (!isKnown(sh)) return sh;
  if (sh.value !== null) return { ...sh, value: true };
  const steps =
    before === undefined
      ? [stage, ...stage.ancestors].flatMap((each) => [...each.triggers, ...each.steps])
      : stepsBefore(before);
  for (const step of steps) {
    const doubt = mayBringShell(step);
    if (doubt !== undefined) return unknown(doubt);
  }
  return { ...sh, value: false };
}

/** True for a CMD or ENTRYPOINT in shell form of a target that certainly has no shell: its containers do not start. */
export function lacksShellToStart(step: Step, target: Stage): boolean {
  const { name, args } = step.instruction;
  if (args.form !== 'shell' || step.before.shellStep !== undefined) return false;
  // With an ENTRYPOINT, a CMD is its arguments, whatever they are.
  const argumentsOnly =
    name === 'CMD' && (target.end.entrypoint !== undefined || valueOf(target.image.entrypoint)?.length !== 0);
  return !argumentsOnly && valueOf(hasShell(target)) === false;
}
