import { bringsSources, mayReadPackageLists } from '../language/shell/index.ts';
import { oncePer } from './once.ts';
import type { StepCommand } from './types.ts';

/** Whether a command of a RUN may read the package lists of apt without being seen to, by what stands before it in the step. */
export const mayReadLists: (command: StepCommand) => boolean = oncePer((each) => {
  const { step, command, script } = each;
  const sources = step.commands.some(
    (other) => other.command !== command && other.command.span[0] < command.span[0] && bringsSources(other.command),
  );
  return mayReadPackageLists(each, { sources, partial: script.partial });
});
