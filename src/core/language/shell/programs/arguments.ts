import type { Span } from '../../../vocabulary/index.ts';
import type { ProgramOption, ShellWord } from '../types.ts';

/**
 * Options of a program as one line: `-y --yes; -t= --target-release=; -i? --in-place=?`. Groups are separated by `;`, the
 * names of a group mean the same; the first long one is its name. `=`: takes a value, attached or as the next word;
 * `=?`: takes a value only when it is attached; `=!`: takes a value and ends the options.
 */
export type OptionList = string;

export interface ArgumentSyntax {
  /**
   * Where options may stand. `anywhere`: between operands too, as GNU getopt, optparse, argparse do. `first`: the first
   * operand ends them, as in POSIX, Go's flag package and every wrapper. `none`: every word is an operand.
   */
  readonly order: 'anywhere' | 'first' | 'none';
  /** `clusters`: `-abc` is three options. `words`: `-abc` is one, as in Go, Java and find. */
  readonly short: 'clusters' | 'words';
  /** `-t=value` is `-t value`. */
  readonly shortEquals?: boolean;
  /** `--no-x` is known where `--x` is. */
  readonly negatable?: boolean;
}

export const GNU: ArgumentSyntax = { order: 'anywhere', short: 'clusters' };
export const POSIX: ArgumentSyntax = { order: 'first', short: 'clusters' };

const DASH = 0x2d;

interface OptionSpec {
  readonly name: string;
  readonly value: 'none' | 'required' | 'optional' | 'last';
}

type OptionMap = ReadonlyMap<string, OptionSpec>;

function valueOf(written: string): OptionSpec['value'] {
  if (written.endsWith('=?')) return 'optional';
  if (written.endsWith('=!')) return 'last';
  return written.endsWith('=') ? 'required' : 'none';
}

const compiled = new Map<OptionList, OptionMap>();

function compile(list: OptionList): OptionMap {
  const known = compiled.get(list);
  if (known !== undefined) return known;
  const map = new Map<string, OptionSpec>();
  for (const group of list.split(';')) {
    const names = group.trim().split(/\s+/);
    const bare = (name: string) => name.replace(/=[?!]?$/, '');
    const name = bare(names.find((written) => written.startsWith('--')) ?? names[0] ?? '');
    for (const written of names) {
      const value = valueOf(written);
      if (written !== '') map.set(bare(written), { name, value });
    }
  }
  compiled.set(list, map);
  return map;
}

export interface Arguments {
  readonly options: readonly ProgramOption[];
  readonly operands: readonly ShellWord[];
  /** Index in the words of the first operand; their number when there is none. */
  readonly first: number;
  /** Every option was in the lists, and every word that could be one is static. */
  readonly complete: boolean;
}

