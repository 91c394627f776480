import { type Class, isWord, not, perlClass, posixClass, unicodeClass } from './classes.ts';

/**
 * The regular expressions that BuildKit's matcher makes of patterns, read as Go's `regexp` reads them. The matcher escapes only
 * some of what Go gives a meaning to, so that `|`, `{2}`, `^`, `\d` and `[[:alpha:]]` keep theirs.
 * The source comes from `sourceOf` (pattern.ts): the only groups in it are `(.*\/)?`.
 */
export interface Expression {
  /** @param points code points of the path */
  test(points: readonly number[]): boolean;
}

type Step =
  | { readonly do: 'take'; readonly takes: Class }
  | { readonly do: 'split'; readonly to: readonly [number, number] }
  | { readonly do: 'jump'; readonly to: number }
  | { readonly do: 'assert'; readonly holds: (points: readonly number[], at: number) => boolean }
  | { readonly do: 'accept' };

/** Something that can be repeated: one step, or the group. */
type Atom = { readonly step: Step } | 'directories';

const group = '(.*/)?';
/** Larger ones are refused: a path is matched in time that is proportional to this and to its length. */
const mostSteps = 10_000;
const mostRepeats = 1000;

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['v', 0x0b],
]);

class Refused extends Error {}

const isBegin = (_: readonly number[], at: number) => at === 0;
const isEnd = (points: readonly number[], at: number) => at === points.length;
const isBoundary = (points: readonly number[], at: number) =>
  (at > 0 && isWord(points[at - 1] as number)) !== (at < points.length && isWord(points[at] as number));

const one =
  (wanted: number): Class =>
  (code) =>
    code === wanted;

/** @returns why Go refuses it, or why we do, when it is not an expression */
export function compileExpression(source: string): Expression | { readonly refused: string } {
  try {
    const branches = new Reader(source).branches();
    return program(branches);
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message };
    throw error;
  }
}

interface Piece {
  readonly atom: Atom;
  readonly least: number;
  /** -1: any number. */
  readonly most: number;
}

class Reader {
  #rest: readonly string[];
  #at = 0;

  constructor(source: string) {
    this.#rest = [...source];
  }

