import type { Assignment, Command, Redirection } from 'unbash';
import type { Span } from '../../vocabulary/index.ts';
import { type Frame, type Place, place } from './frame.ts';
import { type Findings, findIn, findInHereDoc, noteRedirect } from './parts.ts';
import type { ShellAssignment, ShellCommand, ShellRedirect, ShellWord } from './types.ts';
import { readWord } from './words.ts';
import { type ScriptWord, unwrap } from './wrappers.ts';

/** A simple command on its own, before its place in the script is known. */
export interface ReadCommand
  extends Pick<
    ShellCommand,
    'span' | 'words' | 'assignments' | 'redirects' | 'program' | 'programWord' | 'args' | 'wrappers'
  > {
  /** There is a program, but its name is not static. */
  readonly dynamic: boolean;
  /** The string of `sh -c` and where it stands; `unreadable`: another shell's, or none of the words. */
  readonly script: { readonly place: Place; readonly shell: ScriptWord['shell'] } | 'unreadable' | undefined;
}

const NONE: readonly never[] = [];

/** The library's command, as far as it is read here. */
export type CommandTree = Pick<Command, 'pos' | 'end' | 'name' | 'prefix' | 'suffix'>;

export function readCommand(
  frame: Frame,
  node: CommandTree,
  leading: readonly Place[],
  findings: Findings,
): ReadCommand {
  const words: ShellWord[] = [];
  const assignments: ShellAssignment[] = [];
  const redirects: ShellRedirect[] = [];
  const start = leading[0]?.[0] ?? node.pos;
  for (const [pos, end] of leading) {
    words.push(readWord(frame, pos, end, undefined, findings));
  }
  for (const item of node.prefix) {
    if (item.type !== 'Assignment') redirects.push(readRedirect(frame, item, findings));
    else if (leading.length === 0) assignments.push(readAssignment(frame, item, findings));
    else words.push(readWord(frame, item.pos, item.end, undefined, findings));
  }
  const { name } = node;
  if (name !== undefined) words.push(readWord(frame, name.pos, name.end, name, findings));
  for (const item of node.suffix) {
    if (item.type === 'Word') words.push(readWord(frame, item.pos, item.end, item, findings));
    else if (item.type === 'Assignment') words.push(readAssignmentWord(frame, item, findings));
    else redirects.push(readRedirect(frame, item, findings));
  }
  const unwrapped = unwrap(words);
  const { script, at } = unwrapped;
  const end = leading.length === 0 ? node.end : Math.max(node.end, leading.at(-1)?.[1] ?? 0);
  const span: Span = place(frame, start, end);
  return {
    span,
    words,
    assignments,
    redirects,
    program: unwrapped.program,
    programWord: words[at],
    args: at < words.length ? words.slice(at + 1) : NONE,
    wrappers: unwrapped.wrappers,
    dynamic: unwrapped.program === undefined && at < words.length,
    script:
      script === undefined || script === 'unreadable'
        ? script
        : { place: wordPlace(node, leading, script.index), shell: script.shell },
  };
}

/** Where the `index`-th word of a command stands; assignments before the name are words only behind leading ones. */
function wordPlace(node: CommandTree, leading: readonly Place[], index: number): Place {
  const places: Place[] = [...leading];
  for (const item of leading.length > 0 ? node.prefix : NONE)
    if (item.type === 'Assignment') places.push([item.pos, item.end]);
  if (node.name !== undefined) places.push([node.name.pos, node.name.end]);
  for (const item of node.suffix)
    if (item.type === 'Word' || item.type === 'Assignment') places.push([item.pos, item.end]);
  return places[index] as Place;
}

function readAssignment(frame: Frame, node: Assignment, findings: Findings): ShellAssignment {
  const { pos, end, text } = node;
  const span = place(frame, pos, end);
  const match = /^([A-Za-z_]\w*)(\+?)=(?!\()/.exec(text);
  if (match === null) {
    findings.bashOnly ??= { name: 'an array', busybox: false };
    findIn([node], findings);
    return { name: node.name, value: undefined, append: node.append === true, span };
  }
  const append = match[2] === '+';
  if (append) findings.bashOnly ??= { name: '+=', busybox: false };
  const from = pos + match[0].length;
  const needsParts = /[$`]/.test(text) && node.value.type === 'Word' ? node.value : undefined;
  return {
    name: match[1] as string,
    value: readWord(frame, from, end, needsParts, findings),
    append,
    span,
  };
}

/** An argument like `A=b` of `export`: a word to whoever reads the command. */
function readAssignmentWord(frame: Frame, node: Assignment, findings: Findings): ShellWord {
  const { value, pos, end, text } = node;
  const word = readWord(frame, pos, end, undefined, findings);
  if (/^[A-Za-z_]\w*\+?=\(/.test(text)) {
    findings.bashOnly ??= { name: 'an array', busybox: false };
    findIn([value], findings);
    const name = text.slice(0, text.indexOf('(') + 1);
    return { ...word, value: undefined, prefix: name, expansions: ['array'] };
  }
  if (!/[$`]/.test(text) || value.type !== 'Word') return word;
  const from = value.pos;
  const inner = readWord(frame, from, end, value, findings);
  const name = frame.text.slice(pos, from);
  return {
    ...word,
    value: inner.value === undefined ? undefined : name + inner.value,
    unquoted: name + inner.unquoted,
    prefix: name + inner.prefix,
    variables: inner.variables,
    expansions: inner.expansions,
  };
}

function readRedirect(frame: Frame, node: Redirection, findings: Findings): ShellRedirect {
  const fd = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined;
  const span = place(frame, node.pos, node.end);
  if (node.type === 'HereDoc') {
    const { delimiter, body } = node;
    const target = delimiter && readWord(frame, delimiter.pos, delimiter.end, undefined, findings);
    findInHereDoc(node, findings);
    return {
      operator: node.operator,
      fd,
      target: target && {
        ...target,
        value: delimiter.value,
        unquoted: delimiter.value,
        prefix: delimiter.value,
        variables: NONE,
        expansions: NONE,
      },
      body: place(frame, body.pos, body.end),
      span,
    };
  }
  if (node.type === 'HereString') findings.bashOnly ??= { name: '<<<', busybox: false };
  else noteRedirect(node, findings);
  const { target } = node;
  return {
    operator: node.operator,
    fd,
    target: target && readWord(frame, target.pos, target.end, target, findings),
    body: undefined,
    span,
  };
}
