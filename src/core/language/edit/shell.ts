import type { Edit, Span } from '../../vocabulary/index.ts';
import type { CommandList, Operator, Script, ShellCommand, ShellWord } from '../shell/index.ts';
import type { Instruction } from '../syntax/index.ts';
import { type Edits, newlineOf } from './dockerfile.ts';

/** Where a script stands: the file's text and the instruction that holds it. */
export interface ScriptPlace {
  readonly text: string;
  readonly instruction: Instruction;
  readonly escape: string;
}

/** Adds words right after `word`: `apt-get install` → `apt-get install -y`. */
export function insertWord(after: ShellWord, text: string): Edits {
  return [{ span: [after.span[1], after.span[1]], text: ` ${text}` }];
}

/**
 * Takes a word out with the blanks before it. Refused when the gap before it is not plain blanks, and for a variable: what was
 * read off its value need not be all that it holds.
 */
export function removeWord(text: string, word: ShellWord): Edits {
  if (/^"?\$/.test(word.text)) return { declined: 'a variable stands there, which may hold more than that' };
  if (word.broken) return { declined: 'the word is broken over two lines' };
  let start = word.span[0];
  while (start > 0 && ' \t'.includes(text[start - 1] as string)) start -= 1;
  if (start === word.span[0] || text[start - 1] === '\n') return { declined: 'the word stands at the start of a line' };
  return [{ span: [start, word.span[1]], text: '' }];
}

/** The blanks that the script's own continuation lines start with. */
function indentation(place: ScriptPlace): string {
  const [start, end] = place.instruction.span;
  const body = place.text.slice(start, end);
  const found = /\n([ \t]+)\S/.exec(body);
  return found?.[1] ?? '    ';
}

/**
 * Adds a command that runs last and only when all before it succeeded. One-line scripts stay on one line where that fits.
 * Refused where the end of the script is not the end of its top-level list: a background job, a heredoc body.
 */
export function appendCommand(place: ScriptPlace, script: Script, command: string): Edits {
  const last = script.lists.at(-1);
  if (script.opaque !== undefined || last === undefined) return { declined: 'the script cannot be read to its end' };
  if (last.terminator?.text === '&') return { declined: 'the script ends with a background job' };
  if (place.instruction.heredocs.length > 0) return appendLine(place, script, last, command);
  const multiline = place.text.slice(place.instruction.span[0], place.instruction.span[1]).includes('\n');
  const newline = newlineOf(place.text);
  const joint = multiline ? ` ${place.escape}${newline}${indentation(place)}&& ` : ' && ';
  const at = last.span[1];
  if (last.terminator !== undefined) {
    return [{ span: last.terminator.span, text: joint + command }];
  }
  return [{ span: [at, at], text: joint + command }];
}

/** A line of its own at the end of a heredoc that the shell reads as a whole: only under `set -e` it runs after a success alone. */
function appendLine({ text, instruction }: ScriptPlace, script: Script, last: CommandList, command: string): Edits {
  const [heredoc, more] = instruction.heredocs;
  if (heredoc === undefined || more !== undefined || heredoc.endSpan === undefined)
    return { declined: 'the script stands among several heredocs' };
  const [start, end] = heredoc.bodySpan;
  if (last.span[0] < start || last.span[1] > end) return { declined: 'the heredoc is not the script' };
  if (!script.errexit) return { declined: 'the script stands in a heredoc without set -e' };
  const line = text.lastIndexOf('\n', last.span[0] - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(Math.max(line, start), last.span[0]))?.[0] ?? '';
  return [{ span: [end, end], text: `${indent}${command}${newlineOf(text)}` }];
}

/** The operators left and right of a command that is a pipeline of its own in its list. */
function neighbours(list: CommandList, command: ShellCommand): { left?: Operator; right?: Operator; at: number } {
  const at = list.pipelines.indexOf(command.pipeline);
  const left = list.operators[at - 1];
  const right = list.operators[at];
  return { at, ...(left && { left }), ...(right && { right }) };
}

/** True when nothing but blanks and continuations stands between two offsets. */
function plainGap(text: string, escape: string, [start, end]: Span): boolean {
  for (let i = start; i < end; i++) {
    const unit = text[i] as string;
    if (unit !== escape && unit !== ' ' && unit !== '\t' && unit !== '\r' && unit !== '\n') return false;
  }
  return true;
}

/**
 * Takes one command out of `a && b && c`, with one of its operators and the blanks between. Refused when the command is not
 * alone in its pipeline, when its neighbours are joined by `||`, when it is all there is, or when a comment stands in the gap.
 */
export function removeCommand(place: ScriptPlace, command: ShellCommand): Edits {
  if (command.pipeline.length !== 1) return { declined: 'the command stands in a pipeline' };
  if (command.list.pipelines.length === 1) return { declined: 'the command is all that its list does' };
  const { left, right, at } = neighbours(command.list, command);
  if (at < 0) return { declined: 'the command stands in a nested block' };
  if ((left !== undefined && left.text !== '&&') || (right !== undefined && right.text !== '&&')) {
    return { declined: 'the command is joined by ||' };
  }
  const before = command.list.pipelines[at - 1];
  const after = command.list.pipelines[at + 1];
  const { text, escape } = place;
  if (before !== undefined && left !== undefined) {
    const gap: Span = [before.span[1], command.span[0]];
    if (!plainGap(text, escape, [gap[0], left.span[0]]) || !plainGap(text, escape, [left.span[1], gap[1]])) {
      return { declined: 'a comment stands beside the command' };
    }
    return [{ span: [gap[0], command.span[1]], text: '' }];
  }
  if (after === undefined || right === undefined) return { declined: 'the command is all that its list does' };
  if (
    !plainGap(text, escape, [command.span[1], right.span[0]]) ||
    !plainGap(text, escape, [right.span[1], after.span[0]])
  ) {
    return { declined: 'a comment stands beside the command' };
  }
  return [{ span: [command.span[0], after.span[0]], text: '' }];
}

/** Replaces the program word only. */
export function renameProgram(command: ShellCommand, name: string): Edits {
  const word = command.programWord;
  if (word === undefined || word.broken) return { declined: 'the program name is not plain' };
  const edit: Edit = { span: word.span, text: name };
  return [edit];
}
