import type { Fact, Known, Span, Unknown } from '../vocabulary/index.ts';

/** True for a fact that has a value. */
export function isKnown<T>(fact: Fact<T>): fact is Known<T> {
  return 'value' in fact;
}

/** The fact's value, undefined when it is not known. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return 'value' in fact ? fact.value : undefined;
}

/** A fact that stands in the Dockerfile at `span`. `says` must not quote values: they may be secrets. */
export function written<T>(value: T, file: string, span: Span, says: string): Known<T> {
  return { value, from: 'files', evidence: [{ at: { file, span }, says }] };
}

/** A fact that follows from how BuildKit works, without any evidence in a file. */
export function given<T>(value: T): Known<T> {
  return { value, from: 'table', evidence: [] };
}

export function unknown(why: string): Unknown {
  return { unknown: why };
}
