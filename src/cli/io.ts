import { fstatSync, readSync, statSync, writeSync } from 'node:fs';
import { readUpTo } from '../adapters/files.ts';

const devNull = '/dev/null';

/** A stream that is written at once: a reader that is slow holds us up, so nothing piles up in memory. */
export interface Output {
  write(text: string | Uint8Array): void;
  /** Nobody reads any more; what is written after that is dropped. */
  readonly closed: boolean;
  readonly isTerminal: boolean;
  /** Of a terminal. */
  readonly columns: number | undefined;
}

/** Standard output or error cannot be written: a full disk, a quota. */
export class NotWritten extends Error {}

/** The outside of the process: tests bring their own. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly err: Output;
  /** All of standard input. */
  readonly stdin: () => Uint8Array;
  /** What a thread runs that shares the work; without it there is one thread. */
  readonly threadScript?: string;
}

export function processIo(): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    out: output(1),
    err: output(2),
    stdin: () => readUpTo(65536, patientRead),
  };
}

/**
 * Writes to a descriptor. `process.stdout` is not used: setting it up costs milliseconds, and it queues in memory.
 */
function output(descriptor: 1 | 2): Output {
  let closed = false;
  let terminal: boolean | undefined;
  return {
    get closed() {
      return closed;
    },
    get isTerminal() {
      terminal ??= isTerminal(descriptor);
      return terminal;
    },
    get columns() {
      if (!this.isTerminal) return undefined;
      return (descriptor === 1 ? process.stdout : process.stderr).columns;
    },
    write(text) {
      if (closed || text.length === 0) return;
      const bytes = typeof text === 'string' ? Buffer.from(text) : text;
      for (let at = 0; at < bytes.length; ) {
        try {
          at += writeSync(descriptor, bytes, at);
        } catch (error) {
          const code = codeOf(error);
          if (code === 'EAGAIN') pause();
          else if (code === 'EPIPE') {
            closed = true;
            return;
          } else throw new NotWritten(`the output cannot be written: ${code === 'ENOSPC' ? 'no space left' : code}`);
        }
      }
    },
  };
}

function isTerminal(descriptor: number): boolean {
  try {
    // Asking node:tty loads the network stack: only character devices are worth it, and not the null device.
    const stat = fstatSync(descriptor);
    if (!stat.isCharacterDevice() || stat.rdev === statSync(devNull, { throwIfNoEntry: false })?.rdev) return false;
  } catch {
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** The other end of a pipe that does not block is busy. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

function patientRead(buffer: Uint8Array, offset: number, length: number): number {
  for (;;) {
    try {
      return readSync(0, buffer, offset, length, null);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
}
