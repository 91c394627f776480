import { type Environment, expand, type Flag, type Instruction, UNKNOWN, type Word } from '../language/syntax/index.ts';
import type { Span } from '../vocabulary/index.ts';
import { mountFields } from './mounts.ts';
import { oncePer } from './once.ts';
import type { Build, Step } from './types.ts';
import { isPlain, PLATFORM_ARGS } from './variables.ts';

/** A piece of an instruction in which BuildKit expands variables. */
export interface ExpandedText {
  readonly text: string;
  readonly span: Span;
  /** The text stands at the span letter by letter: offsets in it are offsets in the file. */
  readonly exact: boolean;
  /** The body of a heredoc: quotes are letters in it, and the escape character is always "\". */
  readonly heredoc: boolean;
  /** Names that the instruction itself declares before this piece: ARG alone. */
  readonly declared: readonly string[];
}

const NO_NAMES: readonly string[] = [];

/** Flags in which ADD and COPY expand variables (instructions/commands.go). */
const EXPANDED_FLAGS: ReadonlySet<string> = new Set(['chown', 'chmod', 'checksum']);

/**
 * Where BuildKit expands variables in a step, in its order (`Expand` and `ExpandRaw` in instructions/commands.go): ENV, LABEL
 * with their keys, defaults of ARG, paths, flags and heredocs of ADD and COPY, WORKDIR, USER, VOLUME, STOPSIGNAL, mounts of RUN.
 * FROM and EXPOSE, for whose variables it does not ask, are not among them.
 * @param source the Dockerfile's text
 */
export function expandedTexts({ instruction }: Step, source: string): readonly ExpandedText[] {
  const { name, args, flags } = instruction;
  const piece = (text: string, span: Span, declared = NO_NAMES): ExpandedText => ({
    text,
    span,
    exact: span[1] - span[0] === text.length && source.startsWith(text, span[0]),
    heredoc: false,
    declared,
  });
  const word = ({ value, span }: Word) => piece(value, span);
  const words = (): ExpandedText[] => {
    if (args.form === 'words') return args.words.map(word);
    // The quotes of a JSON string are no part of the text.
    return args.form === 'json' ? args.elements.map(({ value, span }) => piece(value, inside(span))) : [];
  };
  switch (name) {
    case 'ENV':
    case 'LABEL':
      if (args.form !== 'pairs') return [];
      return args.pairs.flatMap(({ key, value }) => (value === undefined ? [word(key)] : [word(key), word(value)]));
    case 'ARG': {
      if (args.form !== 'pairs') return [];
      const names = args.pairs.map(({ key }) => key.value);
      return args.pairs.flatMap(({ value }, i) =>
        value === undefined ? [] : [piece(value.value, value.span, names.slice(0, i))],
      );
    }
    case 'ADD':
    case 'COPY':
      return [...flags.filter(isExpanded).map(flagText(piece)), ...words(), ...bodies(instruction, source)];
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
    case 'VOLUME':
      return words();
    case 'RUN':
      return flags
        .filter((flag) => flag.name === 'mount')
        .flatMap((flag) => mountFields(flag, source))
        .flatMap(({ value, span }) => (value === undefined ? [] : [piece(value, span)]));
    default:
      return [];
  }
}

const inside = ([start, end]: Span): Span => [start + 1, end - 1];
const isExpanded = ({ name, value }: Flag) => EXPANDED_FLAGS.has(name) && value !== undefined;

const flagText =
  (piece: (text: string, span: Span) => ExpandedText) =>
  ({ value = '', valueSpan, span }: Flag): ExpandedText =>
    piece(value, valueSpan ?? span);

/** Heredocs that are sources; one whose name is quoted is taken as it is. */
function bodies({ heredocs }: Instruction, source: string): ExpandedText[] {
  return heredocs
    .filter(({ expand }) => expand)
    .map(({ content, bodySpan }) => ({
      text: content,
      span: bodySpan,
      exact: source.startsWith(content, bodySpan[0]),
      heredoc: true,
      declared: NO_NAMES,
    }));
}

/** What BuildKit takes where no platform is asked for; variant and version of the system are the builder's. */
export const DEFAULT_PLATFORM: Readonly<Record<string, string>> = {
  BUILDPLATFORM: 'linux/amd64',
  BUILDOS: 'linux',
  BUILDARCH: 'amd64',
  TARGETPLATFORM: 'linux/amd64',
  TARGETOS: 'linux',
  TARGETARCH: 'amd64',
};

/**
 * What a word of FROM stands for when nobody passes a build argument (`validateBaseImagesWithDefaultArgs` in
 * dockerfile2llb/validations.go): an ARG without a default is empty.
 * @returns undefined when it depends on the platform's variant, or BuildKit cannot expand it
 */
export function defaultOfFrom(build: Build, word: Word): string | undefined {
  const environment = defaultsOf(build);
  if (environment === undefined || isPlain(word.value)) return environment && word.value;
  const { value } = expand(word.value, environment, { escape: build.dockerfile.escape });
  return value === UNKNOWN ? undefined : value;
}

/** What FROM sees then; undefined when BuildKit cannot expand one of its defaults. */
const defaultsOf: (build: Build) => Environment | undefined = oncePer(({ dockerfile, metaArgs, stages }) => {
  const { escape } = dockerfile;
  const values = new Map<string, string | typeof UNKNOWN>();
  for (const name of PLATFORM_ARGS) values.set(name, DEFAULT_PLATFORM[name] ?? UNKNOWN);
  values.set('TARGETSTAGE', stages.at(-1)?.name ?? 'default');
  const environment: Environment = (name) => values.get(name);
  for (const { instruction } of metaArgs) {
    if (instruction.args.form !== 'pairs') continue;
    for (const { key, value } of instruction.args.pairs) {
      if (value === undefined) continue;
      const result = expand(value.value, environment, { escape }).value;
      if (result === undefined) return undefined;
      values.set(key.value, result);
    }
  }
  return environment;
});

/** ENV and ARG that refer to one another are followed this far. */
const MAX_REFERENCES = 4;

/**
 * What a word stands for when nobody passes a build argument: an ARG without a default is unset, also where ENV passes it on.
 * `Step.expand` says of such a word that it is not known.
 * @returns undefined when it depends on the base image or the platform, or BuildKit cannot expand it
 */
export function expandByDefault(build: Build, step: Step, word: Word): string | undefined {
  const { escape } = build.dockerfile;
  const sees =
    (at: Step, depth: number): Environment =>
    (name) => {
      const fact = at.before.variable(name);
      if ('value' in fact) return fact.value;
      const setter = at.before.variableStep(name);
      if (setter === undefined || depth === 0) return UNKNOWN;
      const text = valueIn(setter, name);
      if (text !== undefined) return expand(text, sees(setter, depth - 1), { escape }).value ?? UNKNOWN;
      const isGlobal = build.metaArgs.some((meta) => valueIn(meta, name) !== undefined);
      return isGlobal || PLATFORM_ARGS.has(name) ? UNKNOWN : undefined;
    };
  const { value } = expand(word.value, sees(step, MAX_REFERENCES), { escape });
  return value === UNKNOWN ? undefined : value;
}

/** The text of the last value that an ENV or ARG gives to a name; undefined for a bare ARG. */
function valueIn({ instruction: { args } }: Step, name: string): string | undefined {
  if (args.form !== 'pairs') return undefined;
  return args.pairs.findLast(({ key }) => key.value === name)?.value?.value;
}
