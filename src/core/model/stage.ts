import { type Environment, type Instruction, UNKNOWN } from '../language/syntax/index.ts';
import type { Fact } from '../vocabulary/index.ts';
import { type ImageFacts, SCRATCH } from '../world/images/index.ts';
import type { BuildContext } from './build.ts';
import { isKnown } from './known.ts';
import { sourceOf } from './references.ts';
import { countWhere } from './sorted.ts';
import { makeStep } from './step.ts';
import { type Setter, Surround } from './surroundings.ts';
import type { Stage, StageBase, StageSource, Step, Surroundings } from './types.ts';
import { expandedFact, expandIn, type IsOpen, type Setting } from './variables.ts';

/** What an ENV or ARG does to one variable. */
export interface Entry {
  readonly index: number;
  readonly value: Setting;
  readonly step: Step;
  readonly env: boolean;
  /** A bare ARG that nobody gave a value. */
  readonly open: boolean;
}

const SETTERS: ReadonlySet<string> = new Set<Setter>(['USER', 'WORKDIR', 'SHELL', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

const NO_STEPS: readonly Step[] = [];

/** So many stages below are asked for a variable; what lies deeper is unknown, or a long chain would take quadratic time. */
const MAX_CHAIN = 500;

/** A stage as the model works with it. */
export class StageNode implements Stage {
  readonly index: number;
  readonly name: string | undefined;
  readonly nameWord: Stage['nameWord'];
  readonly label: string;
  readonly from: Step;
  readonly base: StageBase;
  readonly root: Stage['root'];
  readonly steps: readonly Step[];
  readonly triggers: readonly Step[];
  /** The stage that it is FROM. */
  readonly parent: StageNode | undefined;
  readonly file: string;
  readonly escape: '\\' | '`';
  readonly #context: BuildContext;
  readonly #setters = new Map<string, Step[]>();
  readonly #lastSetters: ReadonlyMap<string, Step>;
  #bodies: readonly Instruction[] | undefined;
  #settings: Map<string, Entry[]> | undefined;
  #end: Surround | undefined;
  #descendants: readonly Stage[] | undefined;
  #sources: readonly StageSource[] | undefined;

  constructor(context: BuildContext, index: number, from: Instruction, body: readonly Instruction[]) {
    this.#context = context;
    this.file = context.options.file;
    this.escape = context.dockerfile.escape;
    this.index = index;
    const words = from.args.form === 'words' ? from.args.words : [];
    this.nameWord = words.length === 3 ? words[2] : undefined;
    this.name = this.nameWord?.value.toLowerCase();
    const named = this.name !== undefined && context.lastOfName.get(this.name) === index ? this.name : undefined;
    this.label = named ?? (index === context.lastIndex ? 'final' : String(index));
    this.base = context.resolveBase(words[0]);
    this.parent = this.base.kind === 'stage' ? (this.base.stage as StageNode) : undefined;
    this.root = this.base.kind === 'stage' ? this.base.stage.root : this.base;
    const counts = new Map<string, number>();
    const add = (instruction: Instruction, at: number): Step => {
      const count = (counts.get(instruction.name) ?? 0) + 1;
      counts.set(instruction.name, count);
      return makeStep(context, instruction, this, at, `${instruction.name} ${count}`, false);
    };
    this.from = add(from, 0);
    // Triggers run between FROM and the first instruction.
    const bodies = context.mayTrigger(this.parent?.bodies ?? []);
    this.triggers = bodies.map((child, i) =>
      makeStep(context, child, this, (i + 1) / (bodies.length + 1), `ONBUILD ${i + 1}`, false),
    );
    for (const step of this.triggers) this.#note(step);
    this.steps = body.map((instruction, i) => add(instruction, i + 1));
    for (const step of this.steps) this.#note(step);
    const lasts = new Map(this.parent === undefined ? [] : this.parent.#lastSetters);
    for (const [name, steps] of this.#setters) lasts.set(name, steps.at(-1) as Step);
    this.#lastSetters = lasts;
  }

  #note(step: Step): void {
    const { name } = step.instruction;
    if (!SETTERS.has(name)) return;
    const list = this.#setters.get(name);
    if (list === undefined) this.#setters.set(name, [step]);
    else list.push(step);
  }

  /** Its own steps that set this, in order. */
  setters(name: Setter): readonly Step[] {
    return this.#setters.get(name) ?? NO_STEPS;
  }

  /** Bodies of its ONBUILD instructions. */
  get bodies(): readonly Instruction[] {
    this.#bodies ??= this.steps.flatMap(({ instruction }) => instruction.child ?? []);
    return this.#bodies;
  }

  /** The last step that sets this when the stage is done, its own or of a stage below. */
  lastSetter(name: Setter): Step | undefined {
    return this.#lastSetters.get(name);
  }

  get image(): ImageFacts {
    return this.root.kind === 'scratch' ? SCRATCH : this.root.facts;
  }

  get ancestors(): readonly Stage[] {
    const found: Stage[] = [];
    for (let stage = this.parent; stage !== undefined; stage = stage.parent) found.push(stage);
    return found;
  }

  get descendants(): readonly Stage[] {
    this.#descendants ??= this.#findDescendants();
    return this.#descendants;
  }

  #findDescendants(): readonly Stage[] {
    const found = new Set<Stage>([this]);
    for (const stage of this.#context.stages)
      if (stage.parent !== undefined && found.has(stage.parent)) found.add(stage);
    found.delete(this);
    return [...found];
  }

  get sources(): readonly StageSource[] {
    this.#sources ??= [...this.triggers, ...this.steps].flatMap((step) => sourceOf(this.#context, step));
    return this.#sources;
  }

  get platform(): Fact<string> | undefined {
    const flag = this.from.instruction.flags.find(({ name }) => name === 'platform');
    if (flag?.value === undefined) return undefined;
    return expandedFact(this.#context.expandMeta(flag.value), this.file, flag.valueSpan ?? flag.span);
  }

  get end(): Surroundings {
    this.#end ??= new Surround(this, this.steps.length + 1);
    return this.#end;
  }

  /** The last thing that was done to a variable before a step, here or in the stages below. */
  setting(name: string, before: number, onlyEnv: boolean): Entry | undefined {
    let index = before;
    let left = MAX_CHAIN;
    for (let stage: StageNode | undefined = this; stage !== undefined; stage = stage.parent) {
      const entry = lastBefore(stage.#evaluated().get(name), index, onlyEnv);
      if (entry !== undefined) return entry;
      index = Number.POSITIVE_INFINITY;
      left -= 1;
      if (left === 0) return { index: 0, value: UNKNOWN, step: stage.from, env: true, open: false };
    }
    return undefined;
  }

  /** What its ENV and ARG instructions do. Stages below are evaluated first, from the bottom: no recursion along a chain. */
  #evaluated(): Map<string, Entry[]> {
    if (this.#settings !== undefined) return this.#settings;
    const pending: StageNode[] = [];
    for (let stage = this.parent; stage !== undefined && stage.#settings === undefined; stage = stage.parent)
      pending.push(stage);
    for (const stage of pending.reverse()) stage.#evaluate();
    return this.#evaluate();
  }

  #evaluate(): Map<string, Entry[]> {
    const settings = new Map<string, Entry[]>();
    this.#settings = settings;
    for (const step of [...this.triggers, ...this.steps]) {
      const { name, args } = step.instruction;
      if ((name !== 'ENV' && name !== 'ARG') || args.form !== 'pairs') continue;
      const env = name === 'ENV';
      for (const [i, { key, value }] of args.pairs.entries()) {
        // All of an ENV see what was before it; each of an ARG's sees those before it in the line.
        const index = env ? step.index : step.index + i / (args.pairs.length + 1);
        // The keys of an ENV are expanded like its values, those of an ARG are not.
        const variable = env ? this.expandAt(index, key.value) : key.value;
        if (typeof variable !== 'string') continue;
        const [result, open]: [Setting, boolean] = env
          ? [this.expandAt(index, value?.value ?? ''), false]
          : this.#argument(index, variable, value?.value);
        // Declared without a value: an ENV or ARG before it stays in force.
        const earlier = open ? this.setting(variable, index, false) : undefined;
        if (earlier !== undefined && !earlier.open) continue;
        const entry: Entry = { index, value: result, step, env, open };
        const list = settings.get(variable);
        if (list === undefined) settings.set(variable, [entry]);
        else list.push(entry);
      }
    }
    return settings;
  }

  /** The value of an ARG, and whether only the builder can give one. */
  #argument(index: number, name: string, value: string | undefined): [Setting, boolean] {
    const passed = this.#context.options.buildArgs?.[name];
    if (passed !== undefined) return [passed, false];
    if (value !== undefined) return [this.expandAt(index, value), false];
    const global = this.#context.metaArg(name);
    return global === undefined ? [UNKNOWN, true] : [global.value, global.open];
  }

  /** Expands a text as an instruction at `index` sees it. */
  expandAt(index: number, text: string): Setting {
    const isOpen: IsOpen = (name) => this.setting(name, index, false)?.open ?? false;
    return expandIn(text, this.#environment(index), this.escape, isOpen);
  }

  #environment(index: number): Environment {
    const at = new Surround(this, index);
    return (name) => {
      const entry = this.setting(name, index, false);
      if (entry !== undefined) return entry.value;
      const fact = at.variable(name);
      return isKnown(fact) ? fact.value : UNKNOWN;
    };
  }
}

function lastBefore(entries: readonly Entry[] | undefined, index: number, onlyEnv: boolean): Entry | undefined {
  if (entries === undefined) return undefined;
  for (let i = countWhere(entries, (entry) => entry.index < index) - 1; i >= 0; i--)
    if (!onlyEnv || (entries[i] as Entry).env) return entries[i];
  return undefined;
}
