import { type Arguments, GNU, type OptionList, parseArguments } from './programs/arguments.ts';
import { findProgram } from './programs/index.ts';
import type { Call, Effects, Program, Subcommand } from './programs/table.ts';
import type { Invocation, Package, ProgramOption, ShellCommand, ShellWord } from './types.ts';

/** What the caller knows of the world around a command. */
export interface Lookups {
  /** A variable's value where the command stands: ENV, ARG, assignments before it. */
  readonly env: (name: string) => string | undefined;
}

const NONE: readonly never[] = [];
const NO_EFFECTS: Effects = {};
const UNKNOWN_SUBCOMMAND: Subcommand = {};
const NOTHING_KNOWN: Lookups = { env: () => undefined };

/**
 * What a command does, as far as the program's table tells.
 * @param lookups resolves variables: in package lists and versions, and in settings such as PIP_NO_CACHE_DIR
 * @returns undefined when the program has no table, or the command is no program at all
 */
export function interpret(command: ShellCommand, lookups: Lookups = NOTHING_KNOWN): Invocation | undefined {
  if (command.program === undefined) return undefined;
  const program = findProgram(command.program);
  if (program === undefined) return undefined;
  const words = lookups === NOTHING_KNOWN ? command.args : command.args.flatMap((word) => expandWord(word, lookups));
  return interpretAs(program, command, words, lookups);
}

function interpretAs(
  program: Program,
  command: ShellCommand,
  words: readonly ShellWord[],
  lookups: Lookups,
): Invocation {
  const chosen = choose(program, words);
  if (program.name === 'python') {
    const module = moduleOf(chosen.parsed);
    const inner = module && findProgram(module.name);
    if (inner !== undefined && module !== undefined)
      return interpretAs(inner, command, words.slice(module.at), lookups);
  }
  const { subcommand, parsed } = chosen;
  const { options, operands } = parsed;
  const refine = subcommand.refine ?? program.refine;
  const refined: Effects = refine === undefined ? NO_EFFECTS : refine(callOf(command, options, operands, lookups));
  const outputs = refined.outputs ?? outputsOf(subcommand, options, operands);
  return {
    program: program.name,
    subcommand: chosen.name,
    subcommandWord: chosen.word,
    action: refined.action ?? subcommand.action ?? 'other',
    options,
    operands,
    packages: refined.packages ?? packagesOf(subcommand, operands),
    reads: refined.reads ?? subcommand.reads ?? NONE,
    writes: refined.writes ?? subcommand.writes ?? NONE,
    clears: refined.clears ?? subcommand.clears ?? NONE,
    urls: refined.urls ?? urlsOf(subcommand.urls ?? program.urls, options, operands),
    outputs: command.redirects.length === 0 ? outputs : [...outputs, ...redirected(command)],
    complete: parsed.complete && chosen.known && !command.wrappers.includes('xargs') && !operands.some(isUnknown),
  };
}

function callOf(
  command: ShellCommand,
  options: readonly ProgramOption[],
  operands: readonly ShellWord[],
  lookups: Lookups,
): Call {
  return {
    command,
    options,
    operands,
    has: (name) => options.some((option) => option.name === name),
    value: (name) => options.findLast((option) => option.name === name)?.value,
    env: (name) => {
      const own = command.assignments.findLast((assignment) => assignment.name === name);
      return own === undefined ? lookups.env(name) : own.value?.value;
    },
  };
}

interface Chosen {
  readonly subcommand: Subcommand;
  /** `cache clean` for a subcommand of a subcommand. */
  readonly name: string | undefined;
  readonly word: ShellWord | undefined;
  readonly parsed: Arguments;
  /** The table has this subcommand. */
  readonly known: boolean;
}

/** Finds the subcommand by reading options up to each operand in turn. */
function choose(program: Program, words: readonly ShellWord[]): Chosen {
  const syntax = program.syntax ?? GNU;
  const own = program.options ?? '';
  if (program.subcommands === undefined) {
    const parsed = parseArguments(program.name === 'tar' ? oldStyle(words) : words, syntax, [own]);
    return { subcommand: program, name: undefined, word: undefined, parsed, known: true };
  }
  let subcommand: Subcommand = program;
  let lists: readonly OptionList[] = [own];
  let before: readonly ProgramOption[] = NONE;
  let complete = true;
  let from = 0;
  let first: ShellWord | undefined;
  let path: string | undefined;
  while (subcommand.subcommands !== undefined) {
    const parsed = parseArguments(words, syntax, lists, { from, order: 'first' });
    const word = words[parsed.first];
    const name = word?.value;
    const found: Subcommand | undefined =
      name !== undefined && Object.hasOwn(subcommand.subcommands, name) ? subcommand.subcommands[name] : undefined;
    if (found === undefined && (subcommand !== program || word === undefined)) break;
    before = before.length === 0 ? parsed.options : [...before, ...parsed.options];
    complete &&= parsed.complete;
    from = parsed.first + 1;
    first ??= word;
    path = path === undefined ? name : `${path} ${name}`;
    subcommand = found ?? program.otherwise ?? UNKNOWN_SUBCOMMAND;
    if (found?.options !== undefined) lists = [found.options, ...lists];
  }
  const parsed = parseArguments(words, syntax, lists, { from, order: subcommand.order ?? syntax.order });
  return {
    subcommand,
    name: path,
    word: first,
    parsed: {
      ...parsed,
      options: before.length === 0 ? parsed.options : [...before, ...parsed.options],
      complete: parsed.complete && complete,
    },
    known: subcommand !== UNKNOWN_SUBCOMMAND,
  };
}

