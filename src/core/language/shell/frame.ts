import type { Span } from '../../vocabulary/index.ts';
import { type SpanMap, sourceSpan } from '../text/index.ts';
import type { ShellKind } from './types.ts';

/** A text that the library has parsed, with the way back to the file. */
export interface Frame {
  readonly map: SpanMap;
  readonly text: string;
  readonly kind: ShellKind;
  /** True when `{a,b}` expands. */
  readonly braces: boolean;
}

/** `[pos, end)` of a frame's text, as the library gives places. */
export type Place = readonly [pos: number, end: number];

/** The place in the file of `[start, end)` of the frame's text. */
export function place(frame: Frame, start: number, end: number): Span {
  const { segments } = frame.map;
  const first = segments[0];
  if (segments.length === 1 && first !== undefined && first.at === 0 && end > start && end <= first.length) {
    return [first.from + start, first.from + end];
  }
  return sourceSpan(frame.map, [start, end]);
}
