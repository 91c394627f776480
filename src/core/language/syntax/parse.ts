import type { Span } from '../../vocabulary/index.ts';
import { slice } from '../text/index.ts';
import { placeOf, skipSpace } from './characters.ts';
import { matchDirective } from './directives.ts';
import { findMarkers, readBody } from './heredocs.ts';
import { validate } from './instructions.ts';
import { type Cursor, cursorOf, isTooLong, nextLine, pushToken, readLogicalLine, tokensOf } from './lines.ts';
import { type Node, readNode } from './nodes.ts';
import type {
  CommentLine,
  Directive,
  Dockerfile,
  Heredoc,
  Instruction,
  Item,
  SyntaxCode,
  SyntaxProblem,
  Token,
} from './types.ts';

const HASH = 0x23;
const MARK = 0xfeff;
const BACKSLASH = 0x5c;
const BACKTICK = 0x60;

interface State {
  readonly cursor: Cursor;
  readonly items: Item[];
  readonly instructions: Instruction[];
  readonly directives: Directive[];
  /** Refused by BuildKit's parser, which reads the whole file first. */
  readonly unparsed: SyntaxProblem[];
  /** Refused by its instruction parser. */
  readonly refused: SyntaxProblem[];
  readonly empty: { instruction: Instruction; spans: readonly Span[] }[];
  escape: number;
  /** Comments that the next instruction gets. */
  pending: CommentLine[];
  directivesAllowed: boolean;
  /** False behind an indented directive: BuildKit looks no further for `syntax` and `check`. */
  detected: boolean;
  afterShebang: boolean;
  hasStage: boolean;
}

/**
 * Reads a Dockerfile as BuildKit does. Never throws: what BuildKit would refuse is in `errors`, and reading goes on behind
 * it. The time is linear in the length of the text.
 */
export function parse(text: string): Dockerfile {
  const state: State = {
    cursor: cursorOf(text),
    items: [],
    instructions: [],
    directives: [],
    unparsed: [],
    refused: [],
    empty: [],
    escape: BACKSLASH,
    pending: [],
    directivesAllowed: true,
    detected: true,
    afterShebang: false,
    hasStage: false,
  };
  while (nextLine(state.cursor)) readItem(state);
  if (state.instructions.length === 0) {
    report(state.unparsed, 'empty-file', 'the file has no instructions', [0, text.length]);
  }
  return {
    items: state.items,
    instructions: state.instructions,
    directives: state.directives,
    escape: state.escape === BACKTICK ? '`' : '\\',
    text,
    errors: [...state.unparsed, ...state.refused],
    emptyContinuations: state.empty,
  };
}

function report(into: SyntaxProblem[], code: SyntaxCode, message: string, span: Span): SyntaxProblem {
  const problem = { code, message, span };
  into.push(problem);
  return problem;
}

function readItem(state: State): void {
  const { cursor } = state;
  const { text, end, next } = cursor;
  checkLength(state);
  const tokens: Token[] = [];
  let start = cursor.start;
  if (start === 0 && text.charCodeAt(0) === MARK) {
    tokens.push({ kind: 'bom', text: text.slice(0, 1), at: 0 });
    start = 1;
  }
  const content = skipSpace(text, start, end);
  pushToken(tokens, 'blank', text, start, content);
  if (content === end) {
    pushToken(tokens, 'newline', text, end, next);
    state.items.push({ kind: 'blank', span: [start, end], tokens });
    state.directivesAllowed = false;
    state.afterShebang = false;
  } else if (text.charCodeAt(content) === HASH) {
    readCommentLine(state, start, content, tokens);
  } else {
    state.directivesAllowed = false;
    state.afterShebang = false;
    readInstruction(state, start, content, tokens);
  }
}

function checkLength({ cursor, unparsed }: State): void {
  if (isTooLong(cursor)) {
    report(unparsed, 'line-too-long', 'the line is longer than 65535 bytes', [cursor.start, cursor.end]);
  }
}

function readCommentLine(state: State, start: number, content: number, tokens: Token[]): void {
  const { cursor } = state;
  const { text, end, next } = cursor;
  const span: Span = [content, end];
  if (state.directivesAllowed) {
    const directive = readDirective(state, start, content, tokens);
    if (directive !== undefined) {
      pushToken(tokens, 'directive', text, content, end);
      pushToken(tokens, 'newline', text, end, next);
      state.directives.push(directive);
      state.items.push(directive);
      return;
    }
    state.directivesAllowed = false;
    state.afterShebang = cursor.line === 1 && content === start && text.charCodeAt(content + 1) === 0x21;
  } else if (state.afterShebang) {
    // Behind a shebang the parser sees comments, but BuildKit still finds `syntax` and `check` in them.
    const found = content === start ? matchDirective(text, content, end) : undefined;
    if (found === undefined) state.afterShebang = false;
    else if (found.name !== 'escape') state.directives.push({ kind: 'directive', ...found, span, tokens });
  }
  pushToken(tokens, 'comment', text, content, end);
  pushToken(tokens, 'newline', text, end, next);
  const comment: CommentLine = { kind: 'comment', span, tokens };
  state.items.push(comment);
  if (content === start && skipSpace(text, content + 1, end) === end) state.pending = [];
  else state.pending.push(comment);
}

