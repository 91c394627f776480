import { parse } from '../../language/syntax/index.ts';
import { type Build, buildModel, isKnown, type Step } from '../../model/index.ts';
import { secretName } from '../../world/secrets/index.ts';

/** A way by which a secret comes into a build. */
export interface DeclaredSecret {
  readonly by: 'mount' | 'argument';
  /** Of the secret, or of the build argument. */
  readonly id: string;
}

/** As a report names it. */
export const secretLabel = ({ by, id }: DeclaredSecret) => (by === 'mount' ? `secret ${id}` : `build argument ${id}`);

const modelOf = (dockerfile: string, target: string | undefined): Build =>
  buildModel(parse(dockerfile), { file: 'Dockerfile', ...(target === undefined ? {} : { target }) });

const stepsOf = (build: Build): readonly Step[] => build.needed.flatMap(({ steps }) => steps);

/** As BuildKit names it (dockerfile2llb/convert_secrets.go): the source, the id, or the last part of the target. */
function idOf(step: Step, { flag, options }: Step['mounts'][number]): string | undefined {
  const option = (key: string) => options.find((one) => one.key === key)?.value;
  const written = option('source') ?? option('id');
  if (written === undefined) return option('target')?.replace(/^.*\//, '') || undefined;
  const expanded = step.expandFlag({ ...flag, value: written });
  return expanded !== undefined && isKnown(expanded) ? expanded.value : undefined;
}

/** Every secret that the target's build is given: mounts of that type, and build arguments that are named like one. */
export function declaredSecrets(dockerfile: string, target?: string): readonly DeclaredSecret[] {
  const found = new Map<string, DeclaredSecret>();
  const add = (one: DeclaredSecret) => found.set(secretLabel(one), one);
  for (const step of stepsOf(modelOf(dockerfile, target))) {
    for (const mount of step.mounts) {
      const id = mount.type === 'secret' ? idOf(step, mount) : undefined;
      if (id !== undefined) add({ by: 'mount', id });
    }
    const { instruction } = step;
    if (instruction.name !== 'ARG' || instruction.args.form !== 'pairs') continue;
    for (const { key } of instruction.args.pairs)
      if (secretName(key.value) === 'yes') add({ by: 'argument', id: key.value });
  }
  return [...found.values()];
}

/**
 * The same Dockerfile with an argument declared before each RUN that mounts a secret. BuildKit does not look at a secret's value when
 * it looks for a step in its cache, but at the value of an argument.
 */
export function withCacheArgument(dockerfile: string, argument: string, target?: string): string {
  let text = dockerfile;
  const mounting = stepsOf(modelOf(dockerfile, target)).filter(
    ({ mounts, onbuild }) => !onbuild && mounts.some(({ type }) => type === 'secret'),
  );
  for (const { instruction } of [...mounting].sort((a, b) => b.instruction.span[0] - a.instruction.span[0])) {
    const [at] = instruction.span;
    text = `${text.slice(0, at)}ARG ${argument}\n${text.slice(at)}`;
  }
  return text;
}

/** How a value can lie in a file. */
export type CanaryForm = 'as it is' | 'base64' | 'hex';

export interface CanaryNeedle {
  readonly form: CanaryForm;
  /** ASCII, no shorter than needed to be there by no accident. */
  readonly text: string;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const shortestPart = 12;

/**
 * What to look for, of a value of letters and digits: it stands in URLs and in JSON as it is, and its base64 is the same in both
 * alphabets. Encoded ones are looked for in two halves, because programs break long lines.
 */
export function needlesOf(value: string): readonly CanaryNeedle[] {
  const hex = [...value].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  const encoded: readonly (readonly [CanaryForm, string])[] = [
    ...[0, 1, 2].map((shift) => ['base64', base64At(value, shift)] as const),
    ['hex', hex.toLowerCase()],
    ['hex', hex.toUpperCase()],
  ];
  const halves = encoded.flatMap(([form, text]) => {
    const middle = text.length >> 1;
    return [text.slice(0, middle), text.slice(middle)].map((part) => ({ form, text: part }));
  });
  if (halves.some(({ text }) => text.length < shortestPart)) throw new Error('a canary is too short to be found');
  return [{ form: 'as it is', text: value }, ...halves];
}

/** The part of the base64 of any text that depends on nothing but the value, which begins `shift` bytes after a multiple of three. */
function base64At(value: string, shift: number): string {
  const codes = [...value].map((character) => character.charCodeAt(0));
  const whole = codes.slice((3 - shift) % 3);
  let text = '';
  for (let at = 0; at + 2 < whole.length; at += 3) {
    const [a = 0, b = 0, c = 0] = whole.slice(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    for (const by of [18, 12, 6, 0]) text += alphabet[(bits >> by) & 63];
  }
  return text;
}

/** Where a value was seen. */
export interface CanaryHit {
  readonly form: CanaryForm;
  /** `a layer`, `the history`, … */
  readonly in: string;
  /** Of a layer. */
  readonly path?: string;
}

const mostTold = 3;

/** In which order they are told: an engine saves the parts of an image in an order of its own. */
const places = ['the history', 'the configuration', 'the manifest', 'the attestation', 'the provenance', 'a layer'];

/** In words, for a value of the observation: two looks that saw the same say the same. */
export function tellHits(hits: readonly CanaryHit[]): string {
  const told = [
    ...new Set(
      hits
        .toSorted((a, b) => places.indexOf(a.in) - places.indexOf(b.in))
        .map(({ form, in: place, path }) => {
          const where = path === undefined ? place : `${path} (${place})`;
          return form === 'as it is' ? where : `${form} in ${where}`;
        }),
    ),
  ];
  if (told.length === 0) return nowhere;
  return told.length <= mostTold
    ? told.join(', ')
    : `${told.slice(0, mostTold).join(', ')} and ${told.length - mostTold} more`;
}

/** What is claimed of a canary. */
export const nowhere = 'nowhere';
