import { passwordsGiven, readsPassword, type ShellWord } from '../language/shell/index.ts';
import { oncePer } from './once.ts';
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

/**
 * The literal words that reach a command's standard input: of the `echo` or `printf` that its pipe begins with, whatever stands
 * between (`base64 -d`, `tr`), or of a here-string.
 */
export function pipedWords({ command, script }: StepCommand): readonly ShellWord[] {
  const strings = command.redirects.flatMap(({ operator, target }) => (operator === '<<<' ? [target] : []));
  const [first] = command.pipeline.commands;
  const source = command.stage === 0 || first === undefined ? undefined : script.commands[first];
  const prints = source?.stage === 0 && (source.program === 'echo' || source.program === 'printf');
  const printed = prints ? source.args.filter(({ value }) => !/^-[neE]+$|^(?:%s|\\n)*$/.test(value ?? '')) : [];
  return [...strings, ...printed].filter(plain);
}

/** `echo user:password | chpasswd`: the word that holds both. */
function pipedToChpasswd(each: StepCommand): readonly ShellWord[] {
  const { command } = each;
  if (command.program !== 'chpasswd') return [];
  const hashed = command.args.some(({ value }) => value === '-e' || value === '--encrypted');
  if (hashed) return [];
  return pipedWords(each).filter(({ value }) => /^[^:\s%]+:[^:\s%]+/.test(value ?? ''));
}

/** `echo password | docker login --password-stdin`, `… | sudo -S`. */
function pipedToReader(command: StepCommand): readonly WrittenPassword[] {
  const given = readsPassword(command.command);
  // A line break or a letter answers a question.
  const words = given === undefined ? [] : pipedWords(command).filter(({ value }) => /[^\s\\].{2}/.test(value ?? ''));
  return words.map((word) => ({ command, word, given: given ?? '' }));
}

/** Passwords that a step's commands are given in clear text. Those from variables or files are none. */
export const writtenPasswords: (step: Step) => readonly WrittenPassword[] = oncePer(({ commands }) =>
  commands.flatMap((command) => [
    ...pipedToChpasswd(command).map((word) => ({ command, word, given: 'chpasswd' })),
    ...pipedToReader(command),
    ...passwordsGiven(command.command).map((given) => ({ command, ...given })),
  ]),
);
