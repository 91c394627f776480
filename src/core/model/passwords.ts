import { passwordsGiven, type ShellWord } from '../language/shell/index.ts';
import type { Step, StepCommand } from './types.ts';

/** A word of a command that is, or holds, a password in clear text. */
export interface WrittenPassword {
  readonly command: StepCommand;
  readonly word: ShellWord;
  /** Who gets it: `chpasswd`, `docker login`. */
  readonly given: string;
}

function plain(word: ShellWord | undefined): word is ShellWord {
  return word !== undefined && word.value !== undefined && word.value !== '';
}

/** `echo user:password | chpasswd`: the word that holds both. */
function pipedToChpasswd(each: StepCommand): readonly ShellWord[] {
  const { command, script } = each;
  if (command.program !== 'chpasswd' || command.stage === 0) return [];
  const index = command.pipeline.commands[command.stage - 1];
  const source = index === undefined ? undefined : script.commands[index];
  if (source?.program !== 'echo' && source?.program !== 'printf') return [];
  const hashed = command.args.some(({ value }) => value === '-e' || value === '--encrypted');
  if (hashed) return [];
  return source.args.filter((word) => plain(word) && /^[^:\s%]+:[^:\s%]+/.test(word.value ?? ''));
}

/** Passwords that a step's commands are given in clear text. Those from variables, files or standard input are none. */
export function writtenPasswords(step: Step): readonly WrittenPassword[] {
  return step.commands.flatMap((command) => [
    ...pipedToChpasswd(command).map((word) => ({ command, word, given: 'chpasswd' })),
    ...passwordsGiven(command.command).map((given) => ({ command, ...given })),
  ]);
}
