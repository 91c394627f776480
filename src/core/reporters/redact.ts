import type { FileReport, Place, Span } from '../vocabulary/index.ts';

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
  return maskValues(secretValues(text, places, file))(starred(text, spans));
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
  const shortest = values.reduce((least, { length }) => (length === 0 ? least : Math.min(least, length)), telling);
  // by how they begin, then by their length: a text is gone through once, whatever the number of values
  const byStart = new Map<string, Map<number, Set<string>>>();
  for (const value of values) {
    if (value === '') continue;
    const byLength = entry(byStart, value.slice(0, shortest), () => new Map<number, Set<string>>());
    entry(byLength, value.length, () => new Set<string>()).add(value);
  }
  if (byStart.size === 0) return (text) => text;
  return (text) => {
    const spans: Span[] = [];
    for (let at = 0; at + shortest <= text.length; at++)
      for (const [length, same] of byStart.get(text.slice(at, at + shortest)) ?? [])
        if (same.has(text.slice(at, at + length))) spans.push([at, at + length]);
    return starred(text, spans);
  };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** A text with what lies in the spans made stars; they may overlap. */
function starred(text: string, spans: readonly Span[]): string {
  let out = '';
  let done = 0;
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (end <= done) continue;
    out += text.slice(done, Math.max(done, start)) + stars(text.slice(Math.max(done, start), end));
    done = end;
  }
  return out + text.slice(done);
}

function stars(text: string): string {
  return text.replace(/[^\r\n]/g, '*');
}
