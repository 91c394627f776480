import type { Span } from '../../../vocabulary/index.ts';
import type { ProgramOption, ShellWord } from '../types.ts';

/**
 * Options of a program as one line: `-y --yes; -t= --target-release=; -i? --in-place=?`. Groups are separated by `;`, the
 * names of a group mean the same; the first long one is its name. `=`: takes a value, attached or as the next word;
 * `=?`: takes a value only when it is attached.
 */
export type OptionList = string;

export interface ArgumentSyntax {
  /**
   * Where options may stand. `anywhere`: between operands too, as GNU getopt, optparse, argparse do. `first`: the first
   * operand ends them, as in POSIX, Go's flag package and every wrapper.
   */
  readonly order: 'anywhere' | 'first';
  /** `clusters`: `-abc` is three options. `words`: `-abc` is one, as in Go, Java and find. */
  readonly short: 'clusters' | 'words';
  /** `-t=value` is `-t value`. */
  readonly shortEquals?: boolean;
  /** `--no-x` is known where `--x` is. */
  readonly negatable?: boolean;
}

export const GNU: ArgumentSyntax = { order: 'anywhere', short: 'clusters' };
export const POSIX: ArgumentSyntax = { order: 'first', short: 'clusters' };

interface OptionSpec {
  readonly name: string;
  readonly value: 'none' | 'required' | 'optional';
}

type OptionMap = ReadonlyMap<string, OptionSpec>;

const compiled = new Map<OptionList, OptionMap>();

function compile(list: OptionList): OptionMap {
  const known = compiled.get(list);
  if (known !== undefined) return known;
  const map = new Map<string, OptionSpec>();
  for (const group of list.split(';')) {
    const names = group.trim().split(/\s+/);
    const bare = (name: string) => name.replace(/=\??$/, '');
    const name = bare(names.find((written) => written.startsWith('--')) ?? names[0] ?? '');
    for (const written of names) {
      const value = written.endsWith('=?') ? 'optional' : written.endsWith('=') ? 'required' : 'none';
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

function find(maps: readonly OptionMap[], name: string): OptionSpec | undefined {
  for (const map of maps) {
    const found = map.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A long option by a beginning that no other name shares, as getopt_long, optparse, argparse and nopt allow. */
function findAbbreviated(maps: readonly OptionMap[], name: string): OptionSpec | undefined {
  if (name.length < 4) return undefined;
  const found = new Map<string, OptionSpec>();
  for (const map of maps) {
    for (const [known, spec] of map) if (known.startsWith(name)) found.set(spec.name, spec);
  }
  return found.size === 1 ? [...found.values()][0] : undefined;
}

/** Splits the words after a program (or subcommand) into options, their values and operands. */
export function parseArguments(
  words: readonly ShellWord[],
  syntax: ArgumentSyntax,
  ...lists: readonly OptionList[]
): Arguments {
  const maps = lists.map(compile);
  const options: ProgramOption[] = [];
  const operands: ShellWord[] = [];
  let first = words.length;
  let complete = true;
  let at = 0;
  const operand = (word: ShellWord) => {
    if (operands.length === 0) first = at;
    operands.push(word);
  };
  const add = (spec: OptionSpec | undefined, written: string, name: string, word: ShellWord, value?: ShellWord) => {
    if (spec === undefined) complete = false;
    options.push({ name: spec?.name ?? name, written, value, word });
  };
  const next = (): ShellWord | undefined => {
    if (at + 1 >= words.length) {
      complete = false;
      return undefined;
    }
    at += 1;
    return words[at];
  };
  for (; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const text = word.unquoted;
    if (word.prefix === '' && text !== '' && word.expansions.some((kind) => kind !== 'glob' && kind !== 'tilde'))
      complete = false;
    if (text.length < 2 || text[0] !== '-' || word.prefix === '') {
      operand(word);
      if (syntax.order === 'first') break;
      continue;
    }
    if (text === '--') {
      at += 1;
      if (at < words.length && operands.length === 0) first = at;
      operands.push(...words.slice(at));
      return { options, operands, first, complete };
    }
    if (text[1] === '-' || syntax.short === 'words') {
      const equals = text.indexOf('=');
      const written = equals === -1 ? text : text.slice(0, equals);
      const spec = findLong(maps, written, syntax);
      if (equals !== -1) add(spec, written, written, word, tail(word, equals + 1));
      else add(spec, written, written, word, spec?.value === 'required' ? next() : undefined);
      continue;
    }
    for (let letter = 1; letter < text.length; letter++) {
      const name = `-${text[letter]}`;
      const spec = find(maps, name) ?? (/\d/.test(text[letter] as string) ? find(maps, '-#') : undefined);
      const rest = letter + 1;
      if (spec === undefined || spec.value === 'none') {
        add(spec, text, name, word);
        if (syntax.shortEquals === true && text[rest] === '=') break;
        continue;
      }
      const attached = syntax.shortEquals === true && text[rest] === '=' ? rest + 1 : rest;
      if (attached < text.length) add(spec, text, name, word, tail(word, attached));
      else add(spec, text, name, word, spec.value === 'required' ? next() : undefined);
      break;
    }
  }
  return { options, operands: syntax.order === 'first' ? words.slice(first) : operands, first, complete };
}

function findLong(maps: readonly OptionMap[], written: string, syntax: ArgumentSyntax): OptionSpec | undefined {
  const found = find(maps, written);
  if (found !== undefined) return found;
  if (syntax.short === 'words') return written.startsWith('--') ? find(maps, written.slice(1)) : undefined;
  if (syntax.negatable === true && written.startsWith('--no-') && find(maps, `--${written.slice(5)}`) !== undefined) {
    return { name: written, value: 'none' };
  }
  return findAbbreviated(maps, written);
}
