import type { Amount } from '../vocabulary/index.ts';
import {
  type ContextEntry,
  type Fate,
  followLinks,
  type IgnorePatterns,
  ignorePatterns,
  parseIgnoreFile,
  walkContext,
} from '../world/context/index.ts';

/** A name in the build context as it lies on the disk. */
export interface DiskEntry extends ContextEntry {
  /** Of a regular file; 0 for others. */
  readonly bytes: number;
  /** Of a symbolic link: where it leads, as it is written. */
  readonly link?: string;
  /** Neither a file nor a directory nor a link. */
  readonly special?: true;
  /** Its name is not UTF-8, and stands here as well as it can; no build gets past it. */
  readonly misnamed?: true;
}

export const nothing: Amount = { files: 0, bytes: 0 };

export function amount(files: readonly DiskEntry[]): Amount {
  return files.reduce((sum, { bytes }) => ({ files: sum.files + 1, bytes: sum.bytes + bytes }), nothing);
}

/** What becomes of every entry, as far as it can be told: what makes a build fail is set aside. */
export interface Sending {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly patterns: IgnorePatterns;
  readonly failure?: string;
}

/**
 * What a build sends of the entries under the patterns of an ignore file.
 * @param wanted paths that instructions ask for; undefined: the whole context
 */
export function sending(entries: readonly DiskEntry[], wanted: readonly string[] | undefined, text: string): Sending {
  const parsed = parseIgnoreFile(text);
  if ('refused' in parsed) {
    return { ...sending(entries, wanted, ''), failure: `line ${parsed.line} of the ignore file: ${parsed.refused}` };
  }
  if (wanted?.length === 0) {
    return { fates: new Map(entries.map(({ path }) => [path, { is: 'not-wanted' }])), patterns: parsed };
  }
  const links = new Map(entries.flatMap(({ path, link }) => (link === undefined ? [] : [[path, link] as const])));
  const followed = wanted && followLinks(links, wanted);
  const include = followed && ignorePatterns(followed);
  if (include && 'refused' in include) {
    return { ...sending(entries, undefined, text), failure: `a source that is copied: ${include.refused}` };
  }
  let patterns = parsed;
  let list: readonly ContextEntry[] = entries;
  let failure: string | undefined;
  for (;;) {
    const walk = walkContext(list, {
      ...(patterns.patterns.length > 0 && { exclude: patterns }),
      ...(include && { include }),
    });
    if ('fates' in walk) return { fates: walk.fates, patterns: parsed, ...(failure !== undefined && { failure }) };
    if (walk.failed === 'directory') {
      failure ??= `${walk.path} cannot be read`;
      list = list.map(({ path, directory }) => ({ path, directory }));
    } else {
      failure ??= `line ${walk.pattern.line} of the ignore file, ${walk.pattern.text}: ${walk.because}`;
      patterns = { ...patterns, patterns: patterns.patterns.filter((one) => one !== walk.pattern) };
    }
  }
}

/** Names that lie in each directory; the context itself is "". */
export function namesByDirectory(entries: readonly DiskEntry[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path } of entries) {
    const slash = path.lastIndexOf('/');
    const above = slash < 0 ? '' : path.slice(0, slash);
    const names = found.get(above);
    if (names) names.push(path.slice(slash + 1));
    else found.set(above, [path.slice(slash + 1)]);
  }
  return found;
}
