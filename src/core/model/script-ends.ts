import type { Script, ShellCommand } from '../language/shell/index.ts';
import { roleOf } from '../language/shell/index.ts';
import { startProgram } from './purpose.ts';
import { joinPath } from './surroundings.ts';

/** A command that a script of a start leaves the container to. */
export interface ScriptEnd {
  readonly command: ShellCommand;
  /** Program and arguments, `"$@"` put in; '' for a word that is not known. Empty: it runs what it was given, which is nothing. */
  readonly argv: readonly string[];
  /** All that it runs is what the script was given: `exec "$@"`. */
  readonly passed: boolean;
  /** Where it runs; undefined where a `cd` is not known. */
  readonly workdir: string | undefined;
}

export interface ScriptEnds {
  readonly ends: readonly ScriptEnd[];
  /** The last command only waits for what was put into the background before. */
  readonly waits: boolean;
  /** Nothing is put into the background, and nothing runs in a loop. */
  readonly straight: boolean;
  /** Commands of the script, in order, those of substitutions and subshells apart. */
  readonly all: readonly ScriptEnd[];
  /** Commands at the top of the script, in order. */
  readonly top: readonly ScriptEnd[];
}

const ALL_ARGUMENTS = /^"?\$(?:[@*]|\{[@*]\})"?$/;

/** What the words of a command stand for, those that the script was given put in. */
function argvOf(command: ShellCommand, given: readonly string[]): { argv: readonly string[]; passed: boolean } {
  const { programWord, args } = command;
  const words = programWord === undefined ? [] : [programWord, ...args];
  const argv = words.flatMap(({ text, value }) => (ALL_ARGUMENTS.test(text) ? given : [value ?? '']));
  const passed = programWord !== undefined && ALL_ARGUMENTS.test(programWord.text);
  return { argv: startProgram(argv), passed };
}

/** Waits, and does nothing else: then what runs is what was started before. */
function isIdle([program = '', ...args]: readonly string[], command: ShellCommand): boolean {
  switch (program.slice(program.lastIndexOf('/') + 1)) {
    case 'wait':
    case 'fg':
      return true;
    case 'tail':
      return args.some((word) => /^-\w*[fF]|^--follow/.test(word));
    case 'sleep':
      return command.nesting.includes('loop-body') || args[0] === 'infinity' || args[0] === 'inf';
    case 'bash':
    case 'sh':
      return args.length === 0;
    default:
      return false;
  }
}

/** Says how a script ended, and runs nothing. */
const CLOSING = /^(?:exit|return|echo|printf|true|:)$/;

const hides = (command: ShellCommand) =>
  command.nesting.includes('substitution') || command.nesting.includes('subshell');

/** It calls a function of the script: its commands are among the script's own. */
function callsFunction(text: string, { program }: ShellCommand): boolean {
  if (program === undefined || !/^[\w-]+$/.test(program)) return false;
  return new RegExp(`(?:^|\\n)[ \\t]*(?:function[ \\t]+)?${program}[ \\t]*(?:\\([ \\t]*\\)|\\{)`).test(text);
}

/**
 * What a script of a start leaves the container to: what it hands over to with `exec`, wherever that stands, and the last thing
 * that it does.
 * @param given what it was started with
 * @param workdir where it was started
 */
export function scriptEnds(script: Script, given: readonly string[], workdir: string | undefined): ScriptEnds {
  const { commands, map } = script;
  let folder = workdir;
  const seen = commands.map((command): ScriptEnd => {
    const { argv, passed } = argvOf(command, given);
    const at = folder;
    if (command.program === 'cd' && !hides(command)) {
      const to = command.args[0]?.value;
      folder = to === undefined || to === '-' ? undefined : to.startsWith('/') ? to : folder && joinPath(folder, [to]);
    }
    return { command, argv, passed, workdir: at };
  });
  const open = seen.filter(({ command }) => !hides(command) && command.programWord !== undefined);
  const inFunction = ({ command }: ScriptEnd) => command.nesting.includes('function-body');
  const handed = open.filter(({ command }) => command.wrappers.includes('exec'));
  let last = open.filter((one) => !inFunction(one)).at(-1);
  for (let rest = open; last !== undefined && CLOSING.test(last.command.program ?? ''); ) {
    rest = rest.slice(0, rest.indexOf(last));
    last = rest.filter((one) => !inFunction(one)).at(-1);
  }
  const waits = last !== undefined && isIdle(last.argv, last.command);
  const called = last !== undefined && handed.some(inFunction) && callsFunction(map.text, last.command);
  const closing = last === undefined || waits || called || handed.includes(last) ? [] : [last];
  return {
    ends: [...handed, ...closing],
    waits,
    straight: open.every(
      ({ command: { nesting, list } }) =>
        !nesting.some((each) => each === 'loop-body' || each === 'loop-test' || each === 'background') &&
        list.terminator?.text !== '&',
    ),
    all: open,
    top: open.filter(({ command }) => command.certain),
  };
}

/** Commands that make ready, and start nothing. */
const PREPARES =
  /^(?:set|export|unset|cd|umask|ulimit|mkdir|chmod|chown|cp|mv|ln|rm|touch|sed|test|\[|\[\[|local|readonly|shift|trap|printf|:|exit|sleep)$/;

/** Whether all that a script does is known to end, and the last of it is always reached: then it is a job. */
export function endsByItself({ straight, all, waits }: ScriptEnds): boolean {
  if (!straight || waits) return false;
  const works = all.filter(({ command }) => !PREPARES.test(command.program ?? ''));
  return works.at(-1)?.command.certain === true && works.every(({ argv }) => roleOf(argv, false)?.is === 'task');
}
