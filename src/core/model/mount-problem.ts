import { type Flag, isMemorySize, parseBool, parseUint32, suggest } from '../language/syntax/index.ts';
import type { Span } from '../vocabulary/index.ts';
import { isKnown } from './known.ts';
import { type MountField, mountFields } from './mounts.ts';
import { type Settled, settled } from './settled.ts';
import { joinPath } from './surroundings.ts';
import type { Build, Step } from './types.ts';

/** Why BuildKit refuses a mount. */
export interface MountProblem {
  readonly at: Span;
  /** Lower case, no full stop. */
  readonly message: string;
  readonly help: string;
  /** False when a build argument may change it. */
  readonly sure: boolean;
}

const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const SHARINGS = ['shared', 'private', 'locked'];
const KEYS =
  'type from source src target dst destination readonly ro readwrite rw id sharing required size mode uid gid env'.split(
    ' ',
  );

const give = (names: readonly string[]) => `it is ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
const helpFor = (written: string, names: readonly string[]) => {
  const meant = suggest(written.toLowerCase(), names);
  return meant === undefined ? give(names) : `did you mean ${meant}?`;
};

/** What has been read of a mount; a value that nobody can tell is undefined. */
interface Reading {
  type: string;
  readonly values: Map<string, string | undefined>;
}

type Refusal = readonly [message: string, help: string] | undefined;

/** Options without "=": the last two are asked for as such only. */
function bare({ key, written }: MountField, { type }: Reading): Refusal {
  if (key === 'readonly' || key === 'readwrite') return undefined;
  if (key === 'required') return requiredFits(type);
  return [`${written} in --mount has no value`, `write ${written}=VALUE`];
}

function requiredFits(type: string): Refusal {
  if (type === 'secret' || type === 'ssh') return undefined;
  return [
    `required is for secret and ssh, and up to here the mount is ${type}`,
    'write type=secret or type=ssh before it',
  ];
}

/** What a value of its own is refused for. */
function ofValue({ key, written }: MountField, value: string, { type }: Reading): Refusal {
  switch (key) {
    case 'type':
      if (TYPES.includes(value.toLowerCase())) return undefined;
      return [`there is no mount of type ${value}`, helpFor(value, TYPES)];
    case 'sharing':
      if (SHARINGS.includes(value.toLowerCase())) return undefined;
      return [`there is no sharing ${value}`, helpFor(value, SHARINGS)];
    case 'readonly':
    case 'readwrite':
      return parseBool(value) === undefined
        ? [`${written} is true or false, not ${value}`, 'write true or false']
        : undefined;
    case 'required': {
      const misplaced = requiredFits(type);
      if (misplaced !== undefined) return misplaced;
      return parseBool(value) === undefined
        ? [`required is true or false, not ${value}`, 'write true or false']
        : undefined;
    }
    case 'size':
      if (type !== 'tmpfs')
        return [`size is for tmpfs, and up to here the mount is ${type}`, 'write type=tmpfs before it'];
      return isMemorySize(value) ? undefined : [`size is no amount of memory: ${value}`, 'write it as 64m or 1g'];
    case 'mode':
      return parseUint32(value, 8) === undefined
        ? [`mode is no octal number: ${value}`, 'write it as 0755']
        : undefined;
    case 'uid':
    case 'gid':
      return parseUint32(value, 10) === undefined
        ? [`${key} is no number: ${value}`, 'a mount takes numbers only']
        : undefined;
    default:
      return KEYS.includes(written) ? undefined : [`--mount has no option ${written}`, helpFor(written, KEYS)];
  }
}

/** What options are refused for together, once all are read. */
function together({ type, values }: Reading): Refusal {
  const has = (key: string) => values.has(key);
  const text = (key: string) => (has(key) ? values.get(key) : '');
  if (type === 'bind' || type === 'tmpfs') {
    const key = ['mode', 'uid', 'gid'].find(has);
    if (key !== undefined) return [`a ${type} mount has no ${key}`, `leave ${key} out`];
  }
  if (type === 'secret') {
    if ((text('from') ?? '') !== '') return ['a secret comes from no stage', 'leave from out, and name it by id'];
    if (has('sharing')) return ['a secret has no sharing', 'leave sharing out'];
    const [source, target, id] = [text('source'), text('target'), text('id')];
    if (source === '' && target === '' && id === '') return ['the secret has no id', 'name it: id=NAME'];
    // undefined: it depends on what nobody can tell
    if (source !== undefined && source !== '' && id !== undefined && id !== '') {
      return ['the secret has both an id and a source', 'leave one out: they mean the same'];
    }
  }
  if (has('sharing') && type !== 'cache')
    return [`a ${type} mount has no sharing`, 'leave sharing out, or write type=cache'];
  const source = text('source');
  if (type === 'ssh' && source !== undefined && source !== '')
    return ['an ssh mount has no source', 'name the agent by id'];
  return undefined;
}

/** A mount over the root directory. */
function overRoot(step: Step, { type, values }: Reading): Refusal {
  if (type === 'secret' || type === 'ssh') return undefined;
  const target = values.has('target') ? values.get('target') : '';
  if (target === undefined) return undefined;
  const help = 'name the directory: target=PATH';
  if (/^[A-Za-z]:[\\/]|^\\/.test(target)) return undefined;
  if (target.startsWith('/')) return target === '/' ? ['nothing can be mounted over /', help] : undefined;
  const workdir = step.before.workdir;
  if (!isKnown(workdir) || joinPath(joinPath('/', [workdir.value]), [target]) !== '/') return undefined;
  return values.has('target')
    ? ['nothing can be mounted over /', help]
    : ['without a target it would be mounted over the working directory, which is /', help];
}

/**
 * What BuildKit refuses a `--mount` for when it comes to that RUN (`parseMount` of instructions/commands_runmount.go and
 * dockerfile2llb/convert_runmount.go); where its files come from is not looked at.
 * @returns the first reason, as BuildKit finds it
 */
export function mountProblem(build: Build, step: Step, flag: Flag): MountProblem | undefined {
  const reading: Reading = { type: 'bind', values: new Map() };
  let sure = true;
  const refused = (refusal: Refusal, at: Span): MountProblem | undefined =>
    refusal && { at, message: refusal[0], help: refusal[1], sure };
  for (const field of mountFields(flag, build.dockerfile.text)) {
    if (field.value === undefined) {
      const problem = refused(bare(field, reading), field.whole);
      if (problem !== undefined) return problem;
      continue;
    }
    const value: Settled | undefined = settled(build, step, { value: field.value, span: field.span });
    if (value === undefined) {
      if (field.key === 'type') return undefined;
      if (!KEYS.includes(field.written)) return refused(ofValue(field, '', reading), field.whole);
      reading.values.set(field.key, undefined);
      continue;
    }
    sure &&= value.sure;
    const problem = refused(ofValue(field, value.value, reading), field.whole);
    if (problem !== undefined) return problem;
    if (field.key === 'type') reading.type = value.value.toLowerCase();
    else reading.values.set(field.key, value.value);
  }
  return refused(together(reading) ?? overRoot(step, reading), flag.valueSpan ?? flag.span);
}
