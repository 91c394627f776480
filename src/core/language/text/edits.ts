import type { Edit, Span } from '../../vocabulary/index.ts';

/**
 * The text after all edits. Edits speak of offsets in `text`, in any order; two insertions at one place keep their order.
 * @returns undefined when edits overlap or reach outside the text: nothing is guessed.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string | undefined {
  const sorted = edits.map((edit, order) => ({ edit, order }));
  sorted.sort((a, b) => a.edit.span[0] - b.edit.span[0] || a.edit.span[1] - b.edit.span[1] || a.order - b.order);
  const parts: string[] = [];
  let at = 0;
  for (const { edit } of sorted) {
    const [start, end] = edit.span;
    if (start < at || end < start || end > text.length) return undefined;
    parts.push(text.slice(at, start), edit.text);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/**
 * Where a place of the text before stands after the edits. It follows its characters: text inserted at its start or end
 * stays outside. What an edit replaced maps to the replacement as a whole; an empty place stays before text inserted there.
 */
export function mapSpan(edits: readonly Edit[], [start, end]: Span): Span {
  let from = start;
  let to = end;
  for (const { span, text } of edits) {
    const [low, high] = span;
    const grown = text.length - (high - low);
    const insertsHere = low === high && low === start && start === end;
    if (high <= start && !insertsHere) from += grown;
    else if (low < start) from += low - start;
    if (high <= end && !(low === high && low === end)) to += grown;
    else if (low < end) to += Math.max(0, low + text.length - end);
  }
  return [from, Math.max(from, to)];
}
