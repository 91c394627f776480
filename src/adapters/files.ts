import * as nodeFs from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { decode, encode } from '../core/language/text/index.ts';
import type { Failure, Path } from '../core/vocabulary/index.ts';
import type { Files, Reading, Replacement } from '../session/index.ts';

/** Larger files are no Dockerfiles that anybody wrote. */
export const largestFile = 16 * 1024 * 1024;

/** The part of node:fs that is used here: tests stand in for a disk that misbehaves. */
export type FileSystem = Pick<
  typeof nodeFs,
  | 'openSync'
  | 'closeSync'
  | 'fstatSync'
  | 'readSync'
  | 'writeSync'
  | 'fsyncSync'
  | 'fchmodSync'
  | 'fchownSync'
  | 'renameSync'
  | 'rmSync'
  | 'lstatSync'
  | 'realpathSync'
>;

/** Files below a root; paths outside of it are reached by `..` when a user names them. */
export function nodeFiles(root: string, fs: FileSystem = nodeFs): Files {
  return {
    read: (file) => readFile(root, file, fs),
    replace: (changes) => replaceAll(root, changes, fs),
  };
}

function readFile(root: string, file: Path, fs: FileSystem): Reading {
  const failed = (says: string, help?: string): Failure => ({
    file,
    is: 'failed',
    says,
    ...(help === undefined ? {} : { help }),
  });
  try {
    let bytes = readBytes(resolve(root, file), fs);
    if (bytes === 'changed') bytes = readBytes(resolve(root, file), fs);
    if (bytes === 'changed') return failed('keeps changing while it is read', 'run again when nothing writes to it');
    if (bytes === 'directory') return failed('is a directory', 'name the Dockerfile in it');
    if (bytes === 'special') return failed('is not a regular file', 'use - to read from standard input');
    return textOf(file, bytes);
  } catch (error) {
    return failed(...reasonOf(error));
  }
}

/** The text of a file's bytes, unless they cannot be a Dockerfile. */
export function textOf(file: Path, bytes: Uint8Array): Reading {
  const failed = (says: string, help: string): Failure => ({ file, is: 'failed', says, help });
  if (bytes.length > largestFile)
    return failed('is larger than 16 MB', 'a Dockerfile is text: check that the path is right');
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return failed('is UTF-16, which BuildKit does not read', 'save it as UTF-8');
  }
  if (bytes.subarray(0, 8192).includes(0))
    return failed('is a binary file', 'a Dockerfile is text: check that the path is right');
  return decode(bytes);
}

