import type { Invocation, ShellCommand } from '../types.ts';

/** Git itself, and programs that run what a project says. */
const READS_HISTORY =
  /^(?:git|make|gmake|just|task|goreleaser|lerna|nx|semantic-release|setuptools_scm|versioneer|hatch|mage|bazel)$/;

/** Why a command may look into the project's git history, for people; undefined when nothing says that it does. */
export function mayReadHistory(command: ShellCommand, invocation: Invocation | undefined): string | undefined {
  const program = (invocation?.program ?? command.program ?? '').replace(/^.*\//, '');
  if (READS_HISTORY.test(program)) return `${program} may read it`;
  const subcommand = invocation?.subcommand ?? command.args[0]?.unquoted ?? '';
  if (program === 'go' && /^(?:build|install)$/.test(subcommand)) return 'go writes the commit into the program';
  return /\.sh$|^\.\//.test(command.program ?? '') ? 'a script of the project may read it' : undefined;
}
