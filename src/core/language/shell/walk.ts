import { type CompoundList, type ParsedScript, parse, type Statement } from 'unbash';
import { type SpanMap, slice } from '../text/index.ts';
import { type CommandTree, readCommand } from './command.ts';
import {
  type CommandNode,
  type Context,
  elementContext,
  failures,
  inBackground,
  isFatal,
  type PipelineNode,
  type Process,
  within,
} from './context.ts';
import { type Frame, type Place, place } from './frame.ts';
import { operatorAfter, terminatorAfter } from './operators.ts';
import { type BashOnly, type Findings, findIn, findInArithmetic, type Substitution } from './parts.ts';
import { nestedScript, unescapeBackquoted } from './quoted-script.ts';
import { applyShellOptions } from './shells.ts';
import type { CommandList, Operator, Pipeline, Shell, ShellCommand, ShellKind } from './types.ts';

/** What a walk collects. */
export interface Collected {
  readonly commands: ShellCommand[];
  readonly operators: Operator[];
  partial: boolean;
  opaque: string | undefined;
}

interface Walk {
  readonly collected: Collected;
  readonly kind: ShellKind;
  readonly process: Process;
  readonly frame: Frame;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type OpenList = Mutable<CommandList> & { pipelines: Pipeline[]; operators: Operator[] };
type OpenPipeline = Mutable<Pipeline> & { commands: number[]; operators: Operator[] };

const NONE: never[] = [];

/** How deep blocks, substitutions and `sh -c` strings may nest before the rest is left unread. */
const MAX_DEPTH = 150;

/** Dash and busybox have no brace lists; a `sh` may be bash. */
function frameOf(map: SpanMap, kind: ShellKind): Frame {
  return { map, text: map.text, kind, braces: kind === 'bash' || kind === 'sh' };
}

/** Walks a script from its start; returns its and-or lists, everything else goes to `collected`. */
export function walkScript(collected: Collected, map: SpanMap, shell: Shell): readonly CommandList[] {
  const walk: Walk = {
    collected,
    kind: shell.kind,
    process: { errexit: shell.errexit, pipefail: shell.pipefail, ended: false },
    frame: frameOf(map, shell.kind),
  };
  return walkParsed(walk, parse(map.text), map.text.length, {
    nesting: [],
    depth: 0,
    certain: true,
    exempt: false,
    fatal: true,
    exits: true,
  });
}

function walkParsed(walk: Walk, script: ParsedScript, end: number, context: Context): readonly CommandList[] {
  const error = script.errors?.[0];
  if (error !== undefined) walk.collected.opaque ??= `syntax error: ${error.message}`;
  return walkStatements(walk, script.commands, end, context);
}

/** A walk whose `set` and `exit` do not reach the surrounding process. */
function subprocess(walk: Walk): Walk {
  return { ...walk, process: { ...walk.process } };
}

function refuse(walk: Walk, syntax: BashOnly | undefined): void {
  if (syntax === undefined || walk.kind === 'bash' || (syntax.busybox && walk.kind === 'ash')) return;
  walk.collected.opaque ??= `${syntax.name} is no POSIX shell syntax`;
}

function walkStatements(
  walk: Walk,
  statements: readonly Statement[],
  end: number,
  context: Context,
): readonly CommandList[] {
  if (context.depth > MAX_DEPTH) {
    walk.collected.partial = true;
    return [];
  }
  const lists: CommandList[] = [];
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i] as Statement;
    const next = statements[i + 1];
    lists.push(walkList(walk, statement, next === undefined, next?.pos ?? end, context));
  }
  return lists;
}

function walkBlock(walk: Walk, block: CompoundList, context: Context): void {
  // A block's own end leaves out the separator before its closing word.
  walkStatements(walk, block.commands, walk.frame.text.length, context);
}

