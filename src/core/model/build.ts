import { type Dockerfile, type Environment, type Instruction, UNKNOWN, type Word } from '../language/syntax/index.ts';
import type { Fact } from '../vocabulary/index.ts';
import { type ImageFacts, type ImageReference, known, parseReference, unknownImage } from '../world/images/index.ts';
import { isKnown } from './known.ts';
import { purposeOf } from './purpose.ts';
import { frontendOf, referencesOf } from './references.ts';
import { StageNode } from './stage.ts';
import { makeStep } from './step.ts';
import type { Build, BuildOptions, Frontend, OutsideReference, Purpose, Stage, StageBase, Step } from './types.ts';
import { expandedFact, expandIn, PLATFORM_ARGS, type Setting } from './variables.ts';

/** A meta ARG, or an ARG that BuildKit predefines. */
export interface MetaArg {
  readonly value: Setting;
  /** Declared without a value. */
  readonly open: boolean;
}

/** So many bodies of ONBUILD run in one file: stages times triggers would else fill the memory. What lies beyond is left out. */
const MAX_TRIGGERED = 20_000;

/** What the parts of one build share. */
export class BuildContext {
  readonly dockerfile: Dockerfile;
  readonly options: BuildOptions;
  readonly stages: StageNode[] = [];
  readonly metaSteps: Step[] = [];
  /** Index of the last stage. */
  readonly lastIndex: number;
  /** The last stage of each name, by index. */
  readonly lastOfName = new Map<string, number>();
  readonly #declared = new Map<string, MetaArg>();
  readonly #byName = new Map<string, StageNode>();
  #nowhere: StageNode | undefined;
  #triggered = 0;

  constructor(dockerfile: Dockerfile, options: BuildOptions) {
    this.dockerfile = dockerfile;
    this.options = options;
    const froms = dockerfile.instructions.filter(({ name }) => name === 'FROM');
    this.lastIndex = froms.length - 1;
    froms.forEach(({ args }, index) => {
      const word = args.form === 'words' && args.words.length === 3 ? args.words[2] : undefined;
      if (word !== undefined) this.lastOfName.set(word.value.toLowerCase(), index);
    });
    let from: Instruction | undefined;
    let body: Instruction[] = [];
    const close = () => {
      if (from === undefined) return;
      const stage = new StageNode(this, this.stages.length, from, body);
      this.stages.push(stage);
      if (stage.name !== undefined) this.#byName.set(stage.name, stage);
    };
    for (const instruction of dockerfile.instructions) {
      if (instruction.name === 'FROM') {
        close();
        from = instruction;
        body = [];
      } else if (from !== undefined) body.push(instruction);
      else if (instruction.name === 'ARG') this.#declare(instruction);
    }
    close();
  }

  /** The bodies that a stage runs, as long as the file has not had too many. */
  mayTrigger(bodies: readonly Instruction[]): readonly Instruction[] {
    if (this.#triggered + bodies.length > MAX_TRIGGERED) return [];
    this.#triggered += bodies.length;
    return bodies;
  }

  /** Meta ARGs see those before them; a `--build-arg` beats a default. */
  #declare(instruction: Instruction): void {
    this.metaSteps.push(makeStep(this, instruction, undefined, 0, `ARG ${this.metaSteps.length + 1}`, false));
    if (instruction.args.form !== 'pairs') return;
    for (const { key, value } of instruction.args.pairs) {
      const passed = this.options.buildArgs?.[key.value];
      if (passed !== undefined) this.#declared.set(key.value, { value: passed, open: false });
      else if (value !== undefined) this.#declared.set(key.value, { value: this.expandMeta(value.value), open: false });
      else if (this.metaArg(key.value) === undefined) this.#declared.set(key.value, { value: UNKNOWN, open: true });
    }
  }

  /** A meta ARG as FROM, and a stage that declares it without a value, see it. */
  metaArg(name: string): MetaArg | undefined {
    const declared = this.#declared.get(name);
    if (declared !== undefined || !PLATFORM_ARGS.has(name)) return declared;
    return { value: this.options.buildArgs?.[name] ?? UNKNOWN, open: false };
  }

  /** Expands a text as FROM sees it. */
  expandMeta(text: string): Setting {
    const environment: Environment = (name) => this.metaArg(name)?.value;
    return expandIn(text, environment, this.dockerfile.escape, (name) => this.metaArg(name)?.open ?? false);
  }

