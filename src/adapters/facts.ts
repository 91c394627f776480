import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { decode } from '../core/language/text/index.ts';
import type { Fact, FactKey, Json, Path, Unknown } from '../core/vocabulary/index.ts';
import { readIgnoreFile } from '../core/world/context/index.ts';
import {
  archiveFormat,
  CONTEXT_HEAD,
  type ContextFile,
  type ContextHead,
  type ContextRoot,
  type ContextText,
  type FactKinds,
  type IgnoreFile,
  MAX_CONTEXT_TEXT,
} from '../core/world/facts/index.ts';
import { secretFile } from '../core/world/secrets/index.ts';
import type { FactSource } from '../session/index.ts';
import { isInside } from './files.ts';

/** Bytes that `archiveFormat` looks at. */
const archiveHead = 262;

/** What was seen of folders, for the files after the first in each. Files come folder by folder, so few are kept. */
type Seen = Map<string, Fact>;
const mostSeen = 16;

/**
 * Answers from the disk, confined to the build context: what leads out of it is unknown. A folder is listed once for all
 * Dockerfiles in it.
 */
export function diskFacts(root: string): FactSource {
  const seen: Seen = new Map();
  return {
    answer(key: FactKey): Fact {
      try {
        return answer(root, key, seen);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
        if (code === undefined) throw error;
        return { unknown: `cannot be read: ${code}` };
      }
    },
  };
}

/** For a text that lies nowhere: there is no context to look into. */
export const noFacts: FactSource = {
  answer: () => ({ unknown: 'standard input has no build context', flag: '--stdin-filename' }),
};

function answer(root: string, { kind, of }: FactKey, seen: Seen): Fact {
  switch (kind) {
    case 'context-file':
      return contextFile(root, of as FactKinds['context-file']['of']);
    case 'context-text':
      return contextText(root, of as FactKinds['context-text']['of']);
    case 'context-head':
      return contextText(root, of as FactKinds['context-head']['of'], CONTEXT_HEAD);
    case 'context-root':
      return contextRoot(root, of as FactKinds['context-root']['of'], seen);
    case 'ignore-file':
      return ignoreFile(root, of as FactKinds['ignore-file']['of']);
    case 'ignore-plan':
      return { value: { is: 'not-asked' }, from: 'files', evidence: [] };
    default:
      return { unknown: `nothing here answers ${kind}` };
  }
}

function known(
  value: ContextFile | ContextHead | ContextRoot | ContextText | IgnoreFile,
  file: Path,
  says: string,
): Fact {
  return { value: value as unknown as Json, from: 'files', evidence: [{ at: { file }, says }] };
}

/** Where a path of the context really is; undefined when it does not exist. */
function locate(root: string, context: Path, path: Path): string | undefined | Unknown {
  const folder = resolve(root, context);
  const absolute = resolve(folder, path);
  if (!isInside(folder, absolute)) return { unknown: `${path} lies outside of the build context` };
  let real: string;
  try {
    real = realpathSync.native(absolute);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTDIR') return undefined;
    if (code !== 'ENOENT') throw error;
    if (lstatSync(absolute, { throwIfNoEntry: false }))
      return { unknown: `${path} is a symbolic link that leads nowhere` };
    // Missing here, but a link on the way may lead out of the context.
    const above = absolute === folder ? undefined : locate(root, context, relative(folder, dirname(absolute)));
    return typeof above === 'string' ? undefined : above;
  }
  return isInside(realpathSync.native(folder), real)
    ? real
    : { unknown: `${path} is a symbolic link out of the build context` };
}

