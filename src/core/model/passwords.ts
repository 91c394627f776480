import type { ShellWord } from '../language/shell/index.ts';
import type { Step, StepCommand } from './types.ts';

/** A word of a command that is, or holds, a password in clear text. */
export interface WrittenPassword {
  readonly command: StepCommand;
  readonly word: ShellWord;
  /** Who gets it: `chpasswd`, `docker login`. */
  readonly given: string;
}

/** Options by which programs take a password as an argument. */
const PASSWORD_OPTION = /^(?:-p|--password|--pass)(?:=(.+))?$/;
const LOGINS = new Set(['docker', 'podman', 'buildah', 'skopeo', 'helm', 'az', 'oc', 'cf', 'heroku', 'npm-cli-login']);

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

/** `docker login -u me -p password`: the word of the password. */
function givenToLogin({ command }: StepCommand): readonly ShellWord[] {
  const { program, args } = command;
  if (program === undefined || !LOGINS.has(program) || !args.some(({ value }) => value === 'login')) return [];
  const found: ShellWord[] = [];
  args.forEach((word, i) => {
    const option = PASSWORD_OPTION.exec(word.value ?? '');
    if (option === null) return;
    const value = option[1] === undefined ? args[i + 1] : word;
    if (plain(value)) found.push(value);
  });
  return found;
}

/** Passwords that a step's commands are given in clear text. Those from variables, files or standard input are none. */
export function writtenPasswords(step: Step): readonly WrittenPassword[] {
  return step.commands.flatMap((command) => [
    ...pipedToChpasswd(command).map((word) => ({ command, word, given: 'chpasswd' })),
    ...givenToLogin(command).map((word) => ({ command, word, given: `${command.command.program} login` })),
  ]);
}
