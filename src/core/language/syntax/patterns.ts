/**
 * Shell patterns as BuildKit knows them: `*` and `?`, no brackets; neither crosses a line end. They are matched by
 * stepping through states, not by a regular expression, so that no pattern can take exponential time.
 */
export interface Pattern {
  /** Code points, `ANY` or `STAR`. */
  readonly items: readonly number[];
}

const ANY = -1;
const STAR = -2;
const NEWLINE = 0x0a;

/** Steps that one replacement may take; a longer one has no known result. */
const BUDGET = 5_000_000;

function codePoints(text: string): number[] {
  return Array.from(text, (char) => char.codePointAt(0) as number);
}

/** Reads a pattern. `\` escapes `*`, `?`, `\`, and before `}` and `/` it is dropped; before anything else it is an error. */
export function compilePattern(text: string): Pattern | { readonly error: string } {
  return compile(codePoints(text), text);
}

function compile(points: readonly number[], text: string): Pattern | { readonly error: string } {
  const items: number[] = [];
  for (let i = points[0] === 0xfeff ? 1 : 0; i < points.length; i++) {
    const point = points[i] as number;
    if (point === 0x2a) items.push(STAR);
    else if (point === 0x3f) items.push(ANY);
    else if (point === 0x5c) {
      const escaped = points[i + 1];
      if (escaped === 0x7d || escaped === 0x2f) continue;
      if (escaped !== 0x2a && escaped !== 0x3f && escaped !== 0x5c) {
        const what = escaped === undefined ? '' : String.fromCodePoint(escaped);
        return { error: `invalid pattern (${text}) in substitution: invalid escape '\\${what}'` };
      }
      items.push(escaped);
      i += 1;
    } else items.push(point);
  }
  return { items };
}

interface Work {
  left: number;
}

/** Where a match from `start` ends, the longest or the shortest; -1 when there is none. */
function matchEnd({ items }: Pattern, value: readonly number[], start: number, greedy: boolean, work: Work): number {
  let states = new Set<number>();
  let last = -1;
  const enter = (into: Set<number>, state: number) => {
    let at = state;
    into.add(at);
    while (items[at] === STAR) into.add(++at);
  };
  enter(states, 0);
  for (let at = start; ; at++) {
    if (states.has(items.length)) {
      last = at;
      if (!greedy) return last;
    }
    if (at >= value.length || states.size === 0) return last;
    const point = value[at] as number;
    const after = new Set<number>();
    work.left -= states.size;
    if (work.left < 0) return last;
    for (const state of states) {
      const item = items[state];
      if (item === STAR) {
        if (point !== NEWLINE) enter(after, state);
      } else if (item === ANY ? point !== NEWLINE : item === point) enter(after, state + 1);
    }
    states = after;
  }
}

function text(points: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < points.length; i += 1024) parts.push(String.fromCodePoint(...points.slice(i, i + 1024)));
  return parts.join('');
}

/** `${value#pattern}`, `##` when greedy. Undefined when it would take too long. */
export function removePrefix(value: string, pattern: Pattern, greedy: boolean): string | undefined {
  const points = codePoints(value);
  const work = { left: BUDGET };
  const end = matchEnd(pattern, points, 0, greedy, work);
  if (work.left < 0) return undefined;
  return end === -1 ? value : text(points.slice(end));
}

/** The pattern read backwards, escapes kept before what they escape. */
export function compileReversed(pattern: string): Pattern | { readonly error: string } {
  const points = codePoints(pattern);
  const out: number[] = new Array(points.length);
  const last = points.length - 1;
  for (let i = 0; i <= last; ) {
    const to = last - i;
    if (points[i] === 0x5c && i !== last) {
      out[to - 1] = 0x5c;
      out[to] = points[i + 1] as number;
      i += 2;
    } else {
      out[to] = points[i] as number;
      i += 1;
    }
  }
  return compile(out, text(out));
}

/** `${value%pattern}`, `%%` when greedy; the pattern comes from `compileReversed`. */
export function removeSuffix(value: string, reversed: Pattern, greedy: boolean): string | undefined {
  const rest = removePrefix(text(codePoints(value).reverse()), reversed, greedy);
  return rest === undefined ? undefined : text(codePoints(rest).reverse());
}

/** The first match at or after `from`, the longest one there. */
function find(pattern: Pattern, value: readonly number[], from: number, work: Work): [number, number] | undefined {
  for (let start = from; start <= value.length; start++) {
    const end = matchEnd(pattern, value, start, true, work);
    if (work.left < 0) return undefined;
    if (end !== -1) return [start, end];
    if (pattern.items[0] === STAR) {
      const newline = value.indexOf(NEWLINE, start);
      if (newline === -1) return undefined;
      start = newline;
    }
  }
  return undefined;
}

/** `${value/pattern/by}`. */
export function replaceFirst(value: string, pattern: Pattern, by: string): string | undefined {
  const points = codePoints(value);
  const work = { left: BUDGET };
  const match = find(pattern, points, 0, work);
  if (work.left < 0) return undefined;
  if (match === undefined) return value;
  return text(points.slice(0, match[0])) + by + text(points.slice(match[1]));
}

/** Go's regexp template: `$$` is a dollar, `$0` the match, any other `$name` nothing. */
function template(by: string, match: string): string {
  return by.replace(/\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu, (all, braced?: string, plain?: string) => {
    if (all === '$$') return '$';
    return /^0+$/.test(braced ?? plain ?? '') ? match : '';
  });
}

/** `${value//pattern/by}`; `by` is a template, as BuildKit hands it to Go's regexp. */
export function replaceEach(value: string, pattern: Pattern, by: string): string | undefined {
  const points = codePoints(value);
  const work = { left: BUDGET };
  const parts: string[] = [];
  let copied = 0;
  for (let from = 0; from <= points.length; ) {
    const match = find(pattern, points, from, work);
    if (work.left < 0) return undefined;
    if (match === undefined) break;
    const [start, end] = match;
    parts.push(text(points.slice(copied, start)));
    if (end > copied || start === 0) parts.push(template(by, text(points.slice(start, end))));
    copied = end;
    from = Math.max(end, from + 1);
  }
  parts.push(text(points.slice(copied)));
  return parts.join('');
}
