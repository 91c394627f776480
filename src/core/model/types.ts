import type { Invocation, Script, Shell, ShellCommand } from '../language/shell/index.ts';
import type { Dockerfile, Flag, Instruction, Word } from '../language/syntax/index.ts';
import type { Evidence, Fact, Span } from '../vocabulary/index.ts';
import type { ImageFacts, ImageReference } from '../world/images/index.ts';

/** What one Dockerfile builds. Made lazily by `buildModel`; everything in it is a pure function of text and facts. */
export interface Build {
  readonly dockerfile: Dockerfile;
  readonly file: string;
  readonly metaArgs: readonly Step[];
  readonly stages: readonly Stage[];
  /** The stage that is built when nobody names one: the last. Undefined when there is none. */
  readonly defaultStage: Stage | undefined;
  /** The stage that is built: the one named in the options, else `defaultStage`. */
  readonly target: Stage | undefined;
  /** What the stages are called, when the target that was asked for is none of them and the default one stands for it. */
  readonly otherTargets: readonly string[] | undefined;
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
  /** How targets and claims call it: its name, if no later stage has it too; else `final` for the last stage; else its index. */
  readonly label: string;
  readonly from: Step;
  readonly base: StageBase;
  /** The outside image or scratch at the end of the FROM chain. */
  readonly root: Exclude<StageBase, { kind: 'stage' }>;
  /** What the stage inherits from its root image, passed on through stages. */
  readonly image: ImageFacts;
  /** Its instructions after FROM, in order. */
  readonly steps: readonly Step[];
  /** Bodies of the ONBUILD instructions of the stage that it is FROM: they run first here, but are written there. */
  readonly triggers: readonly Step[];
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
  /** As USER says it: name or number, `name:group`; of an image the default user of its config. */
  readonly user: Fact<string>;
  /** Where the last USER was written; undefined when it is inherited from an image. */
  readonly userStep: Step | undefined;
  /** Absolute. */
  readonly workdir: Fact<string>;
  readonly workdirStep: Step | undefined;
  /**
   * What reads shell form. Unknown for an image of which nothing is known: `Step.scripts` are read as POSIX shell then, and a
   * fix that depends on the shell asks here.
   */
  readonly shell: Fact<Shell>;
  readonly shellStep: Step | undefined;
  /** ENV only: what the image's config holds. A known `undefined`: certainly not set. */
  env(name: string): Fact<string | undefined>;
  /** ARG or ENV, whichever was last: what an expansion and a RUN's process see. */
  variable(name: string): Fact<string | undefined>;
  /** The step that set it, here or in a stage below; undefined when only the image can have. */
  variableStep(name: string): Step | undefined;
  readonly entrypoint: Step | undefined;
  /** An ENTRYPOINT discards the CMD of the stage or image below: then it is undefined. */
  readonly cmd: Step | undefined;
  readonly healthcheck: Step | undefined;
}

/** An instruction in its stage. */
export interface Step {
  readonly instruction: Instruction;
  /** Undefined for meta ARGs. */
  readonly stage: Stage | undefined;
  /** Place in the stage: FROM is 0, the first of `Stage.steps` 1. */
  readonly index: number;
  /** `RUN 2`: the second RUN of its stage, from 1, as claims name it. */
  readonly label: string;
  /** True for the body of an ONBUILD: it runs in another build. */
  readonly onbuild: boolean;
  /** Of an ONBUILD step: its body, in the surroundings of the ONBUILD. It is not among the stage's steps. */
  readonly body: Step | undefined;
  readonly before: Surroundings;
  /**
   * Shell-form RUN, CMD, ENTRYPOINT, HEALTHCHECK: the script. A RUN's lone heredoc is its script; the string of an exec form
   * `["sh", "-c", "…"]` too; a heredoc that a shell reads (`RUN bash <<EOF`) is a second one.
   */
  readonly scripts: readonly Script[];
  /** Commands of all scripts, and the exec-form argv as one command-like invocation is not among them. */
  readonly commands: readonly StepCommand[];
  readonly mounts: readonly Mount[];
  /** The argv of exec form; undefined for shell form and other instructions. */
  readonly argv: readonly string[] | undefined;
  /** Expanded words (ENV/ARG values in force); unknown where a variable is. */
  expand(word: Word): Fact<string>;
  /** The same for a flag's value; undefined when it has none. */
  expandFlag(flag: Flag): Fact<string> | undefined;
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
  /** The stage that `from` names. */
  readonly fromStage: Stage | undefined;
  readonly flag: Flag;
  readonly span: Span;
}

/** Who notices a state later: asked before a fix clears it. */
export interface StateReaders {
  /** The first command that certainly or possibly reads it, in the same stage, in stages from it, or through copies of it. */
  readonly reader: StepCommand | undefined;
  /** The first step before that which may read it but cannot be read itself: opaque scripts, ONBUILD, unknown programs where that matters. */
  readonly opaque: Step | undefined;
}

/** What a container starts, as far as text and base image tell. */
export interface Start {
  readonly entrypoint: Fact<readonly string[]>;
  readonly cmd: Fact<readonly string[]>;
  /** Both joined: the argv of PID 1. */
  readonly argv: Fact<readonly string[]>;
  /** The steps that say so; undefined where the image does. */
  readonly entrypointStep: Step | undefined;
  readonly cmdStep: Step | undefined;
}

export interface BuildOptions {
  /** Path of the Dockerfile, for places in evidence. */
  readonly file: string;
  /** Name or index of the stage to build; the last when left out or when there is none of that name. */
  readonly target?: string;
  /** Facts of an outside image; the base table by default. */
  readonly imageFacts?: (reference: ImageReference) => ImageFacts;
  /** `--build-arg` values. */
  readonly buildArgs?: Readonly<Record<string, string>>;
}