function readDirective(state: State, start: number, content: number, tokens: Token[]): Directive | undefined {
  const { text, end } = state.cursor;
  const found = matchDirective(text, content, end);
  if (found === undefined) return undefined;
  const { name, value, valueSpan } = found;
  if (state.directives.some((directive) => directive.name === name)) {
    report(state.unparsed, 'duplicate-directive', `the ${name} directive is given twice`, [content, end]);
  } else if (name === 'escape') {
    if (value === '`' || value === '\\') state.escape = value.charCodeAt(0);
    else report(state.unparsed, 'bad-escape-directive', 'the escape character is \\ or `', valueSpan);
  }
  if (content !== start) state.detected = false;
  const directive: Directive = { kind: 'directive', name, value, span: [content, end], valueSpan, tokens };
  return state.detected || name === 'escape' ? directive : { ...directive, undetected: true };
}

function readInstruction(state: State, start: number, content: number, tokens: Token[]): void {
  const { cursor, escape } = state;
  const { text } = cursor;
  const startLine = cursor.line;
  const line = readLogicalLine(cursor, content, escape, () => checkLength(state));
  const node = readNode(line.map, 0, line.map.text.length, escape);
  tokensOf(text, line, node.marks, tokens);
  let problem = node.problem;
  if (problem !== undefined) state.unparsed.push(problem);
  const heredocs: Heredoc[] = [];
  if (takesHeredocs(node) && node.map.text.includes('<<')) {
    const refused = readHeredocs(state, node, heredocs, tokens);
    problem ??= refused;
  }
  const instruction = build(
    node,
    heredocs,
    {
      span: [content, cursor.end],
      lines: [start, cursor.next],
      startLine,
      endLine: cursor.line,
      innerComments: line.comments,
      comments: state.pending,
      tokens,
    },
    problem,
  );
  state.pending = [];
  state.items.push(instruction);
  state.instructions.push(instruction);
  if (line.empty.length > 0) state.empty.push({ instruction, spans: line.empty });
  if (problem === undefined) for (const error of instruction.errors) state.refused.push(error);
  checkStage(state, instruction);
}

function takesHeredocs(node: Node): boolean {
  const { name, args } = node.name === 'ONBUILD' && node.child !== undefined ? node.child : node;
  return (name === 'RUN' || name === 'COPY' || name === 'ADD') && args.form !== 'json';
}

function readHeredocs(state: State, node: Node, into: Heredoc[], tokens: Token[]): SyntaxProblem | undefined {
  const { cursor, unparsed } = state;
  const markers = findMarkers(node.map.text);
  if ('error' in markers) {
    const span = placeOf(node.map, markers.at, markers.to);
    return report(unparsed, 'bad-quoting', `the name of the heredoc cannot be read: ${markers.error}`, span);
  }
  let problem: SyntaxProblem | undefined;
  for (const marker of markers) {
    const heredoc = readBody(cursor, node.map, marker, tokens, () => checkLength(state));
    into.push(heredoc);
    if (heredoc.endSpan === undefined && problem === undefined) {
      const message = `the heredoc has no end: a line of just ${marker.name}`;
      problem = report(unparsed, 'unterminated-heredoc', message, heredoc.markerSpan);
    }
  }
  return problem;
}

type Frame = Pick<Instruction, 'span' | 'lines' | 'startLine' | 'endLine' | 'innerComments' | 'comments' | 'tokens'>;

/** The instruction of a node. `problem`: what stopped BuildKit's parser at this line; its own checks are not run then. */
function build(
  node: Node,
  heredocs: readonly Heredoc[],
  frame: Frame,
  problem: SyntaxProblem | undefined,
): Instruction {
  const { name, keyword, flags, args, map, probe } = node;
  const errors: SyntaxProblem[] = problem === undefined ? [] : [problem];
  const instruction: Instruction = {
    kind: 'instruction',
    name,
    keyword,
    flags,
    args,
    heredocs,
    ...(probe === undefined ? {} : { probe }),
    ...(node.child === undefined ? {} : { child: buildChild(node.child, heredocs, frame) }),
    ...frame,
    logical: map,
    errors,
  };
  if (problem === undefined) for (const error of validate(instruction)) errors.push(error);
  return instruction;
}

const NOTHING: readonly never[] = [];

function buildChild(node: Node, heredocs: readonly Heredoc[], frame: Frame): Instruction {
  const child = { ...node, map: slice(node.map, [node.start, node.end]) };
  return build(
    child,
    heredocs,
    {
      ...frame,
      span: [node.keyword.span[0], frame.span[1]],
      innerComments: NOTHING,
      comments: NOTHING,
      tokens: NOTHING,
    },
    node.problem,
  );
}

function checkStage(state: State, instruction: Instruction): void {
  if (state.hasStage || instruction.name === 'ARG') return;
  if (instruction.name !== 'FROM') {
    // Said once: behind it every instruction lacks its stage for the same reason.
    const message = `${instruction.name} stands before the first FROM`;
    report(state.refused, 'instruction-before-from', message, instruction.keyword.span);
  }
  state.hasStage = true;
}
