import type { Fact } from '../vocabulary/index.ts';
import { given, isKnown, unknown, valueOf, written } from './known.ts';
import type { Stage, Start, Step } from './types.ts';

/** The argv that a CMD or ENTRYPOINT step stores: in shell form its shell with the script as one word. */
function argvOf(step: Step, file: string): Fact<readonly string[]> {
  const { args, span, name } = step.instruction;
  const says = `${name} is set here`;
  if (args.form === 'json')
    return written(
      args.elements.map(({ value }) => value),
      file,
      span,
      says,
    );
  if (args.form !== 'shell') return unknown(`${name} cannot be read`);
  const shell = step.before.shellStep?.instruction.args;
  const prefix =
    shell?.form === 'json' ? shell.elements.map(({ value }) => value) : valueOf(step.stage?.image.shell ?? unknown(''));
  return written([...(prefix ?? ['/bin/sh', '-c']), args.script.text], file, span, says);
}

/**
 * What a container of this stage starts when nobody says otherwise: ENTRYPOINT with CMD as its arguments, each from the last
 * step that sets it or from the base image. An ENTRYPOINT discards the CMD below it; one in shell form ignores CMD.
 */
export function startOf(stage: Stage, file: string): Start {
  const known = starts.get(stage);
  if (known !== undefined) return known;
  const start = findStart(stage, file);
  starts.set(stage, start);
  return start;
}

/** A stage belongs to one file, and nearly every rule about what runs asks for its start. */
const starts = new WeakMap<Stage, Start>();

function findStart(stage: Stage, file: string): Start {
  const { end } = stage;
  const entrypointStep = end.entrypoint;
  const cmdStep = end.cmd;
  const discarded = cmdStep === undefined && entrypointStep !== undefined;
  const entrypoint = entrypointStep === undefined ? stage.image.entrypoint : argvOf(entrypointStep, file);
  const cmd = cmdStep !== undefined ? argvOf(cmdStep, file) : discarded ? given([]) : stage.image.cmd;
  const shellForm = entrypointStep?.instruction.args.form === 'shell';
  const argv = !isKnown(entrypoint)
    ? entrypoint
    : shellForm
      ? entrypoint
      : isKnown(cmd)
        ? {
            ...entrypoint,
            value: [...entrypoint.value, ...cmd.value],
            evidence: [...entrypoint.evidence, ...cmd.evidence],
          }
        : cmd;
  return { entrypoint, cmd, argv, entrypointStep, cmdStep };
}
