import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { check as checkText, fixFile } from '../core/lint/index.ts';
import { rules } from '../core/rules/registry.gen.ts';
import type { Linter } from '../session/index.ts';
import { reportBugs, version } from './about.ts';
import { check } from './check.ts';
import { type Command, checkCommand, plannedVerbs, verbNames } from './commands.ts';
import type { Crew, CrewWork, Task } from './crew.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import { type Io, NotWritten, processIo } from './io.ts';
import { type Parsed, parse } from './parse.ts';
import { work, workerOf } from './worker.ts';

/** Runs the program. Never throws: what goes wrong inside is told as the bug that it is. */
export async function main(args: readonly string[], io: Io): Promise<ExitStatus> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tellLast(io, error instanceof NotWritten ? error.message : `internal error: ${trace}\n${reportBugs}`);
    return exit.unable;
  }
}

/** The last word, which may find no room either. */
function tellLast(io: Io, says: string): void {
  try {
    io.err.write(`error: ${says}\n`);
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<ExitStatus> {
  const [first, ...rest] = args;
  const named = first !== undefined && verbNames.includes(first) ? await verb(first) : undefined;
  if (first !== undefined && plannedVerbs.includes(first) && !existsSync(resolve(io.cwd, first)))
    return usageError(io, 'help', {
      usage: `${first} is planned, and not there yet`,
      help: 'layerwise --help lists what is',
    });
  const command = named ?? checkCommand;
  const parsed = parse(command, named ? rest : args);
  if ('usage' in parsed) return usageError(io, command.name, parsed);
  if (parsed.values.help || (first === 'help' && args.length === 1)) {
    const { commandHelp, programHelp } = await import('./help.ts');
    io.out.write(named ? commandHelp(command) : programHelp((await import('./verbs.ts')).commands));
    return exit.clean;
  }
  if (parsed.values.version) {
    io.out.write(`layerwise ${version}\n`);
    return exit.clean;
  }
  return runVerb(command, parsed, io);
}

async function verb(name: string): Promise<Command | undefined> {
  if (name === checkCommand.name) return checkCommand;
  return (await import('./verbs.ts')).commands.find((command) => command.name === name);
}

async function runVerb({ name }: Command, parsed: Parsed, io: Io): Promise<ExitStatus> {
  if (name === 'explain') return (await import('./explain.ts')).explain(parsed, io);
  if (name === 'rules') return (await import('./rules.ts')).listRules(parsed, io, rules);
  if (name === 'context') return (await import('./context.ts')).context(parsed, io);
  if (name === 'replay') return (await import('./replay.ts')).replayVerb(parsed, io, linter);
  if (name === 'prove') return (await import('./prove.ts')).proveVerb(parsed, io, linter);
  if (name === 'completions') return (await import('./completions.ts')).completions(parsed, io, rules);
  return check(parsed, io, {
    ...linter,
    rules,
    ...(io.threadScript === undefined ? {} : { crew: crewWith(io.threadScript) }),
  });
}

let linted = false;

const linter: Linter = {
  check(input, options) {
    linted = true;
    return checkText(input, options);
  },
  fixFile(input, options) {
    linted = true;
    return fixFile(input, options);
  },
};

/** Whether this run looked at a file: the code that one called is worth keeping, that of `--version` is not. */
export function hasLinted(): boolean {
  return linted;
}

/** A crew whose threads run the bundle again. It is loaded when there is work for it. */
function crewWith(script: string): Crew {
  return async function* crew(work) {
    const { crewOf } = await import('./threads.ts');
    const redo = ({ cwd, manner, session, signal }: CrewWork, task: Task) =>
      workerOf({ cwd, manner, session, stop: signal?.shared }, linter)(task);
    yield* crewOf(script, redo)(work);
  };
}

/** A thread of the crew, as `worker.cjs` starts it. */
export function startThread(): void {
  work(linter);
}

/**
 * The program as the package's `bin` starts it.
 * @param threadScript what a thread of the crew runs
 */
export async function start(threadScript?: string): Promise<void> {
  const status = await main(process.argv.slice(2), {
    ...processIo(),
    ...(threadScript === undefined ? {} : { threadScript }),
  });
  // Everything is written by now: leaving at once saves taking the heap down.
  process.exit(status);
}
