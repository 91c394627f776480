import { DEFAULT_SHELL, type Shell, shellOf } from '../language/shell/index.ts';
import { UNKNOWN } from '../language/syntax/index.ts';
import type { Fact } from '../vocabulary/index.ts';
import type { ImageFacts } from '../world/images/index.ts';
import { given, isKnown, unknown, valueOf, written } from './known.ts';
import { countWhere } from './sorted.ts';
import type { StageNode } from './stage.ts';
import type { Step, Surroundings } from './types.ts';
import { DEFAULT_PATH } from './variables.ts';

/** A stage and a place in it: what holds before the step of that index. */
interface At {
  readonly stage: StageNode;
  readonly index: number;
}

/** Instructions of which the last one counts. */
export type Setter = 'USER' | 'WORKDIR' | 'SHELL' | 'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK';

/** The last step of that name before a place of this very stage. */
function lastIn({ stage, index }: At, name: Setter): Step | undefined {
  const steps = stage.setters(name);
  return steps[countWhere(steps, (step) => step.index < index) - 1];
}

/** The last step of that name before a place, in its stage or in those that it is FROM. */
function lastStep(at: At, name: Setter): Step | undefined {
  return lastIn(at, name) ?? at.stage.parent?.lastSetter(name);
}

/** What the image at the end of the FROM chain says of a variable. */
function imageVariable(image: ImageFacts, name: string): Fact<string | undefined> {
  const values = image.env;
  const names = valueOf(image.envNames);
  if (isKnown(values)) {
    const value = Object.hasOwn(values.value, name) ? values.value[name] : undefined;
    if (value !== undefined) return { ...values, value };
  }
  if (names === undefined) return isKnown(image.envNames) ? unknown('the base image may set it') : image.envNames;
  if (names.includes(name)) return unknown('the base image may set it, to what is not known');
  // BuildKit sets PATH where the image does not, Windows apart: its images have no known names.
  return name === 'PATH' ? given(DEFAULT_PATH) : given(undefined);
}

/** What holds at a place of a stage; every answer is computed when it is asked for. */
export class Surround implements Surroundings {
  readonly #at: At;
  #user: Fact<string> | undefined;
  #workdir: Fact<string> | undefined;
  #shell: Fact<Shell> | undefined;

  constructor(stage: StageNode, index: number) {
    this.#at = { stage, index };
  }

  get userStep(): Step | undefined {
    return lastStep(this.#at, 'USER');
  }

  get user(): Fact<string> {
    this.#user ??= this.#findUser();
    return this.#user;
  }

  #findUser(): Fact<string> {
    const step = this.userStep;
    if (step === undefined) return this.#at.stage.image.user;
    const { args } = step.instruction;
    const word = args.form === 'words' ? args.words[0] : undefined;
    return word === undefined ? unknown('USER has no argument') : step.expand(word);
  }

  get workdirStep(): Step | undefined {
    return lastStep(this.#at, 'WORKDIR');
  }

  get workdir(): Fact<string> {
    this.#workdir ??= this.#findWorkdir();
    return this.#workdir;
  }

  #findWorkdir(): Fact<string> {
    const relative: string[] = [];
    let top: Fact<string> | undefined;
    let stage: StageNode | undefined = this.#at.stage;
    let index = this.#at.index;
    for (; stage !== undefined; stage = stage.parent, index = Number.POSITIVE_INFINITY) {
      const steps = stage.setters('WORKDIR');
      for (let i = steps.length - 1; i >= 0; i--) {
        const step = steps[i] as Step;
        if (step.index >= index) continue;
        const { args } = step.instruction;
        const word = args.form === 'words' ? args.words[0] : undefined;
        const path = word === undefined ? unknown('WORKDIR has no argument') : step.expand(word);
        top ??= path;
        if (!isKnown(path)) return path;
        if (isAbsolute(path.value)) return { ...path, value: joinPath(path.value, relative) };
        relative.unshift(path.value);
      }
    }
    const base = this.#at.stage.image.workdir;
    if (!isKnown(base) || relative.length === 0) return base;
    return { ...(top !== undefined && isKnown(top) ? top : base), value: joinPath(base.value, relative) };
  }

  get shellStep(): Step | undefined {
    return lastStep(this.#at, 'SHELL');
  }

  get shell(): Fact<Shell> {
    this.#shell ??= this.#findShell();
    return this.#shell;
  }

  #findShell(): Fact<Shell> {
    const { image, file } = this.#at.stage;
    const step = this.shellStep;
    if (step !== undefined) {
      const { args, span } = step.instruction;
      if (args.form !== 'json') return unknown('SHELL is not in JSON form');
      const argv = args.elements.map((element) => element.value);
      return written(refine(shellOf(argv), argv[0], image), file, span, 'SHELL is set here');
    }
    if (!isKnown(image.shell)) return image.shell;
    if (image.shell.value === null) return unknown('the base image has no shell');
    return { ...image.shell, value: refine(shellOf(image.shell.value), image.shell.value[0], image) };
  }

  /** What reads shell form here: the shell, or a POSIX shell of unknown make where nothing is known of the image. */
  get assumedShell(): Shell {
    const shell = valueOf(this.shell);
    if (shell !== undefined) return shell;
    // Only Windows needs another escape character, and its shells are no Bourne shells.
    return this.#at.stage.escape === '`' ? { ...DEFAULT_SHELL, kind: 'other' } : DEFAULT_SHELL;
  }

  env(name: string): Fact<string | undefined> {
    return this.#find(name, true);
  }

  variable(name: string): Fact<string | undefined> {
    return this.#find(name, false);
  }

  #find(name: string, onlyEnv: boolean): Fact<string | undefined> {
    const entry = this.#at.stage.setting(name, this.#at.index, onlyEnv);
    if (entry === undefined) return imageVariable(this.#at.stage.image, name);
    if (entry.value === UNKNOWN) {
      return unknown(
        entry.open
          ? `it is passed by whoever builds, with --build-arg ${name}`
          : 'its value depends on what is not known',
      );
    }
    return written(
      entry.value,
      this.#at.stage.file,
      entry.step.instruction.span,
      `${entry.step.instruction.name} sets it`,
    );
  }

  variableStep(name: string): Step | undefined {
    return this.#at.stage.setting(name, this.#at.index, false)?.step;
  }

  get entrypoint(): Step | undefined {
    return lastStep(this.#at, 'ENTRYPOINT');
  }

  get cmd(): Step | undefined {
    let stage: StageNode | undefined = this.#at.stage;
    let index = this.#at.index;
    while (stage !== undefined) {
      const at = { stage, index };
      const own = lastIn(at, 'CMD');
      if (own !== undefined) return own;
      if (lastIn(at, 'ENTRYPOINT') !== undefined) return undefined;
      stage = stage.parent;
      index = Number.POSITIVE_INFINITY;
    }
    return undefined;
  }

  get healthcheck(): Step | undefined {
    return lastStep(this.#at, 'HEALTHCHECK');
  }
}

/** `/bin/sh` is what the image has there; a shell that was named otherwise stays what it is. */
function refine(shell: Shell, program: string | undefined, image: ImageFacts): Shell {
  if (shell.kind !== 'sh' || (program !== '/bin/sh' && program !== 'sh')) return shell;
  const kind = valueOf(image.sh);
  return kind === undefined || kind === null ? shell : { ...shell, kind };
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:[\\/]/.test(path);
}

/** Joins and cleans a path as Go's `path.Join` does, for an absolute base. */
export function joinPath(base: string, rest: readonly string[]): string {
  const parts: string[] = [];
  for (const part of [base, ...rest].join('/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
