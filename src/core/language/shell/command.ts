import type { Assignment, Command, Redirection } from 'unbash';
import type { Span } from '../../vocabulary/index.ts';
import type { ShellAssignment, ShellCommand, ShellRedirect, ShellWord } from './types.ts';
import {
  type Findings,
  type Frame,
  findIn,
  findInHereDoc,
  noteRedirect,
  type Place,
  place,
  readWord,
} from './words.ts';
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

export function readCommand(
  frame: Frame,
  node: Pick<Command, 'pos' | 'end' | 'name' | 'prefix' | 'suffix'>,
  leading: readonly Place[],
  findings: Findings,
): ReadCommand {
  const words: ShellWord[] = [];
  const places: Place[] = [];
  const assignments: ShellAssignment[] = [];
  const redirects: ShellRedirect[] = [];
  const start = leading[0]?.[0] ?? node.pos;
  for (const [pos, end] of leading) {
    words.push(readWord(frame, pos, end, undefined, findings));
    places.push([pos, end]);
  }
  for (const item of node.prefix) {
    if (item.type !== 'Assignment') redirects.push(readRedirect(frame, item, findings));
    else if (leading.length === 0) assignments.push(readAssignment(frame, item, findings));
    else {
      words.push(readWord(frame, item.pos, item.end, undefined, findings));
      places.push([item.pos, item.end]);
    }
  }
  if (node.name !== undefined) {
    words.push(readWord(frame, node.name.pos, node.name.end, node.name, findings));
    places.push([node.name.pos, node.name.end]);
  }
  for (const item of node.suffix) {
    if (item.type === 'Word') words.push(readWord(frame, item.pos, item.end, item, findings));
    else if (item.type === 'Assignment') words.push(readAssignmentWord(frame, item, findings));
    else {
      redirects.push(readRedirect(frame, item, findings));
      continue;
    }
    places.push([item.pos, item.end]);
  }
  const unwrapped = unwrap(words);
  const { script, at } = unwrapped;
  const span: Span = place(frame, start, Math.max(node.end, places.at(-1)?.[1] ?? 0));
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
        : { place: places[script.index] as Place, shell: script.shell },
  };
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
