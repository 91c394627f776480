import { type Environment, expand, UNKNOWN } from '../language/syntax/index.ts';
import type { Fact, Span } from '../vocabulary/index.ts';
import { unknown, written } from './known.ts';

/** The default PATH that BuildKit gives to a Linux build whose image has none (util/system/path.go). */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** ARGs that BuildKit sets for FROM, and for a stage that declares them (dockerfile2llb/platform.go). Values depend on the builder. */
export const PLATFORM_ARGS: ReadonlySet<string> = new Set([
  'BUILDPLATFORM',
  'BUILDOS',
  'BUILDOSVERSION',
  'BUILDARCH',
  'BUILDVARIANT',
  'TARGETPLATFORM',
  'TARGETOS',
  'TARGETOSVERSION',
  'TARGETARCH',
  'TARGETVARIANT',
  'TARGETSTAGE',
]);

/** A value that grows beyond this is not followed: `ENV A=$A$A` lines would else fill the memory. */
const MAX_VALUE = 1 << 16;

/** What a variable holds after an instruction. */
export type Setting = string | undefined | typeof UNKNOWN;

/** Names that a bare `ARG name` declares without a value: the builder may pass one. */
export type IsOpen = (name: string) => boolean;

/** True when expansion leaves the text as it is. */
export function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x24 || unit === 0x22 || unit === 0x27 || unit === 0x5c || unit === 0x60) return false;
  }
  return true;
}

const WITH_DEFAULT = /^\$\{\w+:?-/;

/**
 * Expands a text in an environment. A declared ARG without a value is UNKNOWN to the environment, because the builder may
 * pass one; where each mention of such a name has a default (`${X:-d}`), the default build's result is taken.
 */
export function expandIn(text: string, environment: Environment, escape: '\\' | '`', isOpen: IsOpen): Setting {
  if (isPlain(text)) return text;
  const options = { escape } as const;
  const expansion = expand(text, environment, options);
  let value = expansion.value;
  if (value === UNKNOWN && expansion.unknown.every(isOpen)) {
    const open = expansion.references.filter(({ name }) => isOpen(name));
    if (open.every(({ span }) => WITH_DEFAULT.test(text.slice(span[0], span[1])))) {
      value = expand(text, (name) => (isOpen(name) ? undefined : environment(name)), options).value;
    }
  }
  return typeof value === 'string' && value.length > MAX_VALUE ? UNKNOWN : (value ?? UNKNOWN);
}

/** An expansion as a fact about the text at `span`. */
export function expandedFact(value: Setting, file: string, span: Span): Fact<string> {
  if (typeof value === 'string') return written(value, file, span, 'written here');
  return unknown('it depends on a variable whose value is not known');
}
