import type { SpanMap } from '../text/index.ts';
import { placeOf } from './characters.ts';
import { lex } from './lex.ts';
import { type Cursor, nextLine, pushToken } from './lines.ts';
import type { Heredoc, Token } from './types.ts';

/** A heredoc marker as it is announced on the line; its body is not read yet. */
export interface Marker {
  readonly name: string;
  readonly chomp: boolean;
  readonly expand: boolean;
  readonly fd: number;
  /** Length of descriptor, `<<`, `-` and blanks before the name. */
  readonly prefix: number;
}

const NOTHING_SET = () => undefined;

/**
 * Reads one word as a heredoc marker: `[fd]<<[-]name`. Undefined when it is none.
 * @returns `{ error }` when the name has quotes or substitutions that BuildKit's lexer refuses.
 */
export function readMarker(word: string): Marker | { readonly error: string } | undefined {
  const match = /^(\d*)<<(-?)[\t\n\f\r ]*/.exec(word);
  if (match === null) return undefined;
  const prefix = match[0].length;
  const rest = word.slice(prefix);
  if (rest === '' || rest.includes('<')) return undefined;
  const plain = lex(rest, NOTHING_SET, { escape: '\\', keepUnset: true });
  if (plain.error !== undefined) return { error: plain.error };
  if (plain.words.length !== 1) return undefined;
  const raw = lex(rest, NOTHING_SET, { escape: '\\', keepUnset: true, rawQuotes: true });
  if (raw.error !== undefined) return { error: raw.error };
  if (raw.words.length !== 1) return { error: `the name of the heredoc ${rest} is quoted inconsistently` };
  const name = (plain.words[0] as { value: string }).value;
  const quotes = (text: string) => text.replace(/[^'"]/g, '').length;
  const expand = quotes(name) === quotes((raw.words[0] as { value: string }).value);
  // Go parses into 64 bits and ignores the error of a longer number; no shell has such a descriptor.
  return { name, chomp: match[2] === '-', expand, fd: Number(match[1]), prefix };
}

/** A marker with its place on the logical line. */
export interface PlacedMarker extends Marker {
  readonly start: number;
  readonly end: number;
}

/** The heredocs that a logical line announces, in order. A line that the lexer refuses announces none. */
export function findMarkers(
  line: string,
): readonly PlacedMarker[] | { readonly error: string; at: number; to: number } {
  const { words } = lex(line, NOTHING_SET, { escape: '\\', keepUnset: true, rawQuotes: true, rawEscapes: true });
  const markers: PlacedMarker[] = [];
  for (const { value, start, end } of words) {
    const marker = readMarker(value);
    if (marker === undefined) continue;
    if ('error' in marker) return { error: marker.error, at: start, to: end };
    markers.push({ ...marker, start, end });
  }
  return markers;
}

/**
 * Reads the body of a heredoc from the lines after the cursor's, up to its terminator or, when that is missing, to the
 * end of the file; leaves the cursor on the last line read. `onLine` sees
 * every line.
 */
export function readBody(
  cursor: Cursor,
  map: SpanMap,
  marker: PlacedMarker,
  tokens: Token[],
  onLine: () => void,
): Heredoc {
  const { text } = cursor;
  const { name, chomp, expand, fd, prefix, start, end } = marker;
  const from = cursor.next;
  let to = from;
  let endSpan: readonly [number, number] | undefined;
  while (nextLine(cursor)) {
    onLine();
    let lineStart = cursor.start;
    if (chomp) while (lineStart < cursor.end && text.charCodeAt(lineStart) === 0x09) lineStart += 1;
    if (cursor.end - lineStart === name.length && text.startsWith(name, lineStart)) {
      endSpan = [lineStart, cursor.end];
      break;
    }
    to = cursor.next;
  }
  pushToken(tokens, 'heredoc-body', text, from, to);
  if (endSpan !== undefined) {
    pushToken(tokens, 'blank', text, to, endSpan[0]);
    pushToken(tokens, 'heredoc-end', text, endSpan[0], endSpan[1]);
    pushToken(tokens, 'newline', text, cursor.end, cursor.next);
  }
  return {
    name,
    chomp,
    expand,
    fd,
    markerSpan: placeOf(map, start, end),
    nameSpan: placeOf(map, start + prefix, end),
    bodySpan: [from, to],
    content: text.slice(from, to),
    endSpan,
  };
}