/** `tar xzf FILE`: letters without a dash come first, and their values follow in order. */
function oldStyle(words: readonly ShellWord[]): readonly ShellWord[] {
  const letters = words[0]?.value;
  if (letters === undefined || words[0] === undefined || !/^[A-Za-z]+$/.test(letters)) return words;
  const valued = 'fCbgIKLNTXHFV';
  const rest = words.slice(1);
  const out: ShellWord[] = [];
  for (const letter of letters) {
    const option = `-${letter}`;
    out.push({ ...words[0], text: option, value: option, unquoted: option, prefix: option });
    const value = valued.includes(letter) ? rest.shift() : undefined;
    if (value !== undefined) out.push(value);
  }
  return [...out, ...rest];
}

/** The module of `python -m MODULE …` and where its arguments start among python's. */
function moduleOf(parsed: Arguments): { readonly name: string; readonly at: number } | undefined {
  const option = parsed.options.at(-1);
  if (option?.name !== '-m' || option.value?.value === undefined) return undefined;
  return { name: option.value.value, at: parsed.first };
}

/** Nothing of the word is known: it may be any number of words. */
function isUnknown(word: ShellWord): boolean {
  return word.value === undefined && word.expansions.some((kind) => kind === 'variable' || kind === 'substitution');
}

function packagesOf(subcommand: Subcommand, operands: readonly ShellWord[]): readonly Package[] {
  const read = subcommand.packages;
  if (read === undefined) return NONE;
  return operands.flatMap((word) => (word.prefix === '' && isUnknown(word) ? [] : (read(word) ?? [])));
}

function urlsOf(
  urls: Subcommand['urls'],
  options: readonly ProgramOption[],
  operands: readonly ShellWord[],
): readonly ShellWord[] {
  if (urls === undefined) return NONE;
  if (urls === 'operands') return operands;
  return options.flatMap(({ name, value }) => (value !== undefined && urls.includes(name) ? [value] : []));
}

function outputsOf(
  { outputs }: Subcommand,
  options: readonly ProgramOption[],
  operands: readonly ShellWord[],
): readonly ShellWord[] {
  if (outputs === undefined) return NONE;
  const named = options.flatMap(({ name, value }) =>
    value !== undefined && outputs.options?.includes(name) === true ? [value] : [],
  );
  if (named.length > 0 && outputs.operands === 'last') return named;
  const last = operands.at(-1);
  const written =
    outputs.operands === 'all'
      ? operands
      : outputs.operands === 'last' && operands.length > 1 && last !== undefined
        ? [last]
        : NONE;
  return [...named, ...written];
}

/** Files that the shell writes the command's output to. */
function redirected(command: ShellCommand): readonly ShellWord[] {
  if (command.redirects.length === 0) return NONE;
  return command.redirects.flatMap(({ operator, target }) =>
    target !== undefined && /^(?:>|>>|>\||&>|&>>)$/.test(operator) && target.unquoted !== '/dev/null' ? [target] : [],
  );
}

const REFERENCE = /\$(?:\{(\w+)\}|(\w+))/g;

/**
 * The words that a word becomes when its variables are known: an unquoted variable that is the whole word splits at
 * blanks, any other keeps its word whole. Each keeps the place of the word as written.
 */
function expandWord(word: ShellWord, lookups: Lookups): readonly ShellWord[] {
  if (word.variables.length === 0 || word.expansions.length !== 1 || word.expansions[0] !== 'variable') return [word];
  let known = true;
  const text = word.unquoted.replace(REFERENCE, (written, braced: string | undefined, plain: string | undefined) => {
    const name = braced ?? plain ?? '';
    const value = word.variables.includes(name) ? lookups.env(name) : undefined;
    if (value === undefined) known = false;
    return value ?? written;
  });
  if (!known || /\$\{/.test(text)) return [word];
  const literal = (value: string): ShellWord => ({ ...word, value, unquoted: value, prefix: value, expansions: NONE });
  return word.text.startsWith('$') ? text.split(/\s+/).filter(Boolean).map(literal) : [literal(text)];
}
