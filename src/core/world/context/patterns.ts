/** Go's `path.Clean`: the shortest path that names the same; "." for an empty one. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const clean = parts.join('/');
  return rooted ? `/${clean}` : clean === '' ? '.' : clean;
}

/** One step of a pattern: what it takes from a path. */
type Token =
  | { readonly kind: 'one'; readonly takes: (char: string) => boolean }
  /** Any number of characters that are no "/". */
  | { readonly kind: 'star' }
  /** Any number of whole directories, none too. */
  | { readonly kind: 'directories' }
  /** All the rest, whatever it is. */
  | { readonly kind: 'rest' };

const notSlash = (char: string) => char !== '/';

/** A class as `[a-z]` or `[^a-z]`; undefined when it is not closed or empty. */
function readClass(pattern: string, start: number): { takes: (char: string) => boolean; end: number } | undefined {
  let at = start + 1;
  const negated = pattern[at] === '^';
  if (negated) at += 1;
  const ranges: [string, string][] = [];
  const next = (): string | undefined => {
    if (pattern[at] === '\\') at += 1;
    return pattern[at++];
  };
  while (at < pattern.length && (pattern[at] !== ']' || ranges.length === 0)) {
    if (pattern[at] === ']' || pattern[at] === '-') return undefined;
    const low = next();
    let high = low;
    if (pattern[at] === '-') {
      at += 1;
      if (pattern[at] === ']') return undefined;
      high = next();
    }
    if (low === undefined || high === undefined) return undefined;
    ranges.push([low, high]);
  }
  if (pattern[at] !== ']') return undefined;
  const takes = (char: string) => ranges.some(([low, high]) => char >= low && char <= high) !== negated;
  return { takes, end: at + 1 };
}

/** Undefined for a pattern that BuildKit refuses. */
function compile(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string;
    if (char === '*' && pattern[at + 1] === '*') {
      // "**a" and no wildcard more is any path that ends in "a".
      const isSuffix = at === 0 && pattern[2] !== '/' && !/[*?[\]\\]/.test(pattern.slice(2));
      at += pattern[at + 2] === '/' ? 2 : 1;
      tokens.push(at + 1 >= pattern.length || isSuffix ? { kind: 'rest' } : { kind: 'directories' });
    } else if (char === '*') tokens.push({ kind: 'star' });
    else if (char === '?') tokens.push({ kind: 'one', takes: notSlash });
    else if (char === '[') {
      const group = readClass(pattern, at);
      if (group === undefined) return undefined;
      tokens.push({ kind: 'one', takes: group.takes });
      at = group.end - 1;
    } else {
      if (char === '\\') at += 1;
      const literal = pattern[at];
      if (literal === undefined) return undefined;
      tokens.push({ kind: 'one', takes: (one) => one === literal });
    }
  }
  return tokens;
}

/** Whether the tokens take the whole path, all ways at once: no way back, so no blow-up. */
function matches(tokens: readonly Token[], path: string): boolean {
  let states = new Set<number>();
  const add = (into: Set<number>, state: number) => {
    for (let one = state; !into.has(one); one++) {
      into.add(one);
      const kind = tokens[one]?.kind;
      if (kind === undefined || kind === 'one') return;
    }
  };
  // A state below zero stands within the directories of token -1 - state and waits for their last "/".
  add(states, 0);
  for (const char of path) {
    const next = new Set<number>();
    for (const state of states) {
      const index = state < 0 ? -1 - state : state;
      const token = tokens[index];
      if (token === undefined) continue;
      if (token.kind === 'one') {
        if (token.takes(char)) add(next, index + 1);
      } else if (token.kind === 'star') {
        if (char !== '/') add(next, index);
      } else if (token.kind === 'rest') add(next, index);
      else {
        next.add(-1 - index);
        if (char === '/') add(next, index + 1);
      }
    }
    states = next;
  }
  return states.has(tokens.length);
}

interface Pattern {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** What a .dockerignore leaves out of the build context. */
export interface IgnorePatterns {
  /** It has a pattern that begins with "!": then a directory that is left out may still be sent in part. */
  readonly exceptions: boolean;
  /**
   * The first pattern that leaves out a path or a directory above it, exceptions apart; undefined when none does. The path is
   * taken as it is, wildcards too, as BuildKit's check takes the sources of COPY.
   */
  matching(path: string): string | undefined;
  /** It leaves out all of the context's root. */
  readonly everything: boolean;
}

/**
 * Reads the patterns of a .dockerignore (github.com/moby/patternmatcher).
 * @param lines its lines without comments and blank lines
 * @returns undefined when BuildKit refuses one of them
 */
export function ignorePatterns(lines: readonly string[]): IgnorePatterns | undefined {
  const patterns: Pattern[] = [];
  let exceptions = false;
  for (const line of lines) {
    const trimmed = line.trim();
    const inverted = trimmed.startsWith('!');
    const written = inverted ? trimmed.slice(1).trim() : trimmed;
    if (written === '') {
      if (inverted) return undefined;
      continue;
    }
    const clean = cleanPath(written);
    const text = clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
    const tokens = compile(text);
    if (tokens === undefined) return undefined;
    if (inverted) exceptions = true;
    else patterns.push({ text, tokens });
  }
  return {
    exceptions,
    everything: patterns.some(({ text }) => text === '*' || text === '**' || text === '**/*'),
    matching(path) {
      const parts = path.split('/');
      const above = parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('/'));
      const paths = path.startsWith('/') && parts.length === 2 ? [path, '', '/'] : [path, ...above];
      return patterns.find(({ tokens }) => paths.some((one) => matches(tokens, one)))?.text;
    },
  };
}
