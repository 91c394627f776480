import { expect } from 'vitest';
import type { Dockerfile } from '../../../../src/core/language/syntax/index.ts';
import { parse, print } from '../../../../src/core/language/syntax/index.ts';
import type { Span } from '../../../../src/core/vocabulary/index.ts';

/** Takes `« »` out of a text. */
export function unmark(marked: string): { readonly text: string; readonly spans: readonly Span[] } {
  const spans: Span[] = [];
  let text = '';
  for (const part of marked.split(/(?=[«»])/)) {
    const plain = part.replace(/^[«»]/, '');
    const open = spans.length > 0 && spans[spans.length - 1]?.[1] === -1;
    if (part.startsWith('«')) spans.push([text.length, -1]);
    else if (part.startsWith('»') && open) spans.push([spans.pop()?.[0] ?? -1, text.length]);
    text += plain;
  }
  return { text, spans };
}

/** Parses a text, less its marks, and expects the spans that `select` finds to be the marked ones. */
export function expectSpans(marked: string, select: (dockerfile: Dockerfile) => readonly (Span | undefined)[]): void {
  const { text, spans } = unmark(marked);
  const dockerfile = parse(text);
  expect(print(dockerfile)).toBe(text);
  const show = (found: readonly (Span | undefined)[]) => found.map((span) => span && [span, text.slice(...span)]);
  expect(show(select(dockerfile))).toEqual(show(spans));
}
