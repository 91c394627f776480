import { parseArgs } from 'node:util';
import type { Command, Option } from './commands.ts';
import { nearest } from './nearest.ts';

export interface Parsed {
  /** Values by option name; a switch is `true`, and so is an optional value that was left out. */
  readonly values: Readonly<Record<string, string | true>>;
  readonly operands: readonly string[];
  /** Every value of the options that may be given more than once. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}

/** A mistake on the command line, and what to do about it. */
export interface UsageError {
  readonly usage: string;
  readonly help?: string;
}

/** The arguments of a verb. The last of repeated options counts, but for those that may be repeated. */
export function parse(command: Command, args: readonly string[]): Parsed | UsageError {
  const byName = new Map(command.options.map((option) => [option.name, option]));
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      command.options.map((option) => [
        option.name,
        {
          type: option.value !== undefined && !option.optional ? ('string' as const) : ('boolean' as const),
          ...(option.short === undefined ? {} : { short: option.short }),
        },
      ]),
    ),
  });
  const values: Record<string, string | true> = {};
  const operands: string[] = [];
  const lists: Record<string, string[]> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = byName.get(token.name);
    if (!option) return unknownOption(command, token.rawName);
    const problem = valueProblem(option, token.rawName, token.value, token.inlineValue ?? false);
    if (problem) return problem;
    values[option.name] = token.value ?? true;
    if (option.many && token.value !== undefined) {
      lists[option.name] ??= [];
      lists[option.name]?.push(token.value);
    }
  }
  return Object.keys(lists).length > 0 ? { values, operands, lists } : { values, operands };
}

function unknownOption(command: Command, written: string): UsageError {
  const near = nearest(
    written,
    command.options.map(({ name }) => `--${name}`),
  );
  const help = near === undefined ? `layerwise ${command.name} --help lists the options` : `did you mean ${near}?`;
  return { usage: `unknown option ${written}`, help };
}

function valueProblem(
  option: Option,
  written: string,
  value: string | undefined,
  inline: boolean,
): UsageError | undefined {
  if (option.value === undefined) return value === undefined ? undefined : { usage: `${written} takes no value` };
  if (value === undefined || value === '' || (value.startsWith('-') && !inline)) {
    if (option.optional && value === undefined) return undefined;
    const choices = option.choices ? `: ${option.choices.join(', ')}` : '';
    return {
      usage: `${written} needs a value${choices}`,
      help: `for example ${written}=${option.choices?.[0] ?? option.value}`,
    };
  }
  if (option.choices && !option.choices.includes(value)) {
    const near = nearest(value, option.choices);
    const help = near === undefined ? `choose from ${option.choices.join(', ')}` : `did you mean ${near}?`;
    return { usage: `${written} cannot be ${value}`, help };
  }
  return undefined;
}
