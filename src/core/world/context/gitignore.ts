import { cleanPath } from './paths.ts';

/** A pattern of a .gitignore in the words of a .dockerignore. */
export interface Translated {
  readonly pattern: string;
  /** In its file, from 1. */
  readonly line: number;
  /** Git ignores directories only: a .dockerignore cannot say that. */
  readonly directories: boolean;
}

/** What gets a meaning from the regular expression that BuildKit makes of a pattern with a wildcard, and has none for git. */
const escapeWild = (text: string) => (/[*?[\\]/.test(text) ? text.replace(/(?<!\\)[{}|^]/g, '\\$&') : text);

/** `[!a]` and `[^a]` mean the same to git; the "^" that negates is no character to escape. */
function translateText(text: string): string {
  return text
    .split(/(\[[!^]?\]?(?:\\.|[^\]\\])*\])/)
    .map((part, i) => (i % 2 === 1 ? part.replace(/^\[!/, '[^') : escapeWild(part)))
    .join('');
}

/**
 * Translates a .gitignore. Git matches a pattern without an inner "/" at any depth, a .dockerignore at the top only.
 * @param text of the file
 * @param folder where it lies, relative to the context; "" at its top
 * @returns undefined for a list of what to keep (`*` and exceptions): it says the same only to git
 */
export function translateGitignore(text: string, folder: string): readonly Translated[] | undefined {
  const found: Translated[] = [];
  const prefix = folder === '' ? '' : `${folder.replace(/[*?[\]\\]/g, '\\$&')}/`;
  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    // A blank at the end counts only behind a backslash.
    const line = raw.replace(/\r$/, '').replace(/(?<!\\)[ \t]+$/, '');
    if (line === '' || line.startsWith('#')) continue;
    const exception = line.startsWith('!');
    let rest = exception ? line.slice(1) : line;
    const directories = rest.endsWith('/');
    rest = rest.replace(/\/+$/, '').replace(/\\ $/, '[ ]');
    const anchored = rest.includes('/');
    rest = rest.replace(/^\//, '').replace(/^[#! ]/, '\\$&');
    if (rest === '') continue;
    if (/^\*{1,2}$/.test(rest)) return undefined;
    const pattern = `${prefix}${anchored || rest.startsWith('**/') ? '' : '**/'}${translateText(rest)}`;
    if (cleanPath(pattern) !== pattern) continue;
    found.push({ pattern: `${exception ? '!' : ''}${pattern}`, line: i + 1, directories });
  }
  return found;
}
