import type { Flag, Word } from '../../language/syntax/index.ts';
import { type Build, isKnown, joinPath, PLATFORM_ARGS, type Stage, type Step, wordsOf } from '../../model/index.ts';

/**
 * What a step does to the build, as far as BuildKit's cache looks at it: everything that is part of its operation but the files
 * that it takes and what stands before it. Undefined for an instruction that makes no operation (CMD, LABEL, ENV and the like).
 */
export type Operation = string | undefined;

/** Characters that no Dockerfile has where they would matter. */
const join = (...parts: readonly string[]) => parts.join('\u0000');

/** What holds in a stage while its instructions are gone through; a value that is not known stands as it is written. */
export class Held {
  user = '';
  workdir = '';
  /** As long as nothing else is said; an image with another one of its own is the same image at every commit. */
  shell = join('/bin/sh', '-c');
  readonly variables: Map<string, string>;
  #environment: readonly string[] | undefined;

  constructor(below?: Held) {
    this.variables = new Map(below?.variables);
    if (below === undefined) return;
    this.user = below.user;
    this.workdir = below.workdir;
    this.shell = below.shell;
  }

  /** A word as BuildKit expands it. Where that depends on what only the builder knows, the text and what is known of it. */
  text(step: Step, word: Word): string {
    const fact = step.expand(word);
    return isKnown(fact) ? fact.value : this.written(word.value);
  }

  flag(step: Step, flag: Flag): string {
    const fact = step.expandFlag(flag);
    return fact === undefined ? '' : isKnown(fact) ? fact.value : this.written(flag.value ?? '');
  }

  /** The text with its variables as they are known: for what BuildKit expands and the model does not. */
  written(text: string): string {
    const names = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
    return join(text, ...names.map((name) => this.variables.get(name) ?? ''));
  }

  /** What an instruction changes of it. */
  apply(step: Step, build: Build, after: (name: string) => string | undefined, unset: ReadonlySet<string>): void {
    const { name, args } = step.instruction;
    if (name === 'SHELL' && args.form === 'json') this.shell = join(...args.elements.map(({ value }) => value));
    if (args.form === 'words' && args.words[0] !== undefined) {
      if (name === 'USER') this.user = this.text(step, args.words[0]);
      if (name === 'WORKDIR') this.workdir = this.path(this.text(step, args.words[0]));
    }
    if (args.form !== 'pairs' || (name !== 'ENV' && name !== 'ARG')) return;
    this.#environment = undefined;
    for (const { key, value } of args.pairs) {
      const variable = name === 'ENV' ? this.text(step, key) : key.value;
      if (name === 'ARG' && value === undefined && unset.has(variable)) continue;
      const known = after(variable);
      if (known !== undefined) this.variables.set(variable, known);
      else if (value !== undefined) this.variables.set(variable, this.text(step, value));
      else if (name === 'ARG') this.#declare(variable, build);
    }
  }

  /** A bare ARG: it has the value of the ARG before the first FROM, or one of the platform; nobody passes another. */
  #declare(variable: string, build: Build): void {
    const pairs = build.metaArgs.flatMap(({ instruction: { args } }) => (args.form === 'pairs' ? args.pairs : []));
    const global = pairs.findLast(({ key, value }) => key.value === variable && value !== undefined)?.value;
    if (global !== undefined) this.variables.set(variable, this.written(global.value));
    else if (PLATFORM_ARGS.has(variable) && !this.variables.has(variable)) this.variables.set(variable, '(platform)');
  }

  /** `NAME=value` of what a RUN's process sees, in the order in which it was set; the same list until something is set. */
  get environment(): readonly string[] {
    this.#environment ??= [...this.variables].map(([name, value]) => `${name}=${value}`);
    return this.#environment;
  }

  path(text: string): string {
    if (text.startsWith('/')) return joinPath('/', [text]);
    return this.workdir.startsWith('/') || this.workdir === ''
      ? `${this.workdir === '' ? '(base)' : ''}${joinPath(this.workdir, [text])}`
      : `${this.workdir}/${text}`;
  }
}

const REMOTE = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/;

/** The operation of a step, its variables apart: RUN alone sees them all. */
export function operationOf(step: Step, held: Held): Operation {
  switch (step.instruction.name) {
    case 'RUN':
      return runOperation(step, held);
    case 'COPY':
    case 'ADD':
      return copyOperation(step, held);
    case 'WORKDIR': {
      const { args } = step.instruction;
      const path = args.form === 'words' && args.words[0] ? held.path(held.text(step, args.words[0])) : '';
      return path === '/' ? undefined : join('WORKDIR', path, held.user);
    }
    default:
      return undefined;
  }
}

function runOperation(step: Step, held: Held): string {
  const { args, flags, heredocs } = step.instruction;
  const script =
    args.form === 'shell'
      ? [held.shell, args.script.text]
      : args.form === 'json'
        ? ['exec', ...args.elements.map(({ value }) => value)]
        : [];
  return join(
    'RUN',
    held.user,
    held.workdir,
    ...flags.map((flag) => `${flag.name}=${held.flag(step, flag)}`),
    ...script,
    ...heredocs.map(({ content }) => content),
  );
}

/** A source is named by its last part: where it lies in the context is no part of the operation (`fileOp.CacheMap`). */
function copyOperation(step: Step, held: Held): string {
  const { name, flags, heredocs } = step.instruction;
  const words = wordsOf(step.instruction);
  const from = flags.some((flag) => flag.name === 'from');
  const target = words.at(-1);
  const sources = words.slice(0, -1).map((word) => {
    const text = held.text(step, word);
    return from || REMOTE.test(text)
      ? text
      : text.replace(/\/+$/, '').slice(text.replace(/\/+$/, '').lastIndexOf('/') + 1);
  });
  const path = target === undefined ? '' : held.text(step, target);
  return join(
    name,
    ...flags.map((flag) => `${flag.name}=${held.flag(step, flag)}`),
    ...sources,
    `${held.path(path)}${/\/\.?$/.test(path) ? '/' : ''}`,
    ...heredocs.map(({ content, expand }) => (expand ? held.written(content) : content)),
  );
}

/** What FROM starts from: an image with its platform. Undefined when it is a stage. */
export function baseOf(stage: Stage, held: Held): string | undefined {
  if (stage.base.kind === 'stage') return undefined;
  const { args, flags } = stage.from.instruction;
  const words = args.form === 'words' ? args.words : [];
  return join(
    'FROM',
    words[0] === undefined ? '' : held.text(stage.from, words[0]),
    ...flags.map((flag) => held.flag(stage.from, flag)),
  );
}