function walkList(walk: Walk, statement: Statement, last: boolean, limit: number, context: Context): CommandList {
  const { command } = statement;
  const { frame, collected, process } = walk;
  const list: OpenList = {
    span: place(frame, command.pos, command.end),
    pipelines: [],
    operators: command.type === 'AndOr' ? [] : NONE,
    terminator: terminatorAfter(frame, command.end, limit),
    depth: context.depth,
  };
  const around = statement.background === true ? inBackground(context) : context;
  if (command.type !== 'AndOr') {
    walkPipeline(walk, command, list, elementContext(process, around, undefined, true, isFatal(process, around, last)));
  } else {
    const { commands, operators } = command;
    const ways = failures(command);
    const fatal = (k: number): boolean => {
      let at = k;
      for (let way = ways[at]; typeof way === 'number'; way = ways[at]) at = way;
      const way = ways[at];
      if (way === undefined) return isFatal(process, around, last);
      return way === 'through' ? last && around.fatal : way === 'exits' && around.exits;
    };
    for (let k = 0; k < commands.length; k++) {
      const node = commands[k] as PipelineNode;
      walkPipeline(
        walk,
        node,
        list,
        elementContext(process, around, operators[k - 1], k === commands.length - 1, fatal(k)),
      );
      const text = operators[k];
      const operator = text && operatorAfter(frame, node.end, text);
      if (operator === undefined) continue;
      list.operators.push(operator);
      collected.operators.push(operator);
    }
  }
  if (list.terminator !== undefined) collected.operators.push(list.terminator);
  return list;
}

function walkPipeline(walk: Walk, node: PipelineNode, list: OpenList, context: Context): void {
  const { frame, collected } = walk;
  if (node.type !== 'Pipeline') {
    const pipeline: OpenPipeline = {
      span: place(frame, node.pos, node.end),
      negated: false,
      commands: [],
      length: 1,
      operators: NONE,
    };
    list.pipelines.push(pipeline);
    walkMember(walk, node, { list, pipeline, stage: 0, leading: NONE }, context);
    return;
  }
  let negated = false;
  const leading: Place[] = [];
  for (const prefix of node.prefixes) {
    if (prefix.type === 'Negation') negated = !negated;
    else if (walk.kind === 'bash') continue;
    // `time` is a program to a POSIX shell.
    else if (negated || node.commands[0]?.type !== 'Command')
      refuse(walk, { name: 'the keyword time', busybox: false });
    else leading.push(...timeWords(frame, prefix.pos, prefix.end));
  }
  const pipeline: OpenPipeline = {
    span: place(frame, node.pos, node.end),
    negated,
    commands: [],
    length: node.commands.length,
    operators: [],
  };
  list.pipelines.push(pipeline);
  const piped = node.commands.length > 1;
  const around = node.prefixes.some((prefix) => prefix.type === 'Negation')
    ? within(context, 'negated', { depth: context.depth })
    : context;
  const { pipefail } = walk.process;
  node.commands.forEach((member, stage) => {
    const heard = stage === node.commands.length - 1 || pipefail;
    const fatal = context.fatal && heard && !negated;
    const exempt = context.exempt || around !== context;
    walkMember(
      piped ? subprocess(walk) : walk,
      member,
      { list, pipeline, stage, leading: stage === 0 ? leading : NONE },
      {
        nesting: around.nesting,
        depth: around.depth,
        certain: around.certain,
        exempt,
        fatal,
        exits: piped ? fatal : context.exits,
      },
    );
    const text = node.operators[stage];
    if (text === undefined) return;
    if (text === '|&') refuse(walk, { name: '|&', busybox: false });
    const operator = operatorAfter(frame, member.end, text);
    if (operator === undefined) return;
    pipeline.operators.push(operator);
    collected.operators.push(operator);
  });
}

function timeWords(frame: Frame, pos: number, end: number): Place[] {
  const places: Place[] = [];
  for (const match of frame.text.slice(pos, end).matchAll(/\S+/g)) {
    places.push([pos + match.index, pos + match.index + match[0].length]);
  }
  return places;
}

/** Where a command stands. */
interface Seat {
  readonly list: OpenList;
  readonly pipeline: OpenPipeline;
  readonly stage: number;
  /** Words before the ones that the library counts as the command's. */
  readonly leading: readonly Place[];
}

