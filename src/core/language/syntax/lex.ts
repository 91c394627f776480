import { isSpace } from './characters.ts';
import { compilePattern, compileReversed, removePrefix, removeSuffix, replaceEach, replaceFirst } from './patterns.ts';

/** What an environment answers for a variable that may be set or not, to what, nobody can tell. */
export const UNKNOWN: unique symbol = Symbol('unknown');

/** The value of a variable, `undefined` when it is unset. */
export type Environment = (name: string) => string | undefined | typeof UNKNOWN;

export interface LexOptions {
  readonly escape: '\\' | '`';
  /** Quotes stay in the result; they still quote. */
  readonly rawQuotes?: boolean;
  /** Escapes stay in the result. */
  readonly rawEscapes?: boolean;
  /** Quotes are ordinary characters, as in the content of a heredoc. */
  readonly ignoreQuotes?: boolean;
  /** A reference to an unset variable stays as written. */
  readonly keepUnset?: boolean;
}

/** A variable named in a word: `$name` or `${name…}` in `[start, end)`; nested ones lie within. */
export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A word after splitting, with its place in the text. */
export interface LexedWord {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface Lexed {
  /** Undefined when the word is in error. */
  readonly value: string | typeof UNKNOWN | undefined;
  readonly words: readonly LexedWord[];
  readonly references: readonly Reference[];
  /** Names that were set, in order of first use. */
  readonly used: ReadonlySet<string>;
  /** Names that were not set; BuildKit's UndefinedVar asks these. */
  readonly unmatched: ReadonlySet<string>;
  /** Names that the environment does not know about. */
  readonly unknown: ReadonlySet<string>;
  readonly error?: string;
}

type Value = string | typeof UNKNOWN;

/** A result longer than this is unknown: a few lines of `ENV A=$A$A` would fill the memory. */
const MAX_LENGTH = 1 << 20;

/** Nesting of `${…}` that is followed. */
const MAX_DEPTH = 500;

const EOF = -1;
const DOLLAR = 0x24;
const LEFT = 0x7b;
const RIGHT = 0x7d;
const COLON = 0x3a;
const SINGLE = 0x27;
const DOUBLE = 0x22;
const LESS = 0x3c;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const SPECIAL = new Set([...'@*#?-$!0'].map((char) => char.charCodeAt(0)));

class LexError extends Error {}

function isDigit(code: number): boolean {
  if (code < 0x80) return code >= 0x30 && code <= 0x39;
  return /^\p{Nd}$/u.test(String.fromCodePoint(code));
}

function isNameCharacter(code: number): boolean {
  if (code < 0x80) {
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || isDigit(code) || code === 0x5f;
  }
  return /^[\p{L}\p{Nd}]$/u.test(String.fromCodePoint(code));
}

function join(a: Value, b: Value): Value {
  if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN;
  return a.length + b.length > MAX_LENGTH ? UNKNOWN : a + b;
}

/**
 * BuildKit's shell lexer (shell/lex.go) on one text: expands variables, removes quotes and escapes, splits into words.
 * Its quirks are kept: a default within `${…}` forgets the part of the split word before it.
 */
export function lex(text: string, environment: Environment, options: LexOptions): Lexed {
  const escape = options.escape.charCodeAt(0);
  const { rawQuotes = false, ignoreQuotes = false, keepUnset = false } = options;
  let rawEscapes = options.rawEscapes ?? false;
  const references: Reference[] = [];
  const used = new Set<string>();
  const unmatched = new Set<string>();
  const unknown = new Set<string>();
  let depth = 0;
  // True while a pattern operand is read: there quoted escapes are doubled, so that the pattern can be parsed again.
  let pattern = false;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  const peek = (): number => {
    if (at >= text.length) return EOF;
    const code = text.codePointAt(at) as number;
    return code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  };
  const next = (): number => {
    const code = peek();
    if (code !== EOF) at += code > 0xffff ? 2 : 1;
    return code;
  };
  const charOf = (code: number) => (code === EOF ? '\ufffd' : String.fromCodePoint(code));

  // The word being split; one for all nesting levels, as in BuildKit, where an inner level empties it.
  let word = '';
  let wordStart = 0;
  let wordEnd = 0;
  const grow = (more: string, from: number) => {
    if (word === '') wordStart = from;
    word += more;
    wordEnd = at;
  };

  const processStopOn = (stop: number, raw: boolean): { value: Value; words: LexedWord[] } => {
    let value: Value = '';
    word = '';
    const words: LexedWord[] = [];
    let inWord = false;
    const finish = (): { value: Value; words: LexedWord[] } => {
      if (word !== '') words.push({ value: word, start: wordStart, end: wordEnd });
      word = '';
      return { value, words };
    };
    const addRaw = (more: string, from: number) => {
      grow(more, from);
      inWord = true;
    };
    const addCharacter = (char: string, from: number) => {
      if (!isSpace(char.charCodeAt(0))) addRaw(char, from);
      else if (inWord && word !== '') {
        words.push({ value: word, start: wordStart, end: wordEnd });
        word = '';
        inWord = false;
      }
    };
    const before = rawEscapes;
    rawEscapes = raw;
    depth += 1;
    if (depth > MAX_DEPTH) throw new LexError('substitutions are nested too deeply');
    const plain: string[] = [];
    const flush = () => {
      if (plain.length === 0) return;
      value = join(value, plain.join(''));
      plain.length = 0;
    };
    for (let code = peek(); code !== EOF; code = peek()) {
      const from = at;
      if (stop !== EOF && code === stop) {
        next();
        rawEscapes = before;
        depth -= 1;
        flush();
        return finish();
      }
      if (code === DOLLAR || code === LESS || (!ignoreQuotes && (code === SINGLE || code === DOUBLE))) {
        flush();
        const part =
          code === DOLLAR ? dollar() : code === LESS ? less() : code === SINGLE ? singleQuoted() : doubleQuoted();
        value = join(value, part);
        if (part === UNKNOWN) addRaw('\ufffd', from);
        else if (code === DOLLAR) for (const char of part) addCharacter(char, from);
        else addRaw(part, from);
        continue;
      }
      next();
      if (code !== escape) {
        const char = charOf(code);
        addCharacter(char, from);
        plain.push(char);
        continue;
      }
      if (rawEscapes) {
        addRaw(charOf(code), from);
        plain.push(charOf(code));
      }
      const escaped = next();
      if (escaped === EOF) break;
      addRaw(charOf(escaped), from);
      plain.push(charOf(escaped));
    }
    rawEscapes = before;
    depth -= 1;
    if (stop !== EOF) throw new LexError(`unexpected end of statement while looking for matching ${charOf(stop)}`);
    flush();
    return finish();
  };

  const singleQuoted = (): Value => {
    const from = at;
    next();
    const parts: string[] = [];
    for (;;) {
      const code = next();
      if (code === EOF) throw new LexError('unexpected end of statement while looking for matching single-quote');
      if (code === SINGLE) break;
      parts.push(charOf(code));
      if (pattern && code === escape) parts.push(charOf(code));
    }
    return rawQuotes ? `${text[from]}${parts.join('')}'` : parts.join('');
  };

  const doubleQuoted = (): Value => {
    next();
    let value: Value = rawQuotes ? '"' : '';
    let plain: string[] = [];
    const flush = () => {
      value = join(value, plain.join(''));
      plain = [];
    };
    for (;;) {
      const code = peek();
      if (code === EOF) throw new LexError('unexpected end of statement while looking for matching double-quote');
      if (code === DOLLAR) {
        flush();
        value = join(value, dollar());
        continue;
      }
      next();
      if (code === DOUBLE) {
        if (rawQuotes) plain.push('"');
        flush();
        return value;
      }
      if (code === escape) {
        const escaped = peek();
        if (escaped === EOF) continue;
        if (escaped === DOUBLE || escaped === DOLLAR || escaped === escape) {
          if (rawEscapes) plain.push(charOf(code));
          plain.push(charOf(next()));
          continue;
        }
        if (rawEscapes && (!rawQuotes || pattern)) plain.push(charOf(code));
      }
      plain.push(charOf(code));
    }
  };

  const name = (): string => {
    const from = at;
    const first = peek();
    if (first !== EOF && isDigit(first)) {
      while (peek() !== EOF && isDigit(peek())) next();
    } else if (SPECIAL.has(first)) {
      next();
    } else {
      while (peek() !== EOF && isNameCharacter(peek())) next();
    }
    return text.slice(from, at);
  };

  const lookUp = (variable: string): Value | undefined => {
    const value = environment(variable);
    if (value === undefined) unmatched.add(variable);
    else if (value === UNKNOWN) unknown.add(variable);
    else used.add(variable);
    return value;
  };

  const operand = (stop: number, raw: boolean, isPattern: boolean): Value => {
    const before = pattern;
    pattern = isPattern;
    try {
      const { value } = processStopOn(stop, raw);
      pattern = before;
      return value;
    } catch (error) {
      if (error instanceof LexError && at >= text.length) {
        throw new LexError(stop === SLASH ? `syntax error: missing '/' in \${}` : "syntax error: missing '}'");
      }
      throw error;
    }
  };

  const dollar = (): Value => {
    const start = at;
    next();
    if (peek() !== LEFT) {
      const variable = name();
      if (variable === '') return '$';
      references.push({ name: variable, start, end: at });
      const value = lookUp(variable);
      if (value === undefined) return keepUnset ? `$${variable}` : '';
      return value;
    }
    next();
    const first = peek();
    if (first === EOF) throw new LexError("syntax error: missing '}'");
    if (first === LEFT || first === RIGHT || first === COLON) throw new LexError('syntax error: bad substitution');
    const variable = name();
    const index = references.push({ name: variable, start, end: at }) - 1;
    const value = substitution(variable);
    references[index] = { name: variable, start, end: at };
    return value;
  };

  const substitution = (variable: string): Value => {
    let operator = next();
    let written = charOf(operator);
    if (operator === RIGHT) {
      const value = lookUp(variable);
      if (value === undefined) return keepUnset ? `\${${variable}}` : '';
      return value;
    }
    if (operator === SLASH) return replacement(variable);
    const nullIsUnset = operator === COLON;
    if (nullIsUnset) {
      operator = next();
      written += charOf(operator);
    } else if (!'+-?#%'.includes(written)) {
      throw new LexError(`unsupported modifier (${written}) in substitution`);
    }
    const isPattern = operator === 0x23 || operator === 0x25;
    if (nullIsUnset && isPattern) throw new LexError(`unsupported modifier (${written}) in substitution`);
    const word = operand(RIGHT, isPattern, isPattern);
    const value = lookUp(variable);
    if (value === undefined && keepUnset) {
      return word === UNKNOWN ? UNKNOWN : `\${${variable}${written}${word}}`;
    }
    const absent = value === undefined || (nullIsUnset && value === '');
    switch (operator) {
      case 0x2d:
        if (value === UNKNOWN) return UNKNOWN;
        return absent ? word : value;
      case 0x2b:
        if (value === UNKNOWN) return UNKNOWN;
        return absent ? '' : word;
      case QUESTION:
        if (value === UNKNOWN) return UNKNOWN;
        if (absent) {
          const standard = `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`;
          throw new LexError(`${variable}: ${word === '' || word === UNKNOWN ? standard : word}`);
        }
        return value;
      case 0x23:
      case 0x25: {
        if (word === UNKNOWN) return UNKNOWN;
        const greedy = word.charCodeAt(0) === operator;
        const glob = greedy ? word.slice(1) : word;
        const compiled = operator === 0x25 ? compileReversed(glob) : compilePattern(glob);
        if ('error' in compiled) throw new LexError(compiled.error);
        if (value === UNKNOWN) return UNKNOWN;
        return (operator === 0x25 ? removeSuffix : removePrefix)(value ?? '', compiled, greedy) ?? UNKNOWN;
      }
      default:
        throw new LexError(`unsupported modifier (${written}) in substitution`);
    }
  };

  const replacement = (variable: string): Value => {
    const all = peek() === SLASH;
    if (all) next();
    const glob = operand(SLASH, true, true);
    const by = operand(RIGHT, true, false);
    const value = lookUp(variable);
    if (value === undefined && keepUnset) {
      return glob === UNKNOWN || by === UNKNOWN ? UNKNOWN : `\${${variable}/${glob}/${by}}`;
    }
    if (glob === UNKNOWN) return UNKNOWN;
    const compiled = compilePattern(glob);
    if ('error' in compiled) throw new LexError(compiled.error);
    if (by === UNKNOWN || value === UNKNOWN) return UNKNOWN;
    return (all ? replaceEach : replaceFirst)(value ?? '', compiled, by) ?? UNKNOWN;
  };

  const less = (): Value => {
    next();
    if (peek() !== LESS) return '<';
    next();
    const from = at;
    while (peek() === 0x20 || peek() === 0x09 || peek() === 0x0d) next();
    return `<<${text.slice(from, at)}`;
  };

  const result = { references, used, unmatched, unknown };
  try {
    const { value, words } = processStopOn(EOF, rawEscapes);
    return { value, words, ...result };
  } catch (error) {
    if (!(error instanceof LexError)) throw error;
    return { value: undefined, words: [], ...result, error: error.message };
  }
}
