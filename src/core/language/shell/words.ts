import {
  type ArithmeticExpression,
  forEachChild,
  type HereDoc,
  type ParameterOperation,
  type ParsedScript,
  type Redirect,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';
import type { Span } from '../../vocabulary/index.ts';
import { type SpanMap, sourceSpan } from '../text/index.ts';
import type { Expansion, ShellKind, ShellWord } from './types.ts';

/** A text that the library has parsed, with the way back to the file. */
export interface Frame {
  readonly map: SpanMap;
  readonly text: string;
  readonly kind: ShellKind;
  /** True when `{a,b}` expands. */
  readonly braces: boolean;
}

/** `[pos, end)` of a frame's text, as the library gives places. */
export type Place = readonly [pos: number, end: number];

/** A script inside a word: `$(…)`, a backquoted one, `<(…)`. */
export interface Substitution {
  readonly script: ParsedScript;
  /** Of the whole substitution in the frame's text. */
  readonly pos: number;
  readonly end: number;
  readonly kind: 'command' | 'process';
  /** It runs only for some values of a variable: `${X:-$(…)}`. */
  readonly conditional: boolean;
}

/** What reading words turns up besides the words. */
export interface Findings {
  substitutions: Substitution[] | undefined;
  /** Syntax seen that only some shells read so. */
  bashOnly: BashOnly | undefined;
}

/** Syntax outside POSIX, in the words of the shell manuals. `busybox`: ash reads it too. */
export interface BashOnly {
  readonly name: string;
  readonly busybox: boolean;
}

const NOTHING: readonly never[] = [];

/** A word under construction: the value equals `unquoted` as long as nothing has expanded. */
interface Draft {
  unquoted: string;
  prefix: string | undefined;
  variables: string[] | undefined;
  expansions: Expansion[] | undefined;
}

function expand(draft: Draft, kind: Expansion, written: string): void {
  draft.prefix ??= draft.unquoted;
  draft.unquoted += written;
  if (draft.expansions === undefined) draft.expansions = [kind];
  else if (!draft.expansions.includes(kind)) draft.expansions.push(kind);
}

function variable(draft: Draft, name: string, written: string): void {
  expand(draft, 'variable', written);
  mention(draft, name);
}

function mention(draft: Draft, name: string): void {
  if (draft.variables === undefined) draft.variables = [name];
  else if (!draft.variables.includes(name)) draft.variables.push(name);
}

export function place(frame: Frame, start: number, end: number): Span {
  const { segments } = frame.map;
  const first = segments[0];
  if (segments.length === 1 && first !== undefined && first.at === 0 && end > start && end <= first.length) {
    return [first.from + start, first.from + end];
  }
  return sourceSpan(frame.map, [start, end]);
}

const SPECIAL = /[$`'"\\*?[{~<>()\n]/;
const SIMPLE_PARAMETER = /\$(?:\{([A-Za-z_]\w*|\d+|[@*#?$!-])\}|([A-Za-z_]\w*|[\d@*#?$!-]))/y;
const BRACES = /\{[^{}]*\}/y;

/** The word at `[pos, end)` of the frame; `node` is asked for its parts only when the word holds more than quotes and plain variables. */
export function readWord(
  frame: Frame,
  pos: number,
  end: number,
  node: Word | undefined,
  findings: Findings,
): ShellWord {
  const written = frame.text.slice(pos, end);
  const span = place(frame, pos, end);
  const gap = span[1] - span[0] !== end - pos;
  if (!SPECIAL.test(written)) {
    return {
      text: written,
      span,
      value: written,
      unquoted: written,
      prefix: written,
      variables: NOTHING,
      expansions: NOTHING,
      broken: gap,
    };
  }
  const draft = scan(written, frame.braces) ?? fromParts(node?.parts, written, findings, frame);
  const continued = written.includes('\\\n') && !written.includes("'");
  return {
    text: continued ? written.replaceAll('\\\n', '') : written,
    span,
    value: draft.prefix === undefined ? draft.unquoted : undefined,
    unquoted: draft.unquoted,
    prefix: draft.prefix ?? draft.unquoted,
    variables: draft.variables ?? NOTHING,
    expansions: draft.expansions ?? NOTHING,
    broken: gap || continued,
  };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Reads quotes, escapes, plain variables and patterns; undefined when the word holds anything that nests. */
function scan(text: string, braces: boolean): Draft | undefined {
  const draft: Draft = { unquoted: '', prefix: undefined, variables: undefined, expansions: undefined };
  let quoted = false;
  let literal = 0;
  const next = { close: 0, slash: 0 };
  const flush = (to: number) => {
    if (to > literal) draft.unquoted += text.slice(literal, to);
  };
  let i = 0;
  if (text[0] === '~' && /^~[\w-]*(?:\/|$)/.test(text)) {
    expand(draft, 'tilde', '~');
    i = 1;
    literal = 1;
  }
  while (i < text.length) {
    switch (text[i]) {
      case '\\': {
        const escaped = text[i + 1];
        if (escaped === undefined || (quoted && !'$`"\\\n'.includes(escaped))) {
          i += 1;
          break;
        }
        flush(i);
        if (escaped !== '\n') draft.unquoted += escaped;
        i += 2;
        literal = i;
        break;
      }
      case '"':
        flush(i);
        quoted = !quoted;
        i += 1;
        literal = i;
        break;
      case "'": {
        if (quoted) {
          i += 1;
          break;
        }
        flush(i);
        const close = text.indexOf("'", i + 1);
        if (close === -1) return undefined;
        draft.unquoted += text.slice(i + 1, close);
        i = close + 1;
        literal = i;
        break;
      }
      case '$': {
        const after = text[i + 1];
        if (after === '(' || after === '[' || (!quoted && (after === "'" || after === '"'))) return undefined;
        if (after === '\\' && text[i + 2] === '\n') return undefined;
        const match = matchAt(SIMPLE_PARAMETER, text, i);
        if (match === null) {
          if (after === '{') return undefined;
          i += 1;
          break;
        }
        flush(i);
        variable(draft, match[1] ?? match[2] ?? '', match[0]);
        i += match[0].length;
        literal = i;
        break;
      }
      case '`':
        return undefined;
      case '(':
      case ')':
      case '<':
      case '>':
        if (!quoted) return undefined;
        i += 1;
        break;
      case '{':
        if (!quoted && braces && isBraceList(text, i)) return undefined;
        i += 1;
        break;
      case '*':
      case '?':
      case '[':
        if (quoted || (text[i] === '[' && !closes(text, i, next))) {
          i += 1;
          break;
        }
        flush(i);
        // Only the opening character of a bracket: what follows it may be quoted or hold a variable.
        expand(draft, 'glob', text[i] as string);
        i += 1;
        literal = i;
        break;
      default:
        i += 1;
    }
  }
  flush(text.length);
  return quoted ? undefined : draft;
}

