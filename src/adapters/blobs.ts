import type { ChildProcess } from 'node:child_process';
import { decode } from '../core/language/text/index.ts';
import type { Blob } from '../session/index.ts';
import { startGit } from './git-process.ts';

/** No Dockerfile, ignore file or link is longer: such a content is passed over without being kept. */
const mostBytes = 4 << 20;

/** So many contents are remembered. */
const mostKnown = 500;

/** Contents by their id, from one process that is started when the first is asked for. */
export function blobs(folder: string): { blob(id: string): Promise<Blob>; close(): void } {
  const pending: ((blob: Blob) => void)[] = [];
  let child: ChildProcess | undefined;
  let gone: string | undefined;
  const fail = (failed: string) => {
    gone = failed;
    for (const done of pending.splice(0)) done({ failed });
  };
  const start = () => {
    child = startGit(folder, ['cat-file', '--batch'], ['pipe', 'pipe', 'ignore']);
    child.on('error', () => fail('git cannot be started'));
    child.on('close', () => fail('git cannot read it'));
    child.stdin?.on('error', () => fail('git cannot read it'));
    const take = reader((blob) => pending.shift()?.(blob));
    child.stdout?.on('data', take);
    return child;
  };
  const known = new Map<string, Promise<Blob>>();
  const ask = (id: string) =>
    new Promise<Blob>((done) => {
      if (gone !== undefined) return done({ failed: gone });
      const { stdin } = child ?? start();
      pending.push(done);
      // What is asked for in one turn goes in one write: each wakes git.
      if (stdin?.writableCorked === 0) {
        stdin.cork();
        process.nextTick(() => stdin.uncork());
      }
      stdin?.write(`${id}\n`);
    });
  return {
    blob: (id) => {
      const blob = known.get(id) ?? ask(id);
      if (known.size >= mostKnown) known.clear();
      known.set(id, blob);
      return blob;
    },
    close: () => {
      child?.kill();
    },
  };
}

/** Reads what `git cat-file --batch` prints: `ID blob SIZE`, the content, a newline; or `ID missing`. */
function reader(found: (blob: Blob) => void): (chunk: Buffer) => void {
  let header = '';
  let content: Buffer[] = [];
  /** Bytes that are still to come, the newline among them; undefined: a header is. */
  let left: number | undefined;
  let long = false;
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (left === undefined) {
        const end = chunk.indexOf(0x0a, at);
        header += chunk.toString('latin1', at, end < 0 ? chunk.length : end);
        if (end < 0) return;
        at = end + 1;
        const size = /^\S+ (\S+) (\d+)$/.exec(header);
        header = '';
        if (size === null) {
          found({ failed: 'git does not have it' });
          continue;
        }
        left = Number(size[2]) + 1;
        long = size[1] !== 'blob' || left > mostBytes;
        content = [];
      }
      const part = chunk.subarray(at, at + left);
      at += part.length;
      left -= part.length;
      if (!long) content.push(part);
      if (left > 0) continue;
      left = undefined;
      found(long ? { failed: 'it is too long' } : { text: decode(Buffer.concat(content).subarray(0, -1)).text });
    }
  };
}
