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

/** Options by which programs that fetch or connect take a password; `pair`: the value is `name:password`. */
const OPTIONS: Readonly<Record<string, { readonly option: RegExp; readonly pair?: true }>> = {
  curl: { option: /^(?:-u|--user|-U|--proxy-user)(?:=(.+))?$/, pair: true },
  wget: { option: /^--(?:http-|ftp-|proxy-)?password(?:=(.+))?$/ },
  sshpass: { option: /^-p(.+)?$/ },
  'redis-server': { option: /^--requirepass$/ },
};
const PAIR = /^[^:$]+:[^:$]+/;

/** `curl -u me:password`, `wget --password=…`. */
function givenByOption({ command }: StepCommand): readonly ShellWord[] {
  const known = OPTIONS[command.program ?? ''];
  if (known === undefined) return [];
  return command.args.flatMap((word, i) => {
    const option = known.option.exec(word.value ?? '');
    if (option === null) return [];
    const value = option[1] === undefined ? command.args[i + 1] : word;
    if (!plain(value)) return [];
    const text = option[1] ?? value.value ?? '';
    return known.pair && !PAIR.test(text) ? [] : [value];
  });
}

/** Variables that clients of databases and the like read a password from. */
const VARIABLES = new Set(['PGPASSWORD', 'MYSQL_PWD', 'SSHPASS', 'REDISCLI_AUTH']);

function givenByVariable({ command }: StepCommand): readonly ShellWord[] {
  return command.assignments.flatMap(({ name, value }) => (VARIABLES.has(name) && plain(value) ? [value] : []));
}

/** Passwords that a step's commands are given in clear text. Those from variables, files or standard input are none. */
export function writtenPasswords(step: Step): readonly WrittenPassword[] {
  return step.commands.flatMap((command) => [
    ...pipedToChpasswd(command).map((word) => ({ command, word, given: 'chpasswd' })),
    ...givenToLogin(command).map((word) => ({ command, word, given: `${command.command.program} login` })),
    ...[...givenByOption(command), ...givenByVariable(command)].map((word) => ({
      command,
      word,
      given: command.command.program ?? 'a program',
    })),
  ]);
}
