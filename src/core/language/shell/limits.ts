/** UTF-16 units of the longest script that is read. */
const MAX_LENGTH = 256 * 1024;
/** Brackets open at once; the library nests a few stack frames for each. */
const MAX_DEPTH = 100;
/** Here-documents; the library's time grows with the square of their number. */
const MAX_HEREDOCS = 1000;
/** Words that open a block; each may nest in the one before. */
const MAX_BLOCKS = 1000;

/**
 * Why a script is not given to the library at all: time and stack must stay bounded whatever the text.
 * Quoting is not understood here, so a script that only quotes hundreds of brackets in a row is refused too.
 */
export function tooMuch(text: string): string | undefined {
  const { length } = text;
  if (length <= MAX_DEPTH) return undefined;
  if (length > MAX_LENGTH) return 'it is longer than 256 KiB';
  let open = 0;
  let backquotes = 0;
  let heredocs = 0;
  let functions = 0;
  for (let i = 0; i < length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x28:
      case 0x7b:
        open += 1;
        if (open > MAX_DEPTH) return `more than ${MAX_DEPTH} brackets are open at once`;
        break;
      case 0x29:
        if (text.charCodeAt(i - 1) === 0x28) functions += 1;
        if (open > 0) open -= 1;
        break;
      case 0x7d:
        if (open > 0) open -= 1;
        break;
      case 0x60:
        backquotes += 1;
        break;
      case 0x3c:
        if (text.charCodeAt(i - 1) === 0x3c) heredocs += 1;
        break;
    }
  }
  if (backquotes > 2 * MAX_BLOCKS) return `it has more than ${2 * MAX_BLOCKS} backquotes`;
  if (functions > MAX_BLOCKS) return `it has more than ${MAX_BLOCKS} functions`;
  if (heredocs > MAX_HEREDOCS) return `it has more than ${MAX_HEREDOCS} here-documents`;
  if (length <= 2 * MAX_BLOCKS) return undefined;
  const blocks = text.match(/\b(?:if|while|until|for|case|select)\b/g)?.length ?? 0;
  return blocks > MAX_BLOCKS ? `it has more than ${MAX_BLOCKS} conditionals and loops` : undefined;
}
