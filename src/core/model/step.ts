import { type Invocation, interpret, type Script, type ShellCommand } from '../language/shell/index.ts';
import type { Flag, Instruction, Word } from '../language/syntax/index.ts';
import type { Fact } from '../vocabulary/index.ts';
import type { BuildContext } from './build.ts';
import { valueOf } from './known.ts';
import { mountsOf } from './mounts.ts';
import { scriptsOf } from './scripts.ts';
import type { StageNode } from './stage.ts';
import { Surround } from './surroundings.ts';
import type { Mount, Stage, Step, StepCommand } from './types.ts';
import { expandedFact } from './variables.ts';

/** An instruction in its stage. Scripts, commands and mounts are read when they are asked for. */
export class StepNode implements Step {
  readonly instruction: Instruction;
  readonly index: number;
  readonly label: string;
  readonly onbuild: boolean;
  readonly context: BuildContext;
  readonly #stage: StageNode | undefined;
  #before: Surround | undefined;
  #scripts: readonly Script[] | undefined;
  #commands: readonly StepCommand[] | undefined;
  #mounts: readonly Mount[] | undefined;
  #body: Step | undefined;

  constructor(
    context: BuildContext,
    instruction: Instruction,
    stage: StageNode | undefined,
    index: number,
    label: string,
    onbuild: boolean,
  ) {
    this.context = context;
    this.instruction = instruction;
    this.#stage = stage;
    this.index = index;
    this.label = label;
    this.onbuild = onbuild;
  }

  get stage(): Stage | undefined {
    return this.#stage;
  }

  get body(): Step | undefined {
    const { child } = this.instruction;
    if (child === undefined) return undefined;
    this.#body ??= new StepNode(this.context, child, this.#stage, this.index, this.label, true);
    return this.#body;
  }

  get before(): Surround {
    this.#before ??= new Surround(this.#stage ?? this.context.nowhere, this.index);
    return this.#before;
  }

  get argv(): readonly string[] | undefined {
    const { args, name, heredocs } = this.instruction;
    if (args.form !== 'json' || heredocs.length > 0) return undefined;
    const executes = name === 'RUN' || name === 'CMD' || name === 'ENTRYPOINT' || name === 'HEALTHCHECK';
    return executes ? args.elements.map((element) => element.value) : undefined;
  }

  get scripts(): readonly Script[] {
    this.#scripts ??= scriptsOf(this, this.context.dockerfile.text);
    return this.#scripts;
  }

  get commands(): readonly StepCommand[] {
    this.#commands ??= this.scripts.flatMap((script) => {
      const assigned = new Assigned(script);
      return script.commands.map((command) => new CommandNode(this, script, command, assigned));
    });
    return this.#commands;
  }

  get mounts(): readonly Mount[] {
    this.#mounts ??= this.instruction.name === 'RUN' ? mountsOf(this.context, this) : [];
    return this.#mounts;
  }

  expand(word: Word): Fact<string> {
    return this.expandText(word.value, word.span);
  }

  expandFlag(flag: Flag): Fact<string> | undefined {
    return flag.value === undefined ? undefined : this.expandText(flag.value, flag.valueSpan ?? flag.span);
  }

  /** Expands a text that stands at `span`: FROM and meta ARGs see meta ARGs, all others their stage. */
  expandText(text: string, span: readonly [number, number]): Fact<string> {
    const meta = this.#stage === undefined || this.instruction.name === 'FROM';
    const value = meta ? this.context.expandMeta(text) : (this.#stage as StageNode).expandAt(this.index, text);
    return expandedFact(value, this.context.options.file, span);
  }
}

type Assignments = Map<string, { readonly index: number; readonly value: string | undefined }[]>;

/** What a script's own assignments give variables. */
class Assigned {
  readonly #script: Script;
  #byName: Assignments | undefined;

  constructor(script: Script) {
    this.#script = script;
  }

  /** The last assignment before a command; `value` is undefined when it cannot be told. */
  before(name: string, index: number): { readonly value: string | undefined } | undefined {
    this.#byName ??= this.#collect();
    return this.#byName.get(name)?.findLast((each) => each.index < index);
  }

  #collect(): Assignments {
    const found: Assignments = new Map();
    for (const { index, program, assignments, certain, nesting } of this.#script.commands) {
      if (program !== undefined) continue;
      for (const { name, value, append } of assignments) {
        const sure = certain && nesting.length === 0 && !append;
        const list = found.get(name) ?? [];
        list.push({ index, value: sure ? (value === undefined ? '' : value.value) : undefined });
        found.set(name, list);
      }
    }
    return found;
  }
}

/** A command of a step; its meaning is looked up when it is asked for. */
class CommandNode implements StepCommand {
  readonly step: Step;
  readonly script: Script;
  readonly command: ShellCommand;
  readonly #assigned: Assigned;
  #invocation: Invocation | undefined | null = null;

  constructor(step: Step, script: Script, command: ShellCommand, assigned: Assigned) {
    this.step = step;
    this.script = script;
    this.command = command;
    this.#assigned = assigned;
  }

  get invocation(): Invocation | undefined {
    if (this.#invocation === null) this.#invocation = interpret(this.command, { env: (name) => this.#lookUp(name) });
    return this.#invocation;
  }

  #lookUp(name: string): string | undefined {
    const assigned = this.#assigned.before(name, this.command.index);
    return assigned === undefined ? valueOf(this.step.before.variable(name)) : assigned.value;
  }
}

/** Makes a step of a stage. */
export function makeStep(
  context: BuildContext,
  instruction: Instruction,
  stage: StageNode | undefined,
  index: number,
  label: string,
  onbuild: boolean,
): StepNode {
  return new StepNode(context, instruction, stage, index, label, onbuild);
}
