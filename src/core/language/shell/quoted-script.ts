import { compose, type Segment, type SpanMap, slice } from '../text/index.ts';
import type { Frame, Place } from './frame.ts';
import type { Shell, ShellKind } from './types.ts';
import type { ScriptWord } from './wrappers.ts';

/** A text built from runs of another one. */
interface Builder {
  text: string;
  readonly segments: Segment[];
}

function take(builder: Builder, source: string, from: number, to: number): void {
  if (to <= from) return;
  builder.segments.push({ at: builder.text.length, from, length: to - from });
  builder.text += source.slice(from, to);
}

/**
 * What a word of quotes, escapes and plain text alone stands for, with the way back.
 * @returns undefined when anything in it expands
 */
function unquote(source: string): Builder | undefined {
  const builder: Builder = { text: '', segments: [] };
  let quoted = false;
  let from = 0;
  let i = 0;
  while (i < source.length) {
    const unit = source[i] as string;
    if (unit === '\\') {
      const next = source[i + 1];
      if (next === undefined || (quoted && !'$`"\\\n'.includes(next))) {
        i += 1;
        continue;
      }
      take(builder, source, from, i);
      from = next === '\n' ? i + 2 : i + 1;
      i += 2;
    } else if (unit === '"') {
      take(builder, source, from, i);
      quoted = !quoted;
      i += 1;
      from = i;
    } else if (unit === "'" && !quoted) {
      take(builder, source, from, i);
      const close = source.indexOf("'", i + 1);
      if (close === -1) return undefined;
      take(builder, source, i + 1, close);
      i = close + 1;
      from = i;
    } else if (unit === '`' || (unit === '$' && /[\w({@*#?$!'"-]/.test(source[i + 1] ?? ''))) return undefined;
    else i += 1;
  }
  take(builder, source, from, source.length);
  return quoted ? undefined : builder;
}

/** The script that a shell is given as one word; undefined when the word is not static. */
export function nestedScript(
  frame: Frame,
  [pos, end]: Place,
  shell: ScriptWord['shell'],
  outer: ShellKind,
): { readonly map: SpanMap; readonly shell: Shell } | undefined {
  const inner = unquote(frame.text.slice(pos, end));
  if (inner === undefined) return undefined;
  // `sh` started by busybox's or dash's scripts is the same program again.
  const kind = shell.kind === 'sh' && (outer === 'ash' || outer === 'dash') ? outer : shell.kind;
  return { map: compose(inner, slice(frame.map, [pos, end])), shell: { ...shell, kind } };
}

/**
 * The script between backquotes, where a backslash before `\`, `` ` `` and `$` (and `"` inside double quotes) goes.
 * @param expected what the library made of it; undefined comes back when that differs
 */
export function unescapeBackquoted(map: SpanMap, [pos, end]: Place, expected: string): SpanMap | undefined {
  const content = slice(map, [pos + 1, end - 1]);
  for (const escapable of ['\\`$', '\\`$"']) {
    const builder: Builder = { text: '', segments: [] };
    let from = 0;
    for (let i = content.text.indexOf('\\'); i !== -1; i = content.text.indexOf('\\', i + 2)) {
      const next = content.text[i + 1];
      if (next === undefined || !escapable.includes(next)) continue;
      take(builder, content.text, from, i);
      from = i + 1;
    }
    take(builder, content.text, from, content.text.length);
    if (builder.text === expected) return compose(builder, content);
  }
  return undefined;
}