/** Whether the bracket at `at` closes before the next slash: only then is it a pattern. */
function closes(text: string, at: number, next: { close: number; slash: number }): boolean {
  // Both are looked for once for all brackets before them, so that a word of brackets takes linear time.
  if (next.close <= at) next.close = indexOrEnd(text, ']', at + 1);
  if (next.slash <= at) next.slash = indexOrEnd(text, '/', at + 1);
  return next.close < next.slash;
}

function indexOrEnd(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from);
  return index === -1 ? text.length : index;
}

function isBraceList(text: string, at: number): boolean {
  const list = matchAt(BRACES, text, at)?.[0];
  return list !== undefined && (list.includes(',') || list.includes('..'));
}

function fromParts(parts: readonly WordPart[] | undefined, written: string, findings: Findings, frame: Frame): Draft {
  const draft: Draft = { unquoted: '', prefix: undefined, variables: undefined, expansions: undefined };
  if (parts === undefined) {
    draft.unquoted = written;
    return draft;
  }
  for (const part of parts) readPart(part, draft, findings, frame, false);
  if (draft.prefix === undefined && /^~[\w-]*(?:\/|$)/.test(written)) {
    draft.prefix = '';
    draft.expansions = ['tilde'];
  }
  return draft;
}

function note(findings: Findings, substitution: Substitution): void {
  if (findings.substitutions === undefined) findings.substitutions = [substitution];
  else findings.substitutions.push(substitution);
}

