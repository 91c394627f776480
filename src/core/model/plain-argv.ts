import type { Step } from './types.ts';

/** Words that a shell understands itself: without the shell they would be programs that do not exist. */
const BUILTINS = new Set(
  'cd source . eval export set unset ulimit umask trap wait read alias exit type shift return : local bg fg jobs history pushd popd'.split(
    ' ',
  ),
);

/** The argv of a script that is one plain command: no variable, pattern, redirection, assignment or list. */
export function plainArgv(step: Step): readonly string[] | { readonly declined: string } {
  const [script, more] = step.scripts;
  if (script === undefined || more !== undefined || script.opaque !== undefined)
    return { declined: 'the script cannot be read' };
  const [command, other] = script.commands;
  if (command === undefined) return { declined: 'the script starts no program' };
  const shellWork = 'the script uses the shell: write ["sh", "-c", "exec …"], or a script of your own';
  if (
    other !== undefined ||
    script.lists.length !== 1 ||
    command.list.pipelines.length !== 1 ||
    command.pipeline.length !== 1
  )
    return { declined: shellWork };
  if (command.list.terminator !== undefined || command.nesting.length > 0 || command.pipeline.negated)
    return { declined: shellWork };
  if (command.redirects.length > 0 || command.assignments.length > 0) return { declined: shellWork };
  const words = command.words[0]?.value === 'exec' ? command.words.slice(1) : command.words;
  const argv: string[] = [];
  for (const { value } of words) {
    if (value === undefined || /^~/.test(value)) return { declined: shellWork };
    argv.push(value);
  }
  if (argv[0] === undefined || argv[0] === '' || BUILTINS.has(argv[0]) || argv[0].startsWith('-'))
    return { declined: shellWork };
  return argv;
}

/** Writes JSON as people do: a blank after each comma. */
export function execForm(argv: readonly string[]): string {
  return `[${argv.map((word) => JSON.stringify(word)).join(', ')}]`;
}