  /** The last stage of that name, whatever its case: as COPY, mounts and --target find it. */
  stageNamed(name: string): StageNode | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** What FROM names: an earlier stage, `scratch`, or an image. */
  resolveBase(word: Word | undefined): StageBase {
    const image = (reference: Fact<ImageReference>, facts: ImageFacts): StageBase => ({
      kind: 'image',
      image: reference,
      facts,
    });
    if (word === undefined) return image({ unknown: 'FROM names nothing' }, unknownImage('FROM names nothing'));
    const name = expandedFact(this.expandMeta(word.value), this.options.file, word.span);
    if (!isKnown(name)) return image(name, unknownImage('FROM depends on a variable whose value is not known'));
    // Names are kept in small letters; FROM compares them as they are, COPY and mounts whatever their case.
    const stage = this.#byName.get(name.value);
    if (stage !== undefined) return { kind: 'stage', stage };
    if (name.value === 'scratch') return { kind: 'scratch' };
    const reference = parseReference(name.value);
    if (reference === undefined) {
      const why = 'it is no valid image reference';
      return image({ unknown: why }, unknownImage(why));
    }
    return image({ ...name, value: reference }, (this.options.imageFacts ?? known)(reference));
  }

  /** Where a meta ARG stands: outside of every stage. */
  get nowhere(): StageNode {
    const step = this.metaSteps[0] ?? this.stages[0]?.from;
    if (step === undefined) throw new Error('a build without instructions has no steps');
    this.#nowhere ??= new StageNode(this, -1, step.instruction, []);
    return this.#nowhere;
  }
}

class BuildNode implements Build {
  readonly dockerfile: Dockerfile;
  readonly file: string;
  readonly stages: readonly Stage[];
  readonly metaArgs: readonly Step[];
  readonly #context: BuildContext;
  #references: readonly OutsideReference[] | undefined;
  #frontend: Frontend | undefined;
  #purpose: Purpose | undefined;
  #needed: readonly Stage[] | undefined;
  #steps: readonly Step[] | undefined;

  constructor(context: BuildContext) {
    this.#context = context;
    this.dockerfile = context.dockerfile;
    this.file = context.options.file;
    this.stages = context.stages;
    this.metaArgs = context.metaSteps;
  }

  get defaultStage(): Stage | undefined {
    return this.stages.at(-1);
  }

  get target(): Stage | undefined {
    const { target } = this.#context.options;
    if (target === undefined) return this.defaultStage;
    const index = /^\d+$/.test(target) ? this.stages[Number(target)] : undefined;
    return this.#context.stageNamed(target) ?? index ?? this.defaultStage;
  }

  get otherTargets(): readonly string[] | undefined {
    const { target } = this.#context.options;
    if (target === undefined || this.stages.length === 0 || this.#context.stageNamed(target) !== undefined)
      return undefined;
    if (/^\d+$/.test(target) && this.stages[Number(target)] !== undefined) return undefined;
    return this.stages.map(({ label }) => label);
  }

  get shipped(): readonly Stage[] {
    return this.target === undefined ? [] : [this.target, ...this.target.ancestors];
  }

  get needed(): readonly Stage[] {
    this.#needed ??= this.#findNeeded();
    return this.#needed;
  }

  #findNeeded(): readonly Stage[] {
    const found = new Set<Stage>();
    const pending = this.target === undefined ? [] : [this.target];
    for (let stage = pending.pop(); stage !== undefined; stage = pending.pop()) {
      if (found.has(stage)) continue;
      found.add(stage);
      if (stage.base.kind === 'stage') pending.push(stage.base.stage);
      for (const { from } of stage.sources) if (from !== undefined && !('kind' in from)) pending.push(from);
    }
    return this.stages.filter((stage) => found.has(stage));
  }

  get purpose(): Purpose {
    this.#purpose ??= this.target === undefined ? { is: 'unknown', evidence: [] } : purposeOf(this, this.target);
    return this.#purpose;
  }

  get references(): readonly OutsideReference[] {
    this.#references ??= referencesOf(this.#context, this.frontend);
    return this.#references;
  }

  get steps(): readonly Step[] {
    this.#steps ??= this.stages.flatMap((stage) => [stage.from, ...stage.steps]);
    return this.#steps;
  }

  get frontend(): Frontend {
    this.#frontend ??= frontendOf(this.#context);
    return this.#frontend;
  }
}

/**
 * What a Dockerfile builds: stages, their graph and what holds at each instruction, as BuildKit would have it
 * (frontend/dockerfile/dockerfile2llb/convert.go). Nothing is read or computed before it is asked for; nothing throws.
 * What depends on an image that `imageFacts` does not know, or on a value that only the builder has, is an unknown fact.
 */
export function buildModel(dockerfile: Dockerfile, options: BuildOptions): Build {
  return new BuildNode(new BuildContext(dockerfile, options));
}