/** Finds the substitutions in parts that are no word of a command: here-documents, operands of expansions. */
export function readParts(
  parts: readonly WordPart[] | undefined,
  findings: Findings,
  conditional: boolean,
): readonly string[] {
  const draft: Draft = { unquoted: '', prefix: undefined, variables: undefined, expansions: undefined };
  for (const part of parts ?? NOTHING) readPart(part, draft, findings, undefined, conditional);
  return draft.variables ?? NOTHING;
}

function readPart(
  part: WordPart,
  draft: Draft,
  findings: Findings,
  frame: Frame | undefined,
  conditional: boolean,
): void {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      draft.unquoted += part.value;
      return;
    case 'AnsiCQuoted':
      if (frame === undefined || frame.kind === 'bash' || frame.kind === 'ash') draft.unquoted += part.value;
      else expand(draft, 'dollar-quote', part.text);
      // Elsewhere an escaped quote ends the word's quoting.
      if (part.text.includes("\\'")) findings.bashOnly ??= { name: "a quote inside $'…'", busybox: true };
      return;
    case 'LocaleString':
      // Only bash translates it, and elsewhere the dollar stays.
      expand(draft, 'dollar-quote', part.text);
      for (const child of part.parts) inspect(child, draft, findings, conditional);
      return;
    case 'DoubleQuoted':
      for (const child of part.parts) readPart(child, draft, findings, frame, conditional);
      return;
    case 'Glob':
      expand(draft, 'glob', part.text);
      for (const child of part.parts ?? NOTHING) inspect(child, draft, findings, conditional);
      return;
    case 'ExtendedGlob':
      findings.bashOnly ??= { name: 'an extended pattern', busybox: false };
      expand(draft, 'glob', part.text);
      for (const child of part.parts ?? NOTHING) inspect(child, draft, findings, conditional);
      return;
    case 'BraceExpansion':
      if (frame?.braces === true) {
        expand(draft, 'brace', part.text);
        for (const child of part.parts ?? NOTHING) inspect(child, draft, findings, conditional);
      } else if (part.parts === undefined) {
        draft.unquoted += part.text;
      } else {
        for (const child of part.parts) readPart(child, draft, findings, frame, conditional);
      }
      return;
    case 'SimpleExpansion':
      variable(draft, part.text.slice(1), part.text);
      return;
    case 'ParameterExpansion': {
      variable(draft, part.parameter, part.text);
      if (part.prefix === '!') findings.bashOnly ??= { name: 'an indirect expansion', busybox: false };
      if (part.index !== undefined) findings.bashOnly ??= { name: 'an array', busybox: false };
      readOperation(part.operation, draft, findings);
      return;
    }
    case 'CommandExpansion':
      expand(draft, 'substitution', part.text);
      if (part.script !== undefined) {
        note(findings, {
          script: part.script,
          pos: part.pos,
          end: part.end,
          kind: 'command',
          conditional,
        });
      }
      return;
    case 'ProcessSubstitution':
      findings.bashOnly ??= { name: 'a process substitution', busybox: false };
      expand(draft, 'substitution', part.text);
      if (part.script !== undefined) {
        note(findings, {
          script: part.script,
          pos: part.pos,
          end: part.end,
          kind: 'process',
          conditional,
        });
      }
      return;
    case 'ArithmeticExpansion':
      expand(draft, 'variable', part.text);
      readArithmetic(part.expression, draft, findings);
      return;
  }
}

/** Looks into a part whose text is already taken: for variables and substitutions only. */
function inspect(part: WordPart, draft: Draft, findings: Findings, conditional: boolean): void {
  const inner: Draft = { unquoted: '', prefix: undefined, variables: undefined, expansions: undefined };
  readPart(part, inner, findings, undefined, conditional);
  for (const name of inner.variables ?? NOTHING) mention(draft, name);
}

