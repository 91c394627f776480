import { type Paint, visibleLines } from '../core/reporters/index.ts';

/** A patch for a terminal: removed and added lines in colour, nothing in it that steers the terminal. */
export function paintPatch(patch: string, paint: Paint): string {
  return patch
    .split('\n')
    .map((row) => {
      const text = visibleLines(row.replace(/\r$/, ''));
      if (row.startsWith('+++') || row.startsWith('---')) return paint.strong(text);
      if (row.startsWith('+')) return paint.good(text);
      if (row.startsWith('-')) return paint.error(text);
      return row.startsWith('@@') ? paint.info(text) : text;
    })
    .join('\n');
}
