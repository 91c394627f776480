import type { Word } from 'unbash';
import { type Draft, emptyDraft, expand, variable } from './draft.ts';
import { type Frame, place } from './frame.ts';
import { type Findings, fromParts } from './parts.ts';
import type { ShellWord } from './types.ts';

const NOTHING: readonly never[] = [];

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
  const draft: Draft = emptyDraft();
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
