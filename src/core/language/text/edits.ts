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
 * Where a place of the text before stands after the edits. What an edit replaced maps to the replacement as a whole.
 */
export function mapSpan(edits: readonly Edit[], [start, end]: Span): Span {
  let from = start;
  let to = end;
  for (const { span, text } of edits) {
    const grown = text.length - (span[1] - span[0]);
    if (span[1] <= start && !(span[0] === span[1] && span[0] === start)) from += grown;
    else if (span[0] < start) from += span[0] - start;
    if (span[1] <= end && !(span[0] === end && span[1] === end)) to += grown;
    else if (span[0] < end) to += Math.max(0, span[0] + text.length - end);
  }
  return [from, Math.max(from, to)];
}
