import type { FileReport, Place } from '../vocabulary/index.ts';

/** Shorter values stand for too much else to be masked wherever they occur. */
const telling = 6;

/** Every place of a secret in the report's text. */
export function secretPlaces({ diagnostics, secrets = [] }: FileReport): readonly Place[] {
  return [...secrets, ...diagnostics.flatMap((diagnostic) => diagnostic.secrets ?? [])];
}

/**
 * Masks the places of `file` in its text. Every other character keeps its offset, so that spans stay true; lines stay
 * lines. A value of some length is masked wherever else it occurs in the text.
 */
export function redact(text: string, places: readonly Place[], file: string): string {
  const spans = places.flatMap((place) => ('file' in place && place.file === file && place.span ? [place.span] : []));
  if (spans.length === 0) return text;
  let masked = text;
  for (const [start, end] of spans)
    masked = masked.slice(0, start) + stars(masked.slice(start, end)) + masked.slice(end);
  return maskValues(secretValues(text, places, file))(masked);
}

/** The texts at the places, each once. */
export function secretValues(text: string, places: readonly Place[], file: string): string[] {
  const values = new Set<string>();
  for (const place of places) {
    if ('file' in place && place.file === file && place.span) values.add(text.slice(place.span[0], place.span[1]));
  }
  return [...values].filter((value) => value.length >= telling);
}

/** A function that masks the values in any text: messages, titles, replacement texts. */
export function maskValues(values: readonly string[]): (text: string) => string {
  if (values.length === 0) return (text) => text;
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, value) => rest.replaceAll(value, stars(value)), text);
}

function stars(text: string): string {
  return text.replace(/[^\r\n]/g, '*');
}
