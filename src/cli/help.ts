import type { Command, Option } from './commands.ts';

/** Help of a verb, from the command table. */
export function commandHelp(command: Command): string {
  const usage =
    `layerwise ${command.name}${command.options.length > 0 ? ' [OPTION…]' : ''} ${command.operands}`.trimEnd();
  const parts = [
    `${command.name}: ${command.summary}\n\nUsage: ${usage}\n`,
    ...(command.about === undefined ? [] : [`${command.about}\n`]),
    `Options:\n${columns(command.options.map((option) => [written(option), says(option)]))}`,
    `Examples:\n${command.examples.map(({ line, says }) => `${says === '' ? '' : `  # ${says}\n`}  ${line}\n`).join('')}`,
  ];
  return parts.join('\n');
}

/** Help of the program: its verbs. */
export function programHelp(commands: readonly Command[]): string {
  const verbs = commands.map(({ name, summary }) => [name, summary] as const);
  return `layerwise checks Dockerfiles against the best-practice guide, and mends them without breaking them

Usage: layerwise [VERB] [OPTION…] [PATH…]

Verbs (default: check):
${columns(verbs)}
layerwise VERB --help tells more, with examples.
`;
}

function written({ name, short, value, optional }: Option): string {
  const long = `--${name}${value === undefined ? '' : optional ? `[=${value}]` : ` ${value}`}`;
  return short === undefined ? `    ${long}` : `-${short}, ${long}`;
}

function says({ says, choices }: Option): string {
  return choices === undefined ? says : `${says}: ${choices.join(', ')}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const left = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(left)}  ${text}\n`).join('');
}
