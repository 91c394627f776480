import type { LineMap } from '../language/text/index.ts';
import { position } from '../language/text/index.ts';
import type { Span } from '../vocabulary/index.ts';
import { cells } from './visible.ts';

/** Text and its lines; secrets in it are already masked. */
export interface Framed {
  readonly text: string;
  readonly lines: LineMap;
}

export interface FrameStyle {
  /** Columns for line numbers. */
  readonly gutter: number;
  readonly mark: '^' | '-';
  /** Said after the mark. */
  readonly label?: string;
  /** Columns for the source; longer lines are cut around the span. */
  readonly width: number;
  readonly paintMark: (text: string) => string;
  readonly paintGutter: (text: string) => string;
}

/** More lines than this are shown by their first and last ones. */
const tallest = 6;

/** A span that ends in line ends stops before them, so that it does not reach into the line after. */
function trimmed(text: string, [start, end]: Span): Span {
  let to = Math.min(end, text.length);
  while (to > start && (text[to - 1] === '\n' || text[to - 1] === '\r')) to -= 1;
  return [Math.min(start, to), to];
}

/** The last line that a frame of the span shows: what the gutter must have room for. */
export function lastLine({ text, lines }: Framed, span: Span): number {
  return position(lines, trimmed(text, span)[1]).line;
}

/** The lines of a source frame: an empty gutter line, the source, and marks under the span. */
export function frame(source: Framed, span: Span, style: FrameStyle): string[] {
  const [start, end] = trimmed(source.text, span);
  const first = position(source.lines, start).line;
  const last = position(source.lines, end).line;
  const blank = `${' '.repeat(style.gutter)} ${style.paintGutter('|')}`;
  const body =
    first === last ? oneLine(source, [start, end], first, style) : manyLines(source, [start, end], first, last, style);
  const rows = body.map(({ number, text }) => {
    const left = number === undefined ? blank : style.paintGutter(`${String(number).padStart(style.gutter)} |`);
    return text === '' ? left : `${left} ${text}`;
  });
  return [blank, ...rows];
}

interface Row {
  readonly number?: number;
  readonly text: string;
}

function oneLine(source: Framed, span: Span, number: number, style: FrameStyle): Row[] {
  const line = cut(source, number, span, style.width);
  const marks =
    ' '.repeat(line.from) + style.paintMark(style.mark.repeat(Math.max(1, line.to - line.from)) + labelled(style));
  return [{ number, text: line.text.trimEnd() }, { text: marks }];
}

function manyLines(source: Framed, [start, end]: Span, first: number, last: number, style: FrameStyle): Row[] {
  const rows: Row[] = [];
  const { paintMark } = style;
  const lineStart = source.lines[first - 1] as number;
  const startsLine = source.text.slice(Math.max(lineStart, start - 1000), start).trim() === '';
  const top = cut(source, first, [start, start], style.width);
  rows.push({ number: first, text: `${startsLine ? paintMark('/') : ' '} ${top.text}`.trimEnd() });
  if (!startsLine) rows.push({ text: ` ${paintMark(`${'_'.repeat(top.from + 1)}${style.mark}`)}` });
  const all = last - first + 1;
  for (let number = first + 1; number <= last; number++) {
    if (all > tallest && number === first + 3) {
      rows.push({ text: `${paintMark('|')} …` });
      number = last - 1;
    }
    const at = number === last ? end : (source.lines[number - 1] as number);
    rows.push({ number, text: `${paintMark('|')} ${cut(source, number, [at, at], style.width).text}`.trimEnd() });
  }
  const bottom = cut(source, last, [end, end], style.width);
  rows.push({ text: paintMark(`|${'_'.repeat(Math.max(0, bottom.from))}${style.mark}${labelled(style)}`) });
  return rows;
}

function labelled({ label }: FrameStyle): string {
  return label === undefined ? '' : ` ${label}`;
}

interface CutLine {
  readonly text: string;
  /** Columns of the span in it. */
  readonly from: number;
  readonly to: number;
}

/** One line as shown, at most `width` columns of it, with the columns of the part of the span that is shown. */
function cut({ text, lines }: Framed, number: number, [start, end]: Span, width: number): CutLine {
  const lineStart = lines[number - 1] as number;
  const next = lines[number];
  let lineEnd = next === undefined ? text.length : next - 1;
  if (text[lineEnd - 1] === '\r' && lineEnd > lineStart) lineEnd -= 1;
  const lead = Math.floor(width / 4);
  const from = lineEnd - lineStart <= width ? lineStart : Math.max(lineStart, Math.min(start - lead, lineEnd - width));
  const to = Math.min(lineEnd, from + width);
  const laid = cells(text.slice(from, to));
  const before = from > lineStart ? '…' : '';
  const after = to < lineEnd ? '…' : '';
  const column = (offset: number) => before.length + (laid.columns[Math.max(0, Math.min(offset, to) - from)] as number);
  return { text: before + laid.text + after, from: column(start), to: column(end) };
}
