import type { ShellWord } from '../language/shell/index.ts';
import type { Span } from '../vocabulary/index.ts';
import { startProgram } from './purpose.ts';
import type { Stage, Step, StepCommand } from './types.ts';

/** A word of what a container starts: `value` is undefined where the shell puts something in. */
export interface StartWord {
  readonly value: string | undefined;
  readonly span: Span;
  readonly step: Step;
}

/** A command that a container of a stage starts. */
export interface StartCommand {
  readonly step: Step;
  /** Program and arguments, wrappers such as `exec`, `tini --` or `gosu app` removed; never empty. */
  readonly words: readonly StartWord[];
  /** Name of the program without its directory; undefined when it is a variable. */
  readonly program: string | undefined;
  /** What was removed before the program: `tini`, `exec`, `npx`, by name. */
  readonly wrappers: readonly string[];
  /** It is, or replaces, PID 1's program: not one of several commands before the last. */
  readonly last: boolean;
  /** The command of the script; undefined for exec form. */
  readonly command: StepCommand | undefined;
}

function base(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function fromShell(step: Step): readonly StartCommand[] {
  const found: StartCommand[] = [];
  const commands = step.commands.filter(({ command }) => !command.nesting.includes('substitution'));
  commands.forEach((each, i) => {
    const { command } = each;
    if (command.programWord === undefined) return;
    const word = ({ value, span }: ShellWord): StartWord => ({ value, span, step });
    found.push({
      step,
      words: [word(command.programWord), ...command.args.map(word)],
      program: command.program,
      wrappers: command.wrappers.map(base),
      last: i === commands.length - 1,
      command: each,
    });
  });
  return found;
}

function fromArgv(words: readonly StartWord[]): readonly StartCommand[] {
  const argv = words.map(({ value }) => value ?? '');
  const rest = startProgram(argv);
  const kept = words.slice(argv.length - rest.length);
  const wrappers = argv
    .slice(0, argv.length - rest.length)
    .filter((word) => !word.startsWith('-'))
    .map(base);
  const [first] = kept;
  if (first === undefined) return [];
  const program = base(first.value ?? '');
  return [{ step: first.step, words: kept, program, wrappers, last: true, command: undefined }];
}

function elements(step: Step | undefined): readonly StartWord[] {
  if (step?.instruction.args.form !== 'json') return [];
  return step.instruction.args.elements.map(({ value, span }) => ({ value, span, step }));
}

/**
 * The commands that this file's own ENTRYPOINT and CMD start in a stage, with their places: of exec form the argv of both
 * joined, of shell form (and `["sh", "-c", "…"]`) every command of the script. Empty when the base image decides.
 */
export function startCommands(stage: Stage): readonly StartCommand[] {
  const { entrypoint, cmd } = stage.end;
  const scripts = [entrypoint, cmd].filter((step): step is Step => step !== undefined && step.scripts.length > 0);
  if (entrypoint !== undefined && scripts.includes(entrypoint)) return fromShell(entrypoint);
  const fromCmd = cmd === undefined ? [] : scripts.includes(cmd) ? fromShell(cmd) : [];
  if (fromCmd.length > 0) return fromCmd;
  return fromArgv([...elements(entrypoint), ...elements(cmd)]);
}
