import type { Refusal } from './dockerfile.ts';

/** What people type for quotes, and what closes each. */
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"“”',
  "'": "'‘’",
  '“': '“”"',
  '”': '“”"',
  '‘': "‘’'",
  '’': "‘’'",
};

/**
 * Reads what was meant for a JSON array of strings and is none: other quotes, a comma too many or too few, no closing
 * bracket.
 * @param text the arguments of CMD, ENTRYPOINT or RUN, continuations removed
 * @returns the strings; a refusal when it was meant for an array but the strings are not certain; undefined when it is a
 * shell command, such as the test `[ -f x ]`
 */
export function looseArray(text: string): readonly string[] | Refusal | undefined {
  const source = text.trim();
  if (!/^\[\s*["'“”‘’]/.test(source) && !/^\[[\w./-]+\s*,/.test(source)) return undefined;
  // with a blank after the bracket the shell would find its test command
  const certain = !/^\[\s/.test(source);
  const words: string[] = [];
  let at = 1;
  const blanks = () => {
    while (at < source.length && /\s/.test(source[at] as string)) at += 1;
  };
  const unclear = (declined: string) => (certain || /,/.test(source) ? { declined } : undefined);
  for (;;) {
    blanks();
    if (at >= source.length) return words.length > 0 && certain ? words : unclear('the array is not finished');
    if (source[at] === ']') break;
    const word = quoted(source, at);
    if (word === undefined) return unclear('it does not show where a string ends');
    if (typeof word === 'string') return unclear(word);
    words.push(word.value);
    at = word.end;
    blanks();
    if (source[at] === ',') at += 1;
    else if (source[at] !== ']' && at < source.length && !certain) return undefined;
  }
  if (!/^[\]"';,.⏎\s]*$/.test(source.slice(at + 1))) return unclear('something follows the array');
  return words.length > 0 ? words : unclear('the array is empty');
}

/** A string in quotes of any kind; a reason when its value is not certain; undefined when it has no end. */
function quoted(source: string, start: number): { readonly value: string; readonly end: number } | string | undefined {
  const closing = QUOTES[source[start] as string];
  if (closing === undefined) return 'a word has no quotes';
  for (let end = start + 1; end < source.length; end++) {
    const unit = source[end] as string;
    if (unit === '\\') return 'a backslash means one thing to JSON and another to the shell';
    if (!closing.includes(unit)) continue;
    const value = source.slice(start + 1, end);
    if (/["“”]/.test(value)) return 'quotes stand inside quotes';
    return { value, end: end + 1 };
  }
  return undefined;
}