/** The part of a word from `at` of its text with quoting removed. */
export function tail(word: ShellWord, at: number): ShellWord {
  const quote = /^["']/.exec(word.text)?.[0];
  const whole = quote !== undefined && word.text.indexOf(quote, 1) === word.text.length - 1;
  const verbatim = (whole ? word.text.slice(1, -1) : word.text).startsWith(word.unquoted.slice(0, at));
  const skip = at + (whole ? 1 : 0);
  const span: Span = verbatim && !word.broken ? [word.span[0] + skip, word.span[1] - (whole ? 1 : 0)] : word.span;
  return {
    ...word,
    text: verbatim ? word.text.slice(skip, whole ? -1 : undefined) : word.unquoted.slice(at),
    span,
    value: word.value?.slice(at),
    unquoted: word.unquoted.slice(at),
    prefix: word.prefix.slice(at),
  };
}

function find(lists: readonly OptionList[], name: string): OptionSpec | undefined {
  for (const list of lists) {
    const found = compile(list).get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A long option by a beginning that no other name shares, as getopt_long, optparse, argparse and nopt allow. */
function findAbbreviated(lists: readonly OptionList[], name: string): OptionSpec | undefined {
  if (name.length < 4) return undefined;
  const found = new Map<string, OptionSpec>();
  for (const list of lists) {
    for (const [known, spec] of compile(list)) if (known.startsWith(name)) found.set(spec.name, spec);
  }
  return found.size === 1 ? [...found.values()][0] : undefined;
}

/** Where reading starts and stops, when not at the first word and not as the syntax says. */
export interface Range {
  readonly from?: number;
  readonly order?: ArgumentSyntax['order'];
}

/**
 * Splits the words after a program (or subcommand) into options, their values and operands.
 * @param lists options known here; the first list that has a name decides
 */
export function parseArguments(
  words: readonly ShellWord[],
  syntax: ArgumentSyntax,
  lists: readonly OptionList[],
  { from = 0, order = syntax.order }: Range = {},
): Arguments {
  const options: ProgramOption[] = [];
  let operands: ShellWord[] = [];
  let first = words.length;
  let complete = true;
  if (order === 'none') return { options, operands: words.slice(from), first: from, complete };
  for (let at = from; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const text = word.unquoted;
    if (text.length < 2 || text.charCodeAt(0) !== DASH || word.prefix === '') {
      if (word.prefix === '' && expandsToAnything(word)) complete = false;
      if (operands.length === 0) first = at;
      if (order === 'first') {
        operands = words.slice(at);
        break;
      }
      operands.push(word);
      continue;
    }
    if (text === '--') {
      if (operands.length === 0) first = Math.min(at + 1, words.length);
      operands.push(...words.slice(at + 1));
      break;
    }
    if (text.charCodeAt(1) === DASH || syntax.short === 'words') {
      const equals = text.indexOf('=');
      const written = equals === -1 ? text : text.slice(0, equals);
      const spec = findLong(lists, written, syntax);
      if (spec === undefined) complete = false;
      let value = equals === -1 ? undefined : tail(word, equals + 1);
      if (equals === -1 && spec?.value === 'required') {
        at += 1;
        value = words[at];
        if (value === undefined) complete = false;
      }
      options.push({ name: spec?.name ?? written, written, value, word });
      continue;
    }
    for (let letter = 1; letter < text.length; letter++) {
      const name = `-${text[letter]}`;
      const spec = find(lists, name) ?? (/\d/.test(text[letter] as string) ? find(lists, '-#') : undefined);
      if (spec === undefined) complete = false;
      const equals = syntax.shortEquals === true && text[letter + 1] === '=';
      if (spec === undefined || spec.value === 'none') {
        options.push({ name: spec?.name ?? name, written: text, value: undefined, word });
        if (equals) break;
        continue;
      }
      const attached = equals ? letter + 2 : letter + 1;
      let value = attached < text.length ? tail(word, attached) : undefined;
      if (value === undefined && spec.value !== 'optional') {
        at += 1;
        value = words[at];
        if (value === undefined) complete = false;
      }
      options.push({ name: spec.name, written: text, value, word });
      if (spec.value === 'last') {
        first = Math.min(at + 1, words.length);
        return { options, operands: [...operands, ...words.slice(at + 1)], first, complete };
      }
      break;
    }
  }
  return { options, operands, first, complete };
}

/** A word of nothing but a variable or substitution may be options, operands or nothing. */
function expandsToAnything(word: ShellWord): boolean {
  for (const kind of word.expansions) if (kind === 'variable' || kind === 'substitution') return true;
  return false;
}

function findLong(lists: readonly OptionList[], written: string, syntax: ArgumentSyntax): OptionSpec | undefined {
  const found = find(lists, written);
  if (found !== undefined) return found;
  if (syntax.short === 'words') return written.startsWith('--') ? find(lists, written.slice(1)) : undefined;
  if (syntax.negatable === true && written.startsWith('--no-') && find(lists, `--${written.slice(5)}`) !== undefined) {
    return { name: written, value: 'none' };
  }
  return findAbbreviated(lists, written);
}
