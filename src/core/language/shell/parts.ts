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
import { type Draft, emptyDraft, expand, mention, variable } from './draft.ts';
import type { Frame } from './frame.ts';

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

/** A word whose parts the library has told apart. */
export function fromParts(
  parts: readonly WordPart[] | undefined,
  written: string,
  findings: Findings,
  frame: Frame,
): Draft {
  const draft: Draft = emptyDraft();
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
  const draft: Draft = emptyDraft();
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
  const inner: Draft = emptyDraft();
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
  readArithmetic(expression, emptyDraft(), findings);
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
