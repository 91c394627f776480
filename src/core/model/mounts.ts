import { type Flag, splitCsv } from '../language/syntax/index.ts';
import type { Fact, Span } from '../vocabulary/index.ts';
import type { BuildContext } from './build.ts';
import { isKnown, unknown } from './known.ts';
import type { StepNode } from './step.ts';
import { joinPath } from './surroundings.ts';
import type { Mount } from './types.ts';

/** Other names of keys (instructions/commands_runmount.go). */
const ALIASES: Readonly<Record<string, string>> = {
  dst: 'target',
  destination: 'target',
  src: 'source',
  ro: 'readonly',
  rw: 'readwrite',
};

/** A key of a mount with its place. */
export interface MountField {
  readonly key: string;
  /** The key as it stands there, in small letters. */
  readonly written: string;
  readonly value: string | undefined;
  /** Of the value in the file; of the flag's whole value when quotes hide where it is. */
  readonly span: Span;
  /** The same, of key and value. */
  readonly whole: Span;
}

/** The fields of a `--mount` value, keys in their long form. */
export function mountFields(flag: Flag, text: string): readonly MountField[] {
  const whole = flag.valueSpan ?? flag.span;
  const value = flag.value ?? '';
  const exact = text.slice(whole[0], whole[1]) === value;
  return (splitCsv(value) ?? []).map((field) => {
    const equals = field.value.indexOf('=');
    const written = (equals < 0 ? field.value : field.value.slice(0, equals)).toLowerCase();
    const quoted = field.end - field.start !== field.value.length;
    const start = whole[0] + field.start;
    const end = whole[0] + field.end;
    const placed = exact && !quoted;
    return {
      key: Object.hasOwn(ALIASES, written) ? (ALIASES[written] as string) : written,
      written,
      value: equals < 0 ? undefined : field.value.slice(equals + 1),
      span: placed ? [start + (equals < 0 ? 0 : equals + 1), end] : whole,
      whole: placed ? [start, end] : whole,
    };
  });
}

/** The `--mount` flags of a RUN. */
export function mountsOf(context: BuildContext, step: StepNode): readonly Mount[] {
  const { text } = context.dockerfile;
  return step.instruction.flags.flatMap((flag) => {
    if (flag.name !== 'mount' || flag.value === undefined) return [];
    const fields = mountFields(flag, text);
    const field = (key: string) => fields.find((each) => each.key === key);
    const from = field('from')?.value;
    const type = (field('type')?.value ?? 'bind').toLowerCase();
    const at = field('target');
    const mount: Mount = {
      type,
      options: fields.map(({ key, value }) => ({ key, value })),
      target: targetOf(step, at, type, fields),
      source: field('source')?.value,
      from,
      fromStage: from === undefined ? undefined : context.stageNamed(from),
      flag,
      span: flag.span,
    };
    return [mount];
  });
}

function targetOf(
  step: StepNode,
  target: MountField | undefined,
  type: string,
  fields: readonly MountField[],
): Fact<string> | undefined {
  if (target?.value !== undefined) {
    const path = step.expandText(target.value, target.span);
    if (!isKnown(path) || path.value.startsWith('/'))
      return isKnown(path) ? { ...path, value: joinPath('/', [path.value]) } : path;
    const workdir = step.before.workdir;
    return isKnown(workdir) ? { ...path, value: joinPath(workdir.value, [path.value]) } : workdir;
  }
  if (type !== 'secret' || fields.some(({ key }) => key === 'env')) return undefined;
  const id = fields.find(({ key }) => key === 'id') ?? fields.find(({ key }) => key === 'source');
  if (id?.value === undefined) return undefined;
  const name = step.expandText(id.value, id.span);
  if (!isKnown(name)) return unknown('its id depends on a variable');
  return { ...name, value: `/run/secrets/${name.value.slice(name.value.lastIndexOf('/') + 1)}` };
}