function contextFile(root: string, { context, path }: FactKinds['context-file']['of']): Fact {
  if (!lstatSync(resolve(root, context), { throwIfNoEntry: false }))
    return { unknown: 'the build context does not exist', flag: '--context' };
  const where = locate(root, context, path);
  const file = toPath(root, resolve(root, context, path));
  if (where === undefined) return known({ is: 'missing', archive: null }, file, 'does not exist');
  if (typeof where !== 'string') return where;
  const stat = lstatSync(where);
  if (stat.isDirectory()) return known({ is: 'directory', archive: null }, file, 'is a directory');
  if (!stat.isFile()) return { unknown: `${path} is not a regular file` };
  const archive = archiveFormat(head(where, archiveHead));
  return known(
    { is: 'file', archive },
    file,
    archive === null ? 'is no archive, by its first bytes' : `is a ${archive} archive, by its first bytes`,
  );
}

/**
 * Never the text of a file that holds secrets by its name: nor that of a link with another name to it.
 * @param length of what is wanted, in bytes; by default the whole file, which then must not be too long
 */
function contextText(root: string, { context, path }: FactKinds['context-text']['of'], length?: number): Fact {
  if (!lstatSync(resolve(root, context), { throwIfNoEntry: false }))
    return { unknown: 'the build context does not exist', flag: '--context' };
  const where = locate(root, context, path);
  const file = toPath(root, resolve(root, context, path));
  if (where === undefined) return known({ text: null }, file, 'does not exist');
  if (typeof where !== 'string') return where;
  const stat = lstatSync(where);
  if (stat.isDirectory()) return known({ text: null }, file, 'is a directory');
  if (!stat.isFile()) return { unknown: `${path} is not a regular file` };
  const secret = secretFile(path) ?? secretFile(toPath(root, where));
  if (secret !== undefined) return { unknown: `${path} is not read: by its name it holds ${secret.holds}` };
  // A program that was compiled is no secret to anybody: it just has no text.
  const start = head(where, length ?? archiveHead);
  if (start.includes(0)) return known({ text: null }, file, 'is no text');
  // The cut may go through a character.
  if (length !== undefined) return known({ text: decode(start).text }, file, 'begins so');
  if (stat.size > MAX_CONTEXT_TEXT) return { unknown: `${path} is longer than ${MAX_CONTEXT_TEXT / 1024} KiB` };
  const { text, utf8 } = decode(readFileSync(where));
  if (!utf8) return { unknown: `${path} is not valid UTF-8` };
  return known({ text }, file, 'is read');
}

function head(path: string, length: number): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}

function contextRoot(root: string, { context }: FactKinds['context-root']['of'], seen: Seen): Fact {
  const folder = resolve(root, context);
  const earlier = seen.get(folder);
  if (earlier !== undefined) return earlier;
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const fact = known({ files: files.sort() }, toPath(root, folder), `holds ${files.length} files`);
  if (seen.size >= mostSeen) seen.clear();
  seen.set(folder, fact);
  return fact;
}

/** BuildKit takes the file beside the Dockerfile before the context's own. Source: dockerui, `DockerIgnore`. */
function ignoreFile(root: string, { context, dockerfile }: FactKinds['ignore-file']['of']): Fact {
  const candidates = [`${resolve(root, dockerfile)}.dockerignore`, join(resolve(root, context), '.dockerignore')];
  for (const path of candidates) {
    if (!lstatSync(path, { throwIfNoEntry: false })) continue;
    const real = realpathSync.native(path);
    const home = path === candidates[0] ? dirname(path) : resolve(root, context);
    const file = toPath(root, path);
    if (!isInside(realpathSync.native(home), real))
      return { unknown: `${file} is a symbolic link out of the build context` };
    if (!lstatSync(real).isFile()) continue;
    const read = readIgnoreFile(decode(readFileSync(real)).text);
    if ('refused' in read) return { unknown: `BuildKit refuses ${file}: line ${read.line}: ${read.refused}` };
    const patterns = read.lines.map(({ pattern }) => pattern);
    return known({ file, patterns }, file, `holds ${patterns.length} patterns`);
  }
  const file = toPath(root, candidates[1] as string);
  return known({ file: null, patterns: [] }, file, 'does not exist');
}

function toPath(root: string, absolute: string): Path {
  const path = relative(root, absolute).split(sep).join('/');
  return path === '' ? '.' : path;
}
