import type { Nesting, Script, ShellWord } from './types.ts';

/** Blocks that run in a process of their own, or that have not run yet: what they assign stays there. */
const APART: ReadonlySet<Nesting> = new Set(['subshell', 'substitution', 'background', 'sh -c', 'function-body']);

/**
 * The value that the script itself has given a variable before a command: `deps='gcc make' && apt-get install $deps`.
 * @param index the command's, among `script.commands`
 * @returns undefined when it is not assigned, or not certainly, or not to a static value
 */
export function variableBefore(script: Script, index: number, name: string): string | undefined {
  for (let at = index - 1; at >= 0; at--) {
    const command = script.commands[at];
    if (command === undefined || command.nesting.some((nesting) => APART.has(nesting))) continue;
    const value = command.words.length === 0 ? assignedIn(command.assignments, name) : exportedIn(command.words, name);
    if (value === undefined) {
      if (command.program === 'unset' && command.args.some((word) => word.unquoted === name)) return undefined;
      continue;
    }
    return command.certain ? (value ?? undefined) : undefined;
  }
  return undefined;
}

/** The static value, null for one that is not static, undefined when the name is not assigned. */
function assignedIn(assignments: Script['commands'][number]['assignments'], name: string): string | null | undefined {
  const found = assignments.findLast((assignment) => assignment.name === name);
  if (found === undefined) return undefined;
  return found.append ? null : (found.value?.value ?? null);
}

const DECLARING = new Set(['export', 'readonly', 'local', 'declare', 'typeset']);

function exportedIn(words: readonly ShellWord[], name: string): string | null | undefined {
  if (!DECLARING.has(words[0]?.value ?? '')) return undefined;
  const found = words.findLast((word) => word.unquoted.startsWith(`${name}=`));
  if (found === undefined) return undefined;
  return found.value === undefined ? null : found.value.slice(name.length + 1);
}
