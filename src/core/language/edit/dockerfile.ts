import type { Edit, Span } from '../../vocabulary/index.ts';
import type { Dockerfile, Flag, Instruction } from '../syntax/index.ts';

/** Edit helpers refuse rather than guess: the reason is for people. */
export interface Refusal {
  readonly declined: string;
}

export type Edits = readonly Edit[] | Refusal;

/** Tells edits from a refusal. */
export function refused(edits: Edits): edits is Refusal {
  return 'declined' in edits;
}

/** The line end that a file uses: that of its first line. */
export function newlineOf(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

export function replace(span: Span, text: string): readonly Edit[] {
  return [{ span, text }];
}

/** Takes an instruction out with its lines. Refused when a comment belongs to it: the comment would be orphaned or lost. */
export function removeInstruction(_dockerfile: Dockerfile, instruction: Instruction): Edits {
  if (instruction.innerComments.length > 0) return { declined: 'a comment stands inside the instruction' };
  if (instruction.comments.length > 0)
    return { declined: 'a comment above the instruction would lose what it speaks of' };
  return [{ span: instruction.lines, text: '' }];
}

/** Puts a new instruction on a line of its own right after `instruction`. */
export function insertAfter(dockerfile: Dockerfile, instruction: Instruction, text: string): Edits {
  const newline = newlineOf(dockerfile.text);
  const end = instruction.lines[1];
  const ended = dockerfile.text[end - 1] === '\n';
  if (!ended && instruction.heredocs.some((heredoc) => heredoc.endSpan === undefined))
    return { declined: 'the instruction is not finished' };
  return [{ span: [end, end], text: ended ? `${text}${newline}` : `${newline}${text}` }];
}

/** Puts a new instruction on a line of its own before `instruction` and before the comments that belong to it. */
export function insertBefore(dockerfile: Dockerfile, instruction: Instruction, text: string): Edits {
  const newline = newlineOf(dockerfile.text);
  const first = instruction.comments[0];
  const at = first === undefined ? instruction.lines[0] : lineStart(dockerfile.text, first.span[0]);
  return [{ span: [at, at], text: `${text}${newline}` }];
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Flags that BuildKit takes more than once. */
const REPEATABLE: ReadonlySet<string> = new Set(['mount', 'exclude']);

/**
 * Adds flags after the keyword and the flags that are there. Refused when the instruction has one of them already that it takes
 * only once.
 * @param flags each as it is written, `--chown=1000:1000`
 */
export function insertFlags(instruction: Instruction, flags: readonly string[]): Edits {
  const names = new Set(instruction.flags.map(({ name }) => name));
  for (const flag of flags) {
    const name = flag.replace(/^--/, '').split('=', 1)[0] ?? '';
    if (names.has(name) && !REPEATABLE.has(name)) return { declined: `the instruction has --${name} already` };
    names.add(name);
  }
  const last = instruction.flags.at(-1);
  const at = last === undefined ? instruction.keyword.span[1] : last.span[1];
  return [{ span: [at, at], text: flags.map((flag) => ` ${flag}`).join('') }];
}

/** Takes a flag out together with the blanks before it. Refused when that gap holds a comment or a continuation. */
export function removeFlag(dockerfile: Dockerfile, flag: Flag): Edits {
  let start = flag.span[0];
  while (start > 0 && ' \t'.includes(dockerfile.text[start - 1] as string)) start -= 1;
  if (start === flag.span[0]) return { declined: 'the flag stands at the start of a line' };
  return [{ span: [start, flag.span[1]], text: '' }];
}

/** Takes the whole line of a comment out. */
export function removeLine(text: string, span: Span): readonly Edit[] {
  const start = lineStart(text, span[0]);
  const newline = text.indexOf('\n', span[1]);
  return [{ span: [start, newline < 0 ? text.length : newline + 1], text: '' }];
}
