import type { AndOr, LogicalOperator, Pipeline as PipelineTree } from 'unbash';
import type { Nesting } from './types.ts';

/** What the shell process has been told so far: it changes as `set` runs. */
export interface Process {
  errexit: boolean;
  pipefail: boolean;
  /** An `exit` or `exec` certainly ran: nothing later is reached. */
  ended: boolean;
}

/** What surrounds a statement, an element of an and-or list, a member of a pipeline. */
export interface Context {
  readonly nesting: readonly Nesting[];
  readonly depth: number;
  readonly certain: boolean;
  /** errexit is not heeded: a test, the left side of `&&` or `||`, a negation. */
  readonly exempt: boolean;
  /** Its failing fails the script, for a block: its last statement's failing does. */
  readonly fatal: boolean;
  /** Leaving the shell process from here with a failure fails the script. */
  readonly exits: boolean;
}

export type PipelineNode = PipelineTree | CommandNode;
export type CommandNode = PipelineTree['commands'][number];

/** What surrounds a block inside what `context` surrounds. */
export function within(context: Context, nesting: Nesting, changes: Partial<Context>): Context {
  return { ...context, depth: context.depth + 1, ...changes, nesting: [...context.nesting, nesting] };
}

/** What surrounds a list that `&` ends: nobody waits for it. */
export function inBackground(context: Context): Context {
  return within(context, 'background', { depth: context.depth, exempt: true, fatal: false, exits: false });
}

/** What surrounds a pipeline of an and-or list; `after`: the operator before it. */
export function elementContext(
  process: Process,
  context: Context,
  after: LogicalOperator | undefined,
  final: boolean,
  fatal: boolean,
): Context {
  return {
    nesting: context.nesting,
    depth: context.depth,
    certain: context.certain && !process.ended && after !== '||',
    exempt: context.exempt || !final,
    fatal,
    exits: context.exits,
  };
}

/** Whether the failing of a list's last pipeline fails the script; errexit heeds no other one. */
export function isFatal(process: Process, context: Context, last: boolean): boolean {
  return (last && context.fatal) || (process.errexit && !context.exempt && context.exits);
}

/**
 * Where the failing of each pipeline but the last leads: to that of a later one behind `||` that fails whenever it runs
 * (its index), out of the list with a failure (`through`) or out of the shell (`exits`); or another one makes it good (`lost`).
 */
export function failures({ commands, operators }: AndOr): readonly (number | 'through' | 'exits' | 'lost')[] {
  const ways: (number | 'through' | 'exits' | 'lost')[] = [];
  let behind: number | 'through' | 'exits' | 'lost' = 'through';
  for (let k = operators.length - 1; k >= 0; k--) {
    if (operators[k] === '||') {
      const way = bails(commands[k + 1] as PipelineNode);
      behind = way === 'fails' ? k + 1 : way === 'exits' ? 'exits' : 'lost';
    }
    ways[k] = behind;
  }
  return ways;
}

/** Whether the right side of `||` fails whenever it runs: by leaving the shell, or by its status alone. */
function bails(node: PipelineNode): 'exits' | 'fails' | undefined {
  switch (node.type) {
    case 'Command': {
      const argument = node.suffix[0];
      switch (node.name?.text) {
        case 'exit':
          return argument === undefined || (argument.type === 'Word' && !/^0+$|\$/.test(argument.text))
            ? 'exits'
            : undefined;
        case 'false':
          return 'fails';
        default:
          return undefined;
      }
    }
    case 'BraceGroup':
    case 'Subshell': {
      const inner = node.body.commands.at(-1);
      if (inner === undefined || inner.background === true || inner.command.type === 'AndOr') return undefined;
      const way = bails(inner.command);
      return node.type === 'Subshell' && way === 'exits' ? 'fails' : way;
    }
    default:
      return undefined;
  }
}
