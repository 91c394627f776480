import type { Span } from '../../vocabulary/index.ts';

/** A run of derived text that stands verbatim in the source: `length` UTF-16 units from `from` in it, `at` in the derived text. */
export interface Segment {
  readonly at: number;
  readonly from: number;
  readonly length: number;
}

/**
 * A text derived from a file by leaving parts out (continuations, comment lines, quotes), with the way back.
 * Segments are in order of `at` and never overlap; derived text outside every segment has no place of its own.
 */
export interface SpanMap {
  readonly text: string;
  readonly segments: readonly Segment[];
}

/** A map of one verbatim piece of the source. */
export function verbatim(source: string, [start, end]: Span): SpanMap {
  return {
    text: source.slice(start, end),
    segments: start === end ? [] : [{ at: 0, from: start, length: end - start }],
  };
}

/** Index of the last segment that starts at or before `offset`, or -1. */
function segmentBefore(segments: readonly Segment[], offset: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle] as Segment).at <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The source offset of the character at `offset` of the derived text. An offset at the end of a segment belongs to the
 * segment that starts there, if one does, else to the end of the one before.
 */
export function sourceOffset(map: SpanMap, offset: number): number {
  const index = segmentBefore(map.segments, offset);
  const segment = map.segments[index];
  if (segment === undefined) return map.segments[0]?.from ?? 0;
  return segment.from + Math.min(offset - segment.at, segment.length);
}

/** The source span of `[start, end)` of the derived text: from its first character to just after its last. */
export function sourceSpan(map: SpanMap, [start, end]: Span): Span {
  const from = sourceOffset(map, start);
  if (end <= start) return [from, from];
  return [from, sourceOffset(map, end - 1) + 1];
}

/** What stands in the derived text of a span of the source. */
export function textFrom({ text, segments }: SpanMap, [start, end]: Span): string {
  let out = '';
  for (const { at, from, length } of segments) {
    const low = Math.max(from, start);
    const high = Math.min(from + length, end);
    if (high > low) out += text.slice(at + low - from, at + high - from);
  }
  return out;
}

/** True when the source span of `[start, end)` holds characters that the derived text lacks (a continuation, a comment). */
export function spansGap(map: SpanMap, span: Span): boolean {
  const [from, to] = sourceSpan(map, span);
  return to - from !== span[1] - span[0];
}

/** The map of a piece of the derived text: its offsets lead to the source directly. */
export function slice(map: SpanMap, [start, end]: Span): SpanMap {
  const segments: Segment[] = [];
  for (let i = Math.max(0, segmentBefore(map.segments, start)); i < map.segments.length; i++) {
    const { at, from, length } = map.segments[i] as Segment;
    if (at >= end) break;
    const low = Math.max(at, start);
    const high = Math.min(at + length, end);
    if (high > low) segments.push({ at: low - start, from: from + low - at, length: high - low });
  }
  return { text: map.text.slice(start, end), segments };
}

/** `inner` was derived from `outer.text`; the result leads from `inner.text` to outer's source. */
export function compose(inner: SpanMap, outer: SpanMap): SpanMap {
  const segments: Segment[] = [];
  for (const { at, from, length } of inner.segments) {
    for (const piece of slice(outer, [from, from + length]).segments) {
      segments.push({ at: at + piece.at, from: piece.from, length: piece.length });
    }
  }
  return { text: inner.text, segments };
}
