import type { Invocation, ShellCommand } from '../types.ts';

/** Programs that run a file or a recipe which cannot be read here. */
const RUNS_A_FILE: ReadonlySet<string> = new Set([
  ...[
    'sh',
    'bash',
    'ash',
    'dash',
    'zsh',
    'source',
    '.',
    'eval',
    'make',
    'perl',
    'ruby',
    'python',
    'rake',
    'just',
    'task',
  ],
  ...['ansible-playbook', 'puppet', 'chef-client', 'chef-solo', 'salt-call'],
]);

/** What sources are built with and what sets up a shell: these compile, copy or export, they install no packages of the system. */
const BUILD_SCRIPTS =
  /(?:^|\/)(?:[Cc]onfigure|config|gradlew|mvnw|setup\.py|manage\.py|Makefile\.PL|Build\.PL|Build|activate|nvm\.sh|\.?bashrc|\.?profile|env|os-release|setup\.bash)$/;
/** Recipes of a Makefile that compile and put files in place. */
export const BUILD_TARGETS =
  /^(?:-.*|\w+=.*|\d+|all|install(?:[-_].*)?|check|test|tests|clean|distclean|modules|\$.*)$/;

const SCRIPT = /\/|\.(?:sh|bash|py|pl|rb|run|bin|php|js)$/;
/** A program of the system by its path. */
export const SYSTEM_BIN = /^\/(?:usr\/)?(?:local\/)?s?bin\/[^.]*$/;

/** A command as the program tables see it. */
export interface Told {
  readonly command: ShellCommand;
  /** Undefined for a program that the tables lack. */
  readonly invocation: Invocation | undefined;
}

/** True when the command may start a package manager that nobody sees: a script, a recipe, a program by path. */
export function mayInstall({ command, invocation }: Told): boolean {
  const { program, programWord, args } = command;
  if (program === undefined) return command.words.length > 0;
  const written = programWord?.text ?? program;
  if (SCRIPT.test(written) && !SYSTEM_BIN.test(written)) return !BUILD_SCRIPTS.test(written);
  const name = program.replace(/(?<=[a-z])[\d.]+$/, '');
  if (!RUNS_A_FILE.has(name)) return false;
  if (name === 'make') return !args.every(({ text }) => BUILD_TARGETS.test(text));
  // `python -m pip` is pip; `bash -c '…'` was read; `python --version` runs nothing.
  if (invocation !== undefined && invocation.program !== name) return false;
  return !args.some(
    ({ value }) =>
      value === '--version' ||
      (value !== undefined && /^-[a-z]*c$|^-[mV]/.test(value)) ||
      BUILD_SCRIPTS.test(value ?? ''),
  );
}
