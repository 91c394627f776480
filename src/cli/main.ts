import { check as checkText, fixFile } from '../core/lint/index.ts';
import { rules } from '../core/rules/registry.gen.ts';
import { reportBugs, version } from './about.ts';
import { check } from './check.ts';
import { type Command, checkCommand, commands } from './commands.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import { type Io, processIo } from './io.ts';
import { type Parsed, parse } from './parse.ts';

/** Runs the program. Never throws: what goes wrong inside is told as the bug that it is. */
export async function main(args: readonly string[], io: Io): Promise<ExitStatus> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    io.err.write(
      `error: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${reportBugs}\n`,
    );
    return exit.unable;
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<ExitStatus> {
  const [first, ...rest] = args;
  const named = commands.find(({ name }) => name === first);
  const command = named ?? checkCommand;
  const parsed = parse(command, named ? rest : args);
  if ('usage' in parsed) return usageError(io, command.name, parsed);
  if (parsed.values.help || (first === 'help' && args.length === 1)) {
    const { commandHelp, programHelp } = await import('./help.ts');
    io.out.write(named ? commandHelp(command) : programHelp(commands));
    return exit.clean;
  }
  if (parsed.values.version) {
    io.out.write(`layerwise ${version}\n`);
    return exit.clean;
  }
  return runVerb(command, parsed, io);
}

async function runVerb({ name }: Command, parsed: Parsed, io: Io): Promise<ExitStatus> {
  if (name === 'explain') return (await import('./explain.ts')).explain(parsed, io);
  if (name === 'rules') return (await import('./rules.ts')).listRules(parsed, io, rules);
  if (name === 'completions') return (await import('./completions.ts')).completions(parsed, io, rules);
  return check(parsed, io, { check: checkText, fixFile, rules });
}

/** The program as the package's `bin` starts it. */
export async function start(): Promise<void> {
  const status = await main(process.argv.slice(2), processIo());
  // Everything is written by now: leaving at once saves taking the heap down.
  process.exit(status);
}