function walkMember(walk: Walk, node: CommandNode, seat: Seat, context: Context): void {
  const findings: Findings = { substitutions: undefined, bashOnly: undefined };
  if (node.type === 'Command') {
    walkCommand(walk, node, seat, context, findings);
    return;
  }
  const test = { exempt: true, fatal: false };
  switch (node.type) {
    case 'Redirected':
      findIn(node.redirects, findings);
      walkMember(walk, node.command, seat, context);
      walkFindings(walk, findings, context);
      return;
    case 'Subshell':
      walkBlock(subprocess(walk), node.body, within(context, 'subshell', { exits: context.fatal }));
      return;
    case 'BraceGroup':
      walkBlock(walk, node.body, within(context, 'group', {}));
      return;
    case 'If': {
      const branch = within(context, 'if-branch', { certain: false });
      walkBlock(walk, node.clause, within(context, 'if-test', test));
      walkBlock(walk, node.then, branch);
      for (const elif of node.elif) {
        walkBlock(walk, elif.clause, within(context, 'if-test', { ...test, certain: false }));
        walkBlock(walk, elif.then, branch);
      }
      if (node.else !== undefined) walkBlock(walk, node.else, branch);
      return;
    }
    case 'While':
      walkBlock(walk, node.clause, within(context, 'loop-test', test));
      walkBlock(walk, node.body, within(context, 'loop-body', { certain: false, fatal: false }));
      return;
    case 'For':
    case 'Select':
      if (node.type === 'Select') refuse(walk, { name: 'select', busybox: false });
      findIn(node.wordlist ?? [], findings);
      walkFindings(walk, findings, context);
      walkBlock(walk, node.body, within(context, 'loop-body', { certain: false, fatal: false }));
      return;
    case 'Case':
      findIn([node.word], findings);
      for (const item of node.items) {
        if (item.terminator === ';&' || item.terminator === ';;&')
          refuse(walk, { name: item.terminator, busybox: false });
        findIn(item.pattern, findings);
      }
      walkFindings(walk, findings, context);
      for (const item of node.items) walkBlock(walk, item.body, within(context, 'case-branch', { certain: false }));
      return;
    case 'Function': {
      const written = walk.frame.text.slice(node.pos, node.end);
      if (/^function\s/.test(written)) refuse(walk, { name: 'the keyword function', busybox: true });
      else if (!/^[A-Za-z_]\w*$/.test(node.name.text)) refuse(walk, { name: 'such a function name', busybox: true });
      const body = within(context, 'function-body', { certain: false, exempt: true, fatal: false, exits: false });
      const callee = subprocess(walk);
      if (node.body.type === 'CompoundList') {
        walkBlock(callee, node.body, body);
        return;
      }
      walkMember(callee, node.body, seat, body);
      return;
    }
    case 'Coproc': {
      refuse(walk, { name: 'coproc', busybox: false });
      const body = within(context, 'background', { fatal: false, exits: false });
      if (node.body.type === 'CompoundList') {
        walkBlock(subprocess(walk), node.body, body);
        return;
      }
      walkMember(subprocess(walk), node.body, seat, body);
      return;
    }
    case 'ArithmeticFor':
      refuse(walk, { name: 'for ((…))', busybox: false });
      for (const part of [node.initialize, node.test, node.update]) findInArithmetic(part, findings);
      walkFindings(walk, findings, context);
      walkBlock(walk, node.body, within(context, 'loop-body', { certain: false, fatal: false }));
      return;
    case 'ArithmeticCommand':
      if (walk.kind !== 'bash') {
        walkArithmeticAsSubshells(walk, node.pos, node.end, context);
        return;
      }
      findInArithmetic(node.expression, findings);
      walkFindings(walk, findings, context);
      return;
    case 'TestCommand':
      if (walk.kind !== 'bash') {
        walkTestAsCommand(walk, node.pos, node.end, seat, context);
        return;
      }
      findIn([node.expression], findings);
      walkFindings(walk, findings, context);
      return;
  }
}

/** `((…))` is a subshell in a subshell to a shell without arithmetic commands. */
function walkArithmeticAsSubshells(walk: Walk, pos: number, end: number, context: Context): void {
  const map = slice(walk.frame.map, [pos + 1, end - 1]);
  const script = parse(map.text);
  if (script.errors !== undefined) {
    refuse(walk, { name: '((…))', busybox: false });
    return;
  }
  const inner: Walk = { ...subprocess(walk), frame: frameOf(map, walk.kind) };
  walkParsed(inner, script, map.text.length, within(context, 'subshell', { exits: context.fatal }));
}

/**
 * `[[ … ]]` is a command of that name to a POSIX shell, with ordinary words. It is read as that where both readings have
 * the same words; elsewhere (`&&`, `<`, `(` inside) the shells differ.
 */