  branches(): readonly (readonly Piece[])[] {
    const all: Piece[][] = [[]];
    let repeated = false;
    while (this.#at < this.#rest.length) {
      const pieces = all.at(-1) as Piece[];
      const again = this.#repeat();
      if (again !== undefined) {
        const last = pieces.pop();
        if (repeated) throw new Refused('a repetition is repeated');
        if (last === undefined) throw new Refused('there is nothing to repeat');
        pieces.push({ ...last, ...again });
        repeated = true;
        continue;
      }
      repeated = false;
      if (this.#takes('|')) all.push([]);
      else if (this.#takes(group)) {
        pieces.push({ atom: 'directories', least: 0, most: 1 });
        repeated = true;
      } else if (this.#takes('\\Q')) this.#quoted(pieces);
      else pieces.push({ atom: { step: this.#step() }, least: 1, most: 1 });
    }
    return all;
  }

  #peek(offset = 0): string {
    return this.#rest[this.#at + offset] ?? '';
  }

  #takes(text: string): boolean {
    if ([...text].some((char, i) => this.#peek(i) !== char)) return false;
    this.#at += text.length;
    return true;
  }

  #repeat(): Pick<Piece, 'least' | 'most'> | undefined {
    if (this.#takes('*')) return { least: 0, most: -1 };
    if (this.#peek() !== '{') return undefined;
    // Longer numbers than Go counts are too big either way.
    const ahead = this.#rest.slice(this.#at, this.#at + 64).join('');
    const found = /^\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/.exec(ahead);
    if (found === null) {
      if (/^\{[1-9][\d,]{60,}/.test(ahead)) throw new Refused('a repetition counts too far');
      return undefined;
    }
    const [text, low, comma, high] = found;
    const least = Number(low);
    const most = comma === undefined ? least : high === undefined ? -1 : Number(high);
    if (least > mostRepeats || most > mostRepeats) throw new Refused('a repetition counts too far');
    if (most >= 0 && least > most) throw new Refused('a repetition counts backwards');
    this.#at += text.length;
    return { least, most };
  }

  #quoted(pieces: Piece[]): void {
    while (this.#at < this.#rest.length && !this.#takes('\\E')) {
      const takes = one(this.#peek().codePointAt(0) as number);
      pieces.push({ atom: { step: { do: 'take', takes } }, least: 1, most: 1 });
      this.#at += 1;
    }
  }

  #step(): Step {
    if (this.#takes('^') || this.#takes('\\A')) return { do: 'assert', holds: isBegin };
    if (this.#takes('$') || this.#takes('\\z')) return { do: 'assert', holds: isEnd };
    if (this.#takes('\\b')) return { do: 'assert', holds: isBoundary };
    if (this.#takes('\\B')) return { do: 'assert', holds: (points, at) => !isBoundary(points, at) };
    if (this.#takes('.')) return { do: 'take', takes: not(one(0x0a)) };
    if (this.#takes('[')) return { do: 'take', takes: this.#class() };
    return { do: 'take', takes: this.#named() ?? one(this.#character()) };
  }

  /** `\pL`, `\p{Greek}`, `\d`. */
  #named(): Class | undefined {
    if (this.#peek() !== '\\') return undefined;
    const letter = this.#peek(1);
    if (letter !== 'p' && letter !== 'P') {
      const found = letter === '' ? undefined : perlClass(letter);
      if (found) this.#at += 2;
      return found;
    }
    this.#at += 2;
    let name = this.#peek();
    this.#at += 1;
    if (name === '{') {
      const end = this.#rest.indexOf('}', this.#at);
      if (end < 0) throw new Refused('a class of characters has no end');
      name = this.#rest.slice(this.#at, end).join('');
      this.#at = end + 1;
    }
    const found = unicodeClass(name);
    if (found === undefined) throw new Refused('there is no such class of characters');
    return letter === 'P' ? not(found) : found;
  }

  #class(): Class {
    const negated = this.#takes('^');
    const parts: Class[] = [];
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      const named = this.#posix() ?? this.#named();
      if (named !== undefined) {
        parts.push(named);
        continue;
      }
      const low = this.#character();
      let high = low;
      if (this.#peek() === '-' && this.#peek(1) !== ']' && this.#peek(1) !== '') {
        this.#at += 1;
        high = this.#character();
        if (high < low) throw new Refused('a range of characters ends before it begins');
      }
      parts.push((code) => code >= low && code <= high);
    }
    this.#at += 1;
    const any: Class = (code) => parts.some((takes) => takes(code));
    return negated ? not(any) : any;
  }

  #posix(): Class | undefined {
    if (this.#peek() !== '[' || this.#peek(1) !== ':' || this.#peek(2) === '') return undefined;
    for (let end = this.#at + 2; end < this.#rest.length - 1; end++) {
      if (this.#rest[end] !== ':' || this.#rest[end + 1] !== ']') continue;
      const found = posixClass(this.#rest.slice(this.#at + 2, end).join(''));
      if (found === undefined) throw new Refused('there is no such class of characters');
      this.#at = end + 2;
      return found;
    }
    return undefined;
  }

  #next(): string {
    const char = this.#peek();
    this.#at += 1;
    return char;
  }

  /** A character or an escape of one. */
  #character(): number {
    const char = this.#next();
    if (char === '') throw new Refused('a set of characters has no end');
    if (char !== '\\') return char.codePointAt(0) as number;
    const escaped = this.#next();
    if (/^[0-7]$/.test(escaped)) {
      if (escaped !== '0' && !/^[0-7]$/.test(this.#peek())) throw new Refused('an escape has no meaning');
      let digits = escaped;
      while (digits.length < 3 && /^[0-7]$/.test(this.#peek())) digits += this.#next();
      return Number.parseInt(digits, 8);
    }
    if (escaped === 'x') return this.#hexadecimal();
    const control = CONTROLS.get(escaped);
    if (control !== undefined) return control;
    const code = escaped.codePointAt(0) ?? 0x80;
    if (code >= 0x80 || /^[A-Za-z0-9]$/.test(escaped)) throw new Refused('an escape has no meaning');
    return code;
  }

  #hexadecimal(): number {
    let digits = '';
    if (this.#takes('{')) {
      while (/^[0-9a-f]$/i.test(this.#peek())) digits += this.#next();
      if (!this.#takes('}')) digits = '';
    } else digits = this.#next() + this.#next();
    const code = /^[0-9a-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Number.POSITIVE_INFINITY;
    if (code > 0x10ffff) throw new Refused('an escape has no meaning');
    return code;
  }
}

/** Steps of all branches; a search begins at the first. */
function program(branches: readonly (readonly Piece[])[]): Expression {
  const steps: Step[] = [];
  const emit = (step: Step) => {
    if (steps.push(step) > mostSteps) throw new Refused('it is too large');
  };
  const atom = (it: Atom) => {
    if (it !== 'directories') return emit(it.step);
    const start = steps.length;
    emit({ do: 'split', to: [start + 1, start + 3] });
    emit({ do: 'take', takes: not(one(0x0a)) });
    emit({ do: 'jump', to: start });
    emit({ do: 'take', takes: one(0x2f) });
  };
  const piece = ({ atom: it, least, most }: Piece) => {
    for (let i = 0; i < least; i++) atom(it);
    const size = it === 'directories' ? 4 : 1;
    if (most < 0) {
      const start = steps.length;
      emit({ do: 'split', to: [start + 1, start + size + 2] });
      atom(it);
      emit({ do: 'jump', to: start });
    }
    const end = steps.length + (most - least) * (size + 1);
    for (let i = least; i < most; i++) {
      emit({ do: 'split', to: [steps.length + 1, end] });
      atom(it);
    }
  };
  const starts: number[] = [];
  for (const pieces of branches) {
    starts.push(steps.length);
    for (const it of pieces) piece(it);
    emit({ do: 'accept' });
  }
  // What begins with "^" can begin in one place only.
  const anywhere = branches.length > 1 || branches[0]?.[0]?.least !== 1;
  return { test: (points) => run(steps, starts, anywhere, points) };
}

/** All ways at once, each step at most once per character: no way back, so no blow-up. */
function run(steps: readonly Step[], starts: readonly number[], anywhere: boolean, points: readonly number[]): boolean {
  // The character at which a step was last added, so that nothing is cleared between characters.
  const seen = new Int32Array(steps.length).fill(-1);
  let current: number[] = [];
  let next: number[] = [];
  const pending: number[] = [];
  const add = (list: number[], index: number, at: number): boolean => {
    pending.push(index);
    for (let top = pending.pop(); top !== undefined; top = pending.pop()) {
      if (seen[top] === at) continue;
      seen[top] = at;
      const step = steps[top] as Step;
      if (step.do === 'accept') {
        pending.length = 0;
        return true;
      }
      if (step.do === 'take') list.push(top);
      else if (step.do === 'jump') pending.push(step.to);
      else if (step.do === 'split') pending.push(step.to[1], step.to[0]);
      else if (step.holds(points, at)) pending.push(top + 1);
    }
    return false;
  };
  for (let at = 0; at <= points.length; at++) {
    if (at === 0 || anywhere) for (const start of starts) if (add(current, start, at)) return true;
    if (current.length === 0 && !anywhere) return false;
    if (at === points.length) return false;
    const code = points[at] as number;
    next.length = 0;
    for (const index of current) {
      const step = steps[index] as Step;
      if (step.do === 'take' && step.takes(code) && add(next, index + 1, at + 1)) return true;
    }
    [current, next] = [next, current];
  }
  return false;
}
