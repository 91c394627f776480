import { spawn } from 'node:child_process';

export interface Ended {
  /** -1 when it was ended by a signal. */
  readonly exit: number;
  readonly out: string;
  /** The end of it, when it is long. */
  readonly err: string;
  readonly seconds: number;
}

export interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Ends the program when it is aborted; without it the program always runs to its end. */
  readonly signal?: AbortSignal;
  /** In seconds. */
  readonly timeout?: number;
  /** Gets standard error line by line, and then `err` is empty. */
  readonly onLine?: (line: string) => void;
  /** Reads standard output as it comes, and then `out` is empty. What it throws ends the program. */
  readonly read?: (out: AsyncIterable<Buffer>) => Promise<void>;
}

/** Standard error of a program that talks a lot. */
const longestKept = 64 * 1024;
/** Milliseconds from the polite signal to the other one. */
const grace = 5000;

/** The engine stopped working, or cannot do what any engine must: that is no fault of an image. */
export class EngineFailed extends Error {}

/** The program could not be started: it is not there, or not executable. */
export class NotStarted extends EngineFailed {}

/**
 * Runs a program to its end, without a shell; that it fails is a value. It has a process group of its own, so that Ctrl-C
 * reaches us alone, and what cleans up is not interrupted too.
 * @throws NotStarted
 */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: options.env as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      shell: false,
    });
    let out = '';
    let err = '';
    let partial = '';
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.stdin.end(options.input);
    const reading = options.read?.(child.stdout).catch((error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    });
    reading?.catch(() => undefined); // told when the program has ended
    if (reading === undefined)
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        out += chunk;
      });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (options.onLine === undefined) {
        err = (err + chunk).slice(-longestKept);
        return;
      }
      const lines = `${partial}${chunk}`.split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) options.onLine(line);
    });
    const timers: NodeJS.Timeout[] = [];
    const end = () => {
      child.kill('SIGINT');
      timers.push(setTimeout(() => child.kill('SIGKILL'), grace));
    };
    options.signal?.addEventListener('abort', end);
    if (options.timeout !== undefined) timers.push(setTimeout(end, options.timeout * 1000));
    if (options.signal?.aborted) end();
    const done = () => {
      for (const timer of timers) clearTimeout(timer);
      options.signal?.removeEventListener('abort', end);
    };
    child.on('error', (error) => {
      done();
      reject(new NotStarted(error.message));
    });
    child.on('close', (code) => {
      done();
      if (partial !== '') options.onLine?.(partial);
      const ended = { exit: code ?? -1, out, err, seconds: (performance.now() - begun) / 1000 };
      Promise.resolve(reading).then(() => resolve(ended), reject);
    });
  });
}
