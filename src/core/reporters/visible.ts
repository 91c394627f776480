/**
 * Text from a file made safe to print: control characters, bidirectional overrides, zero-width characters and bytes that
 * are not UTF-8 are shown, never sent to a terminal as they are.
 */
/** Most text is this, and needs no Unicode tables. */
const printable = /^[\x20-\x7e]*$/;

/** Unicode classes take a millisecond to compile: only text that needs them pays. */
let compiled: { readonly hidden: RegExp; readonly combining: RegExp; readonly wide: RegExp } | undefined;

function classes() {
  compiled ??= {
    hidden: /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    combining: /\p{Mn}|\p{Me}/u,
    wide: /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u,
  };
  return compiled;
}

function shown(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (code >= 0xdc80 && code <= 0xdcff) return `<${(code - 0xdc00).toString(16).toUpperCase()}>`;
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** The text on one line: a tab or newline is shown as a symbol too. */
export function visible(text: string): string {
  return printable.test(text) ? text : text.replace(classes().hidden, shown);
}

/** As `visible`, but lines and tabs stay: for text of several lines, such as a diff. */
export function visibleLines(text: string): string {
  return text.replace(classes().hidden, (character) =>
    character === '\n' || character === '\t' ? character : shown(character),
  );
}

/** Columns that a text without hidden characters takes in a terminal. */
export function width(text: string): number {
  if (printable.test(text)) return text.length;
  const { combining, wide } = classes();
  let columns = 0;
  for (const character of text) columns += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

/** A piece of a line as a terminal shows it. */
export interface Cells {
  readonly text: string;
  /** Column at which the character at each offset of the piece starts, and one more for its end. */
  readonly columns: readonly number[];
}

const tabStop = 4;

/** Lays out a piece of one line: tabs to the next multiple of four, hidden characters shown, wide ones counted double. */
export function cells(piece: string): Cells {
  if (printable.test(piece))
    return { text: piece, columns: Array.from({ length: piece.length + 1 }, (_, column) => column) };
  const columns: number[] = [];
  const parts: string[] = [];
  let column = 0;
  for (const character of piece) {
    const text =
      character === '\t' ? ' '.repeat(tabStop - (column % tabStop)) : character === '\ufeff' ? '' : visible(character);
    for (let unit = 0; unit < character.length; unit++) columns.push(column);
    parts.push(text);
    column += width(text);
  }
  columns.push(column);
  return { text: parts.join(''), columns };
}
