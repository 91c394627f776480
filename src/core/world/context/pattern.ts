import { encode } from '../../language/text/index.ts';
import { compileExpression } from './expression.ts';

/** A path with what matching needs of it. */
export interface Subject {
  readonly path: string;
  /** A byte that is not valid UTF-8 counts as U+FFFD, as Go's regular expressions take it. */
  readonly points: readonly number[];
}

/** What a pattern does with a path; undefined when Go cannot compile its regular expression. */
export type Matches = (subject: Subject) => boolean;

function codes(text: string): number[] {
  const points: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at) as number;
    if (code > 0xffff) at += 1;
    points.push(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
  }
  return points;
}

export function subjectOf(path: string): Subject {
  let points: readonly number[] | undefined;
  return {
    path,
    get points() {
      points ??= codes(path);
      return points;
    },
  };
}

type Form = 'exact' | 'prefix' | 'suffix' | 'expression';

/** How a pattern is matched: by comparing texts where its only wildcard is a `**` at one end, else by an expression. */
function formOf(pattern: string): { readonly form: Form; readonly source: string } {
  // A byte order mark at its beginning is skipped by the scanner.
  const chars = [...pattern.replace(/^\ufeff/, '')].map((char) => (/^[\udc80-\udcff]$/.test(char) ? '\ufffd' : char));
  let form: Form = 'exact';
  let source = '^';
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string;
    const isFirst = source === '^';
    if (char === '*' && chars[at + 1] === '*') {
      at += chars[at + 2] === '/' ? 2 : 1;
      if (at + 1 < chars.length) {
        source += '(.*/)?';
        form = 'expression';
      } else if (form === 'exact') form = 'prefix';
      else {
        source += '.*';
        form = 'expression';
      }
      if (isFirst) form = 'suffix';
      continue;
    }
    if ('*?[]\\'.includes(char)) form = 'expression';
    if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '\\') {
      at += 1;
      source += `\\${chars[at] ?? ''}`;
    } else source += '.+()$'.includes(char) ? `\\${char}` : char;
  }
  return { form, source: `${source}$` };
}

/**
 * How BuildKit matches a cleaned pattern.
 * @returns why it cannot, when its expression does not compile: then a build fails as soon as the pattern is tried
 * Source of the behaviour: github.com/moby/patternmatcher, `Pattern.compile` and `Pattern.match`.
 */
export function compilePattern(pattern: string): Matches | { readonly refused: string } {
  const { form, source } = formOf(pattern);
  if (form === 'exact') return ({ path }) => path === pattern;
  if (form === 'prefix') {
    const prefix = pattern.slice(0, -2);
    return ({ path }) => path.startsWith(prefix);
  }
  if (form === 'suffix') {
    if (pattern.startsWith('\ufeff')) return endsInBytes(encode(pattern).subarray(2));
    const suffix = pattern.slice(2);
    return ({ path }) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  const expression = compileExpression(source);
  if ('refused' in expression) return expression;
  const tail = literalTail(pattern);
  return ({ path, points }) => path.endsWith(tail) && expression.test(points);
}

/** Of a pattern that begins with a byte order mark, two of its bytes are taken for the `**`. */
function endsInBytes(suffix: Uint8Array): Matches {
  return ({ path }) => {
    const bytes = encode(path);
    const start = bytes.length - suffix.length;
    return start >= 0 && suffix.every((byte, i) => bytes[start + i] === byte);
  };
}

/** What a path must end in, whatever stands before: most paths are decided by it. */
function literalTail(pattern: string): string {
  // What has a meaning to an expression may reach to the end.
  if (/[\\[\]{}|^\ud800-\udfff\ufffd]/.test(pattern)) return '';
  return /[^*?]*$/.exec(pattern)?.[0].replace(/^\//, '') ?? '';
}
