/** Whether a character, as its code point, belongs to a class. */
export type Class = (code: number) => boolean;

const ranges =
  (...bounds: readonly (readonly [low: number, high: number])[]): Class =>
  (code) =>
    bounds.some(([low, high]) => code >= low && code <= high);

const digit = ranges([0x30, 0x39]);
const upper = ranges([0x41, 0x5a]);
const lower = ranges([0x61, 0x7a]);
const alpha: Class = (code) => upper(code) || lower(code);
const alnum: Class = (code) => alpha(code) || digit(code);

/** `\b` and `\w` know ASCII only. */
export const isWord: Class = (code) => alnum(code) || code === 0x5f;

const PERL: Readonly<Record<string, Class>> = {
  d: digit,
  s: ranges([0x09, 0x0a], [0x0c, 0x0d], [0x20, 0x20]),
  w: isWord,
};

const POSIX: Readonly<Record<string, Class>> = {
  alnum,
  alpha,
  ascii: ranges([0, 0x7f]),
  blank: ranges([0x09, 0x09], [0x20, 0x20]),
  cntrl: ranges([0, 0x1f], [0x7f, 0x7f]),
  digit,
  graph: ranges([0x21, 0x7e]),
  lower,
  print: ranges([0x20, 0x7e]),
  punct: ranges([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]),
  space: ranges([0x09, 0x0d], [0x20, 0x20]),
  upper,
  word: isWord,
  xdigit: ranges([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]),
};

export const not =
  (inner: Class): Class =>
  (code) =>
    !inner(code);

/** `\d`, `\S` …, by its letter. */
export function perlClass(letter: string): Class | undefined {
  const found = Object.hasOwn(PERL, letter.toLowerCase()) ? PERL[letter.toLowerCase()] : undefined;
  return found && letter !== letter.toLowerCase() ? not(found) : found;
}

/** The `alpha` or `^alpha` of `[:alpha:]`. */
export function posixClass(name: string): Class | undefined {
  const bare = name.startsWith('^') ? name.slice(1) : name;
  const found = Object.hasOwn(POSIX, bare) ? POSIX[bare] : undefined;
  return found && bare !== name ? not(found) : found;
}

/** The `Lu`, `Greek` or `^Lu` of `\p{…}`. Of other spellings of a name than Unicode's own nothing is known. */
export function unicodeClass(name: string): Class | undefined {
  const bare = name.startsWith('^') ? name.slice(1) : name;
  if (!/^[A-Za-z_]+$/.test(bare)) return undefined;
  const canonical = bare.charAt(0).toUpperCase() + bare.slice(1).toLowerCase();
  for (const kind of ['gc', 'sc']) {
    try {
      const test = new RegExp(`^\\p{${kind}=${canonical}}$`, 'u');
      const found: Class = (code) => test.test(String.fromCodePoint(code));
      return bare === name ? found : not(found);
    } catch {
      // not a name of this kind
    }
  }
  return undefined;
}