function inspectWord(word: Word | undefined, draft: Draft, findings: Findings, conditional: boolean): void {
  for (const part of word?.parts ?? NOTHING) inspect(part, draft, findings, conditional);
}

function readOperation(operation: ParameterOperation | undefined, draft: Draft, findings: Findings): void {
  if (operation === undefined) return;
  switch (operation.type) {
    case 'Default':
      inspectWord(operation.operand, draft, findings, true);
      return;
    case 'Remove':
      inspectWord(operation.operand, draft, findings, false);
      return;
    case 'Replace':
      findings.bashOnly ??= { name: 'replacing in an expansion', busybox: true };
      inspectWord(operation.pattern, draft, findings, false);
      inspectWord(operation.replacement, draft, findings, false);
      return;
    case 'Slice':
      findings.bashOnly ??= { name: 'slicing in an expansion', busybox: true };
      inspectWord(operation.offset, draft, findings, false);
      inspectWord(operation.length, draft, findings, false);
      return;
    default:
      findings.bashOnly ??= { name: `the expansion operator ${operation.operator}`, busybox: false };
      if ('operand' in operation) inspectWord(operation.operand, draft, findings, false);
  }
}

const NAME = /^[A-Za-z_]\w*$/;

/** Variables and substitutions of an arithmetic expression. */
function readArithmetic(expression: ArithmeticExpression | undefined, draft: Draft, findings: Findings): void {
  switch (expression?.type) {
    case undefined:
      return;
    case 'ArithmeticBinary':
      readArithmetic(expression.left, draft, findings);
      readArithmetic(expression.right, draft, findings);
      return;
    case 'ArithmeticUnary':
      readArithmetic(expression.operand, draft, findings);
      return;
    case 'ArithmeticTernary':
      readArithmetic(expression.test, draft, findings);
      readArithmetic(expression.consequent, draft, findings);
      readArithmetic(expression.alternate, draft, findings);
      return;
    case 'ArithmeticGroup':
      readArithmetic(expression.expression, draft, findings);
      return;
    case 'ArithmeticWord':
      if (NAME.test(expression.value)) mention(draft, expression.value);
      for (const part of expression.parts ?? NOTHING) inspect(part, draft, findings, false);
      return;
    case 'ArithmeticCommandExpansion':
      if (expression.script !== undefined) {
        note(findings, {
          script: expression.script,
          pos: expression.pos,
          end: expression.end,
          kind: 'command',
          conditional: false,
        });
      }
  }
}

/** The substitutions of an arithmetic command or `for ((…))` header. */
export function findInArithmetic(expression: ArithmeticExpression | undefined, findings: Findings): void {
  readArithmetic(
    expression,
    { unquoted: '', prefix: undefined, variables: undefined, expansions: undefined },
    findings,
  );
}

/** The substitutions in the words, redirections or test expressions of a compound command. */
export function findIn(nodes: readonly SyntaxNode[], findings: Findings): void {
  for (const node of nodes) {
    if (node.type === 'Word') readParts(node.parts, findings, false);
    else if (node.type === 'HereDoc') findInHereDoc(node, findings);
    else forEachChild(node, (child) => findIn([child], findings));
    if (node.type === 'HereString') findings.bashOnly ??= { name: '<<<', busybox: false };
    if (node.type === 'Redirect') noteRedirect(node, findings);
  }
}

/** Notes a redirection that only some shells know. */
export function noteRedirect(node: Redirect, findings: Findings): void {
  if (node.operator.startsWith('&>')) findings.bashOnly ??= { name: node.operator, busybox: true };
  if (node.descriptor?.type === 'FileDescriptorVariable') findings.bashOnly ??= { name: '{name}>', busybox: false };
}

/** The substitutions in a here-document's body; there are none when its delimiter is quoted. */
export function findInHereDoc(node: HereDoc, findings: Findings): void {
  if (node.delimiter?.quoted !== true && /[$`]/.test(node.body.text)) readParts(node.body.parts, findings, false);
}
