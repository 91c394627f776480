import type { Evidence, Fact, Span } from '../vocabulary/index.ts';
import type { Invocation, Script, Shell, ShellCommand, State } from '../language/shell/index.ts';
import type { Dockerfile, Instruction, Word } from '../language/syntax/index.ts';
import type { ImageFacts, ImageReference } from '../world/images/index.ts';

/** What one Dockerfile builds. Made lazily by `buildModel`; everything in it is a pure function of text and facts. */
export interface Build {
  readonly dockerfile: Dockerfile;
  readonly file: string;
  readonly metaArgs: readonly Step[];
  readonly stages: readonly Stage[];
  /** The stage that is built when nobody names one: the last. Undefined when there is none. */
  readonly defaultStage: Stage | undefined;
  /** Stages that end up in something that ships: the target, and those it is FROM. COPY --from sources are not among them. */
  readonly shipped: readonly Stage[];
  /** Stages the target needs at all: bases, COPY --from, mounts. */
  readonly needed: readonly Stage[];
  readonly purpose: Purpose;
  /** Every image from outside that the file names: FROM, COPY --from, mount from, syntax directive. */
  readonly references: readonly OutsideReference[];
  /** Steps of all stages in file order, meta ARGs apart. */
  readonly steps: readonly Step[];
  /** The frontend that reads the file: from `# syntax=`, with its version when that is written. */
  readonly frontend: Frontend;
}

export interface Frontend {
  readonly directive: boolean;
  readonly reference: ImageReference | undefined;
  /** `[1]`, `[1, 7]`, `[1, 7, 1]`; undefined: none written or no docker/dockerfile image. */
  readonly version: readonly number[] | undefined;
  readonly labs: boolean;
}

export interface OutsideReference {
  readonly kind: 'from' | 'copy-from' | 'mount-from' | 'syntax';
  /** Expanded reference; unknown when a variable has no value. */
  readonly image: Fact<ImageReference>;
  /** Where it is written. */
  readonly span: Span;
  /** True when the written text holds a variable. */
  readonly variable: boolean;
  readonly instruction: Instruction | undefined;
  readonly stage: Stage | undefined;
}

/** What a target is for, with what was seen. */
export interface Purpose {
  readonly is: 'service' | 'job' | 'base' | 'unknown';
  readonly evidence: readonly Evidence[];
}

export type StageBase =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'image'; readonly image: Fact<ImageReference>; readonly facts: ImageFacts };

export interface Stage {
  readonly index: number;
  /** Lower case as BuildKit compares it; undefined for an unnamed stage. */
  readonly name: string | undefined;
  readonly nameWord: Word | undefined;
  /** Name, or its index as text: how targets and claims call it. */
  readonly label: string;
  readonly from: Step;
  readonly base: StageBase;
  /** The outside image or scratch at the end of the FROM chain. */
  readonly root: Exclude<StageBase, { kind: 'stage' }>;
  /** What the stage inherits from its root image, passed on through stages. */
  readonly image: ImageFacts;
  /** Its instructions after FROM, in order. */
  readonly steps: readonly Step[];
  /** FROM's stage chain, nearest first, itself excluded. */
  readonly ancestors: readonly Stage[];
  /** Stages that are FROM it, directly or not. */
  readonly descendants: readonly Stage[];
  /** Stages or images whose files it copies or mounts. */
  readonly sources: readonly StageSource[];
  readonly platform: Fact<string> | undefined;
  /** After its last instruction. */
  readonly end: Surroundings;
}

export interface StageSource {
  readonly step: Step;
  readonly from: Stage | OutsideReference | undefined;
  readonly via: 'copy' | 'mount';
}

/** What holds at an instruction, before it runs. */
export interface Surroundings {
  readonly user: Fact<string>;
  /** Where the last USER was written; undefined when it is inherited from an image. */
  readonly userStep: Step | undefined;
  readonly workdir: Fact<string>;
  readonly workdirStep: Step | undefined;
  readonly shell: Fact<Shell>;
  readonly shellStep: Step | undefined;
  /** A known `undefined`: certainly not set. */
  env(name: string): Fact<string | undefined>;
  /** ARG or ENV, as an expansion sees it. */
  variable(name: string): Fact<string | undefined>;
  readonly entrypoint: Step | undefined;
  readonly cmd: Step | undefined;
  readonly healthcheck: Step | undefined;
}

/** An instruction in its stage. */
export interface Step {
  readonly instruction: Instruction;
  /** Undefined for meta ARGs. */
  readonly stage: Stage | undefined;
  /** Place in the stage, FROM is 0. */
  readonly index: number;
  /** `RUN 2`: the second RUN of its stage, from 1, as claims name it. */
  readonly label: string;
  /** True for the body of an ONBUILD: it runs in another build. */
  readonly onbuild: boolean;
  readonly before: Surroundings;
  /** Shell-form RUN, CMD, ENTRYPOINT, HEALTHCHECK: the script; heredoc bodies of a RUN are scripts of their own. */
  readonly scripts: readonly Script[];
  /** Commands of all scripts, and the exec-form argv as one command-like invocation is not among them. */
  readonly commands: readonly StepCommand[];
  readonly mounts: readonly Mount[];
  /** Expanded words (ENV/ARG values in force); unknown where a variable is. */
  expand(word: Word): Fact<string>;
}

export interface StepCommand {
  readonly step: Step;
  readonly script: Script;
  readonly command: ShellCommand;
  /** What the program tables know of it; undefined for a program that they lack. */
  readonly invocation: Invocation | undefined;
}

export interface Mount {
  /** `bind` when none is written. */
  readonly type: string;
  readonly options: readonly { readonly key: string; readonly value: string | undefined }[];
  readonly target: Fact<string> | undefined;
  readonly source: string | undefined;
  readonly from: string | undefined;
  readonly span: Span;
}

/** Who notices a state later: asked before a fix clears it. */
export interface StateReaders {
  /** Commands that certainly or possibly read it after `step`, in the same stage, in stages from it, or through copies of it. */
  readonly readers: readonly StepCommand[];
  /** Steps that may read it but cannot be read themselves: opaque scripts, ONBUILD, unknown programs where that matters. */
  readonly opaque: readonly Step[];
}

export type ReadersOf = (command: StepCommand, state: State) => StateReaders;