function readBytes(path: string, fs: FileSystem): Uint8Array | 'changed' | 'directory' | 'special' {
  const descriptor = fs.openSync(path, 'r');
  try {
    const before = fs.fstatSync(descriptor);
    if (before.isDirectory()) return 'directory';
    if (!before.isFile() && !before.isFIFO()) return 'special';
    const expected = before.isFile() ? before.size : 65536;
    const bytes = readUpTo(expected, (buffer, offset, length) => fs.readSync(descriptor, buffer, offset, length, null));
    const after = fs.fstatSync(descriptor);
    const same = before.isFIFO() || (after.size === before.size && after.mtimeMs === before.mtimeMs);
    return same ? bytes : 'changed';
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Reads into the buffer from `offset` on, at most `length` bytes; 0 at the end. */
type Read = (buffer: Uint8Array, offset: number, length: number) => number;

/** All bytes that `read` gives, but at most one more than `largestFile`. */
export function readUpTo(expected: number, read: Read): Uint8Array {
  let buffer = Buffer.allocUnsafe(Math.min(expected, largestFile) + 1);
  let length = 0;
  for (;;) {
    const count = read(buffer, length, buffer.length - length);
    length += count;
    if (count === 0 || length > largestFile) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(buffer.length * 2, largestFile + 1));
  }
}

const reasons: Readonly<Record<string, readonly [says: string, help?: string]>> = {
  ENOENT: ['does not exist', 'check the path'],
  ENOTDIR: ['does not exist', 'check the path'],
  EACCES: ['cannot be read: permission denied', 'give your user permission to read it'],
  EPERM: ['cannot be read: permission denied', 'give your user permission to read it'],
  ELOOP: ['is a symbolic link that leads to itself'],
  EISDIR: ['is a directory', 'name the Dockerfile in it'],
};

/** Whether there is a directory at a path that can be reached. */
export function isDirectory(path: string): boolean {
  try {
    return nodeFs.statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** What a system error means for the user. */
export function reasonOf(error: unknown): readonly [says: string, help?: string] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) throw error;
  return reasons[code] ?? [`cannot be read: ${code}`];
}

interface Prepared {
  readonly change: Replacement;
  /** What is replaced: where a symbolic link leads. */
  readonly target: string;
  readonly temporary: string;
  readonly old: Uint8Array | undefined;
}

/**
 * Writes all texts beside their files, checks that no file changed since it was read, then renames all. When a rename
 * fails, the files renamed before it get their old bytes back.
 */
function replaceAll(root: string, changes: readonly Replacement[], fs: FileSystem): Failure | undefined {
  const prepared: Prepared[] = [];
  const done: Prepared[] = [];
  let current = '';
  try {
    for (const change of changes) {
      current = change.file;
      const target = targetOf(root, change.file, fs);
      if (typeof target !== 'string') return target;
      const old = change.was === null ? undefined : readBytes(target, fs);
      if (typeof old === 'string' || !isAsRead(change, target, old, fs)) return changedSince(change);
      prepared.push({ change, target, old, temporary: writeBeside(target, encode(change.text), change.mode, fs) });
    }
    for (const { change, target } of prepared) {
      current = change.file;
      const now = change.was === null ? undefined : readBytes(target, fs);
      if (typeof now === 'string' || !isAsRead(change, target, now, fs)) return changedSince(change);
    }
    for (const item of prepared) {
      current = item.change.file;
      fs.renameSync(item.temporary, item.target);
      done.push(item);
    }
    return undefined;
  } catch (error) {
    for (const { target, old } of done) {
      if (old) fs.renameSync(writeBeside(target, old, undefined, fs), target);
      else fs.rmSync(target, { force: true });
    }
    const [says] = reasonOf(error);
    return { file: current, is: 'failed', says: says.replace('read', 'written'), help: 'nothing was written' };
  } finally {
    for (const { temporary } of prepared) fs.rmSync(temporary, { force: true });
  }
}

function isAsRead(change: Replacement, target: string, bytes: Uint8Array | undefined, fs: FileSystem): boolean {
  if (change.was !== null) return bytes !== undefined && Buffer.compare(bytes, encode(change.was)) === 0;
  return fs.lstatSync(target, { throwIfNoEntry: false }) === undefined;
}

function changedSince({ file, was }: Replacement): Failure {
  const says = was === null ? 'exists already' : 'changed since it was read';
  return { file, is: 'failed', says, help: 'nothing was written; run again' };
}

/** Where to write: a symbolic link is written through, but only to a file of the project. */
function targetOf(root: string, file: Path, fs: FileSystem): string | Failure {
  const path = resolve(root, file);
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isSymbolicLink()) return path;
  const target = fs.realpathSync(path);
  if (isInside(fs.realpathSync(root), target)) return target;
  return {
    file,
    is: 'failed',
    says: `is a symbolic link to ${target}, outside of ${root}`,
    help: 'nothing was written; fix that file where it is',
  };
}

/** True when `path` is `folder` or lies below it; both absolute and without links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}

let serial = 0;

/** A new file in the same directory, with the mode and where possible the owner of the file that it will replace. */
function writeBeside(target: string, bytes: Uint8Array, mode: number | undefined, fs: FileSystem): string {
  const old = fs.lstatSync(target, { throwIfNoEntry: false });
  serial += 1;
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}-${serial}.tmp`);
  const descriptor = fs.openSync(temporary, 'wx', 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(descriptor, bytes, at);
    if (old) keepOwner(descriptor, old, fs);
    fs.fchmodSync(descriptor, old ? old.mode & 0o7777 : (mode ?? 0o644));
    fs.fsyncSync(descriptor);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
  return temporary;
}

function keepOwner(descriptor: number, old: nodeFs.Stats, fs: FileSystem): void {
  const own = fs.fstatSync(descriptor);
  if (own.uid === old.uid && own.gid === old.gid) return;
  try {
    fs.fchownSync(descriptor, old.uid, old.gid);
  } catch {
    // Only root may give a file away; the content is what matters.
  }
}
