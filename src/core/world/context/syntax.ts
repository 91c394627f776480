type Matched = { readonly rest: string } | 'not' | 'malformed';

/** What it takes to read a part of a pattern that holds no star outside of brackets. */
class Chunk {
  readonly #chars: readonly string[];
  #at = 0;

  constructor(chars: readonly string[]) {
    this.#chars = chars;
  }

  /** It is read to its end even when the name is not matched: only a mistake ends that. */
  match(name: string): Matched {
    let rest = name;
    let failed = false;
    while (this.#at < this.#chars.length) {
      failed ||= rest === '';
      const char = this.#chars[this.#at++] as string;
      const first = rest;
      if (!failed) rest = rest.slice(1);
      if (char === '[') {
        const members = this.#members(first);
        if (members === 'malformed') return members;
        failed ||= !members;
      } else if (char === '?') failed ||= first.startsWith('/');
      else {
        const literal = char === '\\' ? this.#chars[this.#at++] : char;
        if (literal === undefined) return 'malformed';
        failed ||= literal !== first.charAt(0);
      }
    }
    return failed ? 'not' : { rest };
  }

  /** After its "[": whether a set takes the first character of the name. */
  #members(name: string): boolean | 'malformed' {
    const negated = this.#chars[this.#at] === '^';
    if (negated) this.#at += 1;
    let found = false;
    for (let count = 0; count === 0 || this.#chars[this.#at] !== ']'; count++) {
      const low = this.#member();
      if (low === undefined) return 'malformed';
      let high: string | undefined = low;
      if (this.#chars[this.#at] === '-') {
        this.#at += 1;
        high = this.#member();
        if (high === undefined) return 'malformed';
      }
      found ||= name !== '' && low <= name && name.charAt(0) <= high;
    }
    this.#at += 1;
    return found !== negated;
  }

  #member(): string | undefined {
    const escaped = this.#chars[this.#at] === '\\';
    if (escaped) this.#at += 1;
    const char = this.#chars[this.#at++];
    if (!escaped && (char === '-' || char === ']')) return undefined;
    // A byte that is not UTF-8 cannot be a member, and something must follow: at least the bracket that closes.
    return char === undefined || /^[\udc80-\udcff]$/.test(char) || this.#at >= this.#chars.length ? undefined : char;
  }
}

/** Where the part of a pattern that begins at `start` ends: at a star outside of brackets. */
function chunkEnd(chars: readonly string[], start: number): number {
  let bracket = false;
  for (let at = start; at < chars.length; at++) {
    const char = chars[at];
    if (char === '\\') at += 1;
    else if (char === '[') bracket = true;
    else if (char === ']') bracket = false;
    else if (char === '*' && !bracket) return at;
  }
  return chars.length;
}

/**
 * Go's `filepath.Match`: a star takes no "/".
 * @returns 'malformed' for a pattern with a mistake, as far as the name leads to it
 */
export function matchName(pattern: string, wanted: string): boolean | 'malformed' {
  const chars = [...pattern];
  let name = wanted;
  for (let at = 0; at < chars.length; ) {
    let star = false;
    for (; chars[at] === '*'; at++) star = true;
    const end = chunkEnd(chars, at);
    if (star && at === end) return !name.includes('/');
    const chunk = chars.slice(at, end);
    at = end;
    const isLast = at === chars.length;
    const goesOn = (matched: Matched) => typeof matched === 'object' && (!isLast || matched.rest === '');
    let matched = new Chunk(chunk).match(name);
    for (let i = 0; star && matched !== 'malformed' && !goesOn(matched) && i < name.length && name[i] !== '/'; i++) {
      matched = new Chunk(chunk).match(name.slice(i + 1));
    }
    if (matched === 'malformed') return matched;
    if (matched === 'not' || !goesOn(matched)) return false;
    name = matched.rest;
  }
  return name === '';
}

/**
 * Whether BuildKit's matcher takes a pattern: it tries it on the name "." and looks for mistakes no further than that leads, so
 * that a "[" without "]" is found in `[` and not in `a/*[`.
 */
export function isAccepted(pattern: string): boolean {
  return matchName(pattern, '.') !== 'malformed';
}
