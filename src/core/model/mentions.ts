import type { State } from '../language/shell/index.ts';
import type { Instruction } from '../language/syntax/index.ts';
import { oncePer } from './once.ts';
import { executedSteps } from './stages.ts';
import type { Build } from './types.ts';

/** What a file is about: looked at once, for all rules that have nothing to say without it. */
export interface Mentions {
  /** Names of instructions, those that ONBUILD holds among them, in capitals. */
  readonly instructions: ReadonlySet<string>;
  /** Programs that a script of a stage runs, as they are written and by their usual name: `pip` for `pip3`. */
  readonly programs: ReadonlySet<string>;
  /** States that its commands write. */
  readonly written: ReadonlySet<State>;
}

export const mentionsOf: (build: Build) => Mentions = oncePer(({ dockerfile, stages }) => {
  const instructions = new Set<string>();
  const programs = new Set<string>();
  const written = new Set<State>();
  for (const instruction of dockerfile.instructions) {
    for (let one: Instruction | undefined = instruction; one !== undefined; one = one.child) instructions.add(one.name);
  }
  for (const stage of stages) {
    for (const { commands } of executedSteps(stage)) {
      for (const { command, invocation } of commands) {
        if (command.program !== undefined) programs.add(command.program);
        if (invocation === undefined) continue;
        programs.add(invocation.program);
        for (const state of invocation.writes) written.add(state);
      }
    }
  }
  return { instructions, programs, written };
});
