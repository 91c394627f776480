import { cleanPath, directoriesAbove, trimSpace } from './paths.ts';
import { compilePattern, type Matches, type Subject, subjectOf } from './pattern.ts';
import { type IgnoreLine, readIgnoreFile } from './read.ts';
import { isAccepted } from './syntax.ts';

/** One pattern as BuildKit's matcher uses it. */
export interface IgnorePattern {
  /** Cleaned, without its "!". */
  readonly text: string;
  /** It began with "!": what it matches is sent after all. */
  readonly exception: boolean;
  /** In its file, from 1; 0 when it comes from none. */
  readonly line: number;
  /** `refused`: its regular expression does not compile, and whatever is matched against it fails the build. */
  readonly matches: Matches | { readonly refused: string };
}

/** What a .dockerignore leaves out of the build context. */
export interface IgnorePatterns {
  readonly patterns: readonly IgnorePattern[];
  /** It has a pattern that begins with "!": then a directory that is left out may still be sent in part. */
  readonly exceptions: boolean;
}

/** A pattern or line that BuildKit refuses, so that no build starts. */
export interface IgnoreRefused {
  readonly refused: string;
  readonly line: number;
}

/** What becomes of one path, and the pattern that decided; a pattern that cannot be tried fails the build. */
export type Decision =
  | { readonly ignored: boolean; readonly by: IgnorePattern | undefined }
  | { readonly broken: IgnorePattern; readonly because: string };

/** Matching again what was matched already is the most of the work. */
let last = subjectOf('');

export function remembered(path: string): Subject {
  if (last.path !== path) last = subjectOf(path);
  return last;
}

/** The patterns of a .dockerignore's text, as `decode` gives it. */
export function parseIgnoreFile(text: string): IgnorePatterns | IgnoreRefused {
  const read = readIgnoreFile(text);
  return 'refused' in read ? read : matcherOf(read.lines);
}

/** The same for patterns as `readIgnoreFile` gave them, without their lines. */
export function ignorePatterns(texts: readonly string[]): IgnorePatterns | IgnoreRefused {
  return matcherOf(texts.map((pattern) => ({ pattern, line: 0 })));
}

/**
 * The patterns that BuildKit's matcher makes of a list.
 * Source of the behaviour: github.com/moby/patternmatcher, `New`.
 */
function matcherOf(lines: readonly IgnoreLine[]): IgnorePatterns | IgnoreRefused {
  const patterns: IgnorePattern[] = [];
  for (const { pattern, line } of lines) {
    const trimmed = trimSpace(pattern);
    if (trimmed === '') continue;
    const clean = cleanPath(trimmed);
    if (clean === '!') return { refused: '"!" alone is no pattern', line };
    const exception = clean.startsWith('!');
    const text = exception ? clean.slice(1) : clean;
    if (!isAccepted(text)) return { refused: 'a "[" has no "]", or a "\\" nothing to escape', line };
    patterns.push({ text, exception, line, matches: compilePattern(text) });
  }
  return { patterns, exceptions: patterns.some(({ exception }) => exception) };
}

/**
 * Whether the patterns leave a path out, seen by itself. What a build sends is told by `sentEntries`: it looks at directories
 * one after the other.
 * @param path clean, relative to the context
 * Source of the behaviour: `MatchesOrParentMatches` of github.com/moby/patternmatcher.
 */
export function decide({ patterns }: IgnorePatterns, path: string): Decision {
  const above = directoriesAbove(path);
  let by: IgnorePattern | undefined;
  let ignored = false;
  for (const pattern of patterns) {
    if (pattern.exception !== ignored) continue;
    const { matches } = pattern;
    if (typeof matches !== 'function') return { broken: pattern, because: matches.refused };
    if (!matches(remembered(path)) && !above.some((one) => matches(subjectOf(one)))) continue;
    ignored = !pattern.exception;
    by = pattern;
  }
  return { ignored, by };
}

/** It leaves out all of the context's root, exceptions apart. */
export function leavesOutEverything({ patterns }: IgnorePatterns): boolean {
  return patterns.some(({ text, exception }) => !exception && (text === '*' || text === '**' || text === '**/*'));
}