function walkTestAsCommand(walk: Walk, pos: number, end: number, seat: Seat, context: Context): void {
  const map = slice(walk.frame.map, [pos, end]);
  const script = parse(`: ${map.text.slice(2)}`);
  const command = script.commands[0]?.command;
  const plain = command?.type === 'Command' && command.redirects.length === 0 && script.commands.length === 1;
  if (!plain || script.errors !== undefined) {
    refuse(walk, { name: '[[…]]', busybox: false });
    return;
  }
  const findings: Findings = { substitutions: undefined, bashOnly: undefined };
  const named = { ...command, pos: 0, end: map.text.length, name: undefined, prefix: [], suffix: command.suffix };
  const inner: Walk = { ...walk, frame: { ...walk.frame, map, text: map.text } };
  walkCommand(inner, named, { ...seat, leading: [[0, 2]] }, context, findings);
}

function walkCommand(walk: Walk, node: CommandTree, seat: Seat, context: Context, findings: Findings): void {
  const { collected, frame, process } = walk;
  const read = readCommand(frame, node, seat.leading, findings);
  const { program, wrappers, args, words } = read;
  const command: ShellCommand = {
    index: collected.commands.length,
    span: read.span,
    words,
    assignments: read.assignments,
    redirects: read.redirects,
    program,
    programWord: read.programWord,
    args,
    wrappers,
    nesting: context.nesting,
    list: seat.list,
    pipeline: seat.pipeline,
    stage: seat.stage,
    certain: context.certain,
    decisive: context.fatal,
  };
  collected.commands.push(command);
  if (context.nesting.at(-1) !== 'function-body') seat.pipeline.commands.push(command.index);
  const assigns = words.length === 0;
  walkFindings(walk, findings, context, assigns);
  if (program === undefined && !assigns && read.dynamic) collected.partial = true;
  switch (program) {
    case 'set':
      applySet(process, command);
      break;
    case 'exit':
      process.ended ||= context.certain;
      break;
    case 'eval':
    case 'source':
    case '.':
      collected.partial = true;
      break;
  }
  if (wrappers.includes('exec')) process.ended ||= context.certain;
  walkNested(walk, read.script, context);
}

function applySet(process: Process, command: ShellCommand): void {
  const after = { errexit: process.errexit, pipefail: process.pipefail };
  applyShellOptions(
    after,
    command.args.map((word) => word.value),
  );
  // What may not have run counts only where it takes certainty away.
  process.errexit = after.errexit && (command.certain || process.errexit);
  process.pipefail = after.pipefail && (command.certain || process.pipefail);
}

/** The string of `sh -c`: part of the script as long as it can be read, else only a reason for doubt. */
function walkNested(walk: Walk, found: ReturnType<typeof readCommand>['script'], context: Context): void {
  if (found === undefined) return;
  const { collected } = walk;
  const nested = found === 'unreadable' ? undefined : nestedScript(walk.frame, found.place, found.shell, walk.kind);
  if (nested === undefined || context.depth >= MAX_DEPTH) {
    collected.partial = true;
    return;
  }
  const commands = collected.commands.length;
  const operators = collected.operators.length;
  const outer = collected.opaque;
  const { kind, errexit, pipefail } = nested.shell;
  walkParsed(
    {
      collected,
      kind,
      process: { errexit, pipefail, ended: false },
      frame: frameOf(nested.map, kind),
    },
    parse(nested.map.text),
    nested.map.text.length,
    within(context, 'sh -c', { exempt: false, exits: context.fatal }),
  );
  if (collected.opaque === outer) return;
  collected.opaque = outer;
  collected.commands.length = commands;
  collected.operators.length = operators;
  collected.partial = true;
}

/** The substitutions of a command's words; `assigns`: the last one's status is the command's. */
function walkFindings(walk: Walk, findings: Findings, context: Context, assigns = false): void {
  refuse(walk, findings.bashOnly);
  findings.substitutions?.forEach((substitution, at, all) => {
    const status = assigns && at === all.length - 1 && substitution.kind === 'command' && context.fatal;
    walkSubstitution(
      walk,
      substitution,
      within(context, 'substitution', {
        certain: context.certain && !substitution.conditional,
        fatal: status,
        exits: status,
      }),
    );
  });
}

function walkSubstitution(walk: Walk, { script, pos, end }: Substitution, context: Context): void {
  const inner = subprocess(walk);
  if (walk.kind === 'bash') inner.process.errexit = false;
  if (script.source === undefined) {
    walkParsed(inner, script, end - 1, context);
    return;
  }
  const map = unescapeBackquoted(walk.frame.map, [pos, end], script.source);
  if (map === undefined) {
    walk.collected.partial = true;
    return;
  }
  walkParsed({ ...inner, frame: { ...walk.frame, map, text: map.text } }, script, map.text.length, context);
}
