/** Worker processes: a file that kills or blocks one costs no other file its judgement. */
import { type ChildProcess, fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromWorker, Item, ToWorker } from './messages.ts';
import type { FileResult } from './result.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** Files sent ahead to a worker. */
const sentAhead = 12;
/** A worker that says nothing for so long hangs. */
const silentMs = 30_000;
/** Runs of one worker alone end by themselves long before. */
const aloneMs = 180_000;
const heapMegabytes = 400;

export interface PoolOptions {
  readonly jobs: number;
  readonly allRules: boolean;
}

/** What comes of a run: results one by one, and items that cost a worker its life. */
export interface Listener {
  result(result: FileResult): void;
  died(item: Item, of: 'crash' | 'hang', detail: string): void;
  memory(peakMegabytes: number): void;
}

function startWorker({ allRules }: PoolOptions): ChildProcess {
  return fork(join(here, 'worker.ts'), allRules ? ['--all-rules'] : [], {
    execArgv: ['--import', join(here, '../../scripts/ts.mjs'), `--max-old-space-size=${heapMegabytes}`],
    serialization: 'advanced',
  });
}

const post = (worker: ChildProcess, message: ToWorker) => worker.send(message);

/** Judges all items; resolves when each has its result or has been given up. */
export async function judgeAll(items: Iterable<Item>, options: PoolOptions, listener: Listener): Promise<void> {
  const source = items[Symbol.iterator]();
  const again: Item[] = [];
  const next = (): Item | undefined => {
    const retried = again.pop();
    if (retried !== undefined) return retried;
    const { value, done } = source.next();
    return done ? undefined : value;
  };
  const lane = async () => {
    while (await useWorker(startWorker(options), next, again, listener));
  };
  await Promise.all(Array.from({ length: options.jobs }, lane));
}

/** Feeds one worker until nothing is left (false) or it dies (true: another must go on). */
function useWorker(
  worker: ChildProcess,
  next: () => Item | undefined,
  again: Item[],
  listener: Listener,
): Promise<boolean> {
  const open = new Map<number, Item>();
  let count = 0;
  let begun = -1;
  let hangs = false;
  let ended = false;
  const feed = () => {
    while (open.size < sentAhead) {
      const item = next();
      if (item === undefined) break;
      open.set(count, item);
      post(worker, { kind: 'judge', index: count, item });
      count += 1;
    }
    if (open.size === 0 && !ended) {
      ended = true;
      post(worker, { kind: 'end' });
    }
  };
  return new Promise((resolve, reject) => {
    const kill = () => {
      hangs = true;
      worker.kill('SIGKILL');
    };
    let silence = setTimeout(kill, silentMs);
    worker.on('message', (message: FromWorker) => {
      clearTimeout(silence);
      silence = setTimeout(kill, silentMs);
      if (message.kind === 'begin') begun = message.index;
      else if (message.kind === 'memory') listener.memory(message.peakMegabytes);
      else if (message.kind === 'result') {
        open.delete(message.index);
        listener.result(message.result);
        feed();
      }
    });
    worker.on('exit', (code, signal) => {
      clearTimeout(silence);
      if (begun < 0 && open.size > 0) {
        reject(new Error(`a worker process ended with ${signal ?? code} before it judged anything`));
        return;
      }
      const fatal = open.get(begun) ?? open.values().next().value;
      if (fatal !== undefined) {
        const detail = hangs ? `no answer for ${silentMs / 1000} s` : `the process ended with ${signal ?? code}`;
        listener.died(fatal, hangs ? 'hang' : 'crash', detail);
      }
      for (const item of open.values()) if (item !== fatal) again.push(item);
      resolve(fatal !== undefined);
    });
    feed();
  });
}

async function askAlone<K extends FromWorker['kind']>(
  message: ToWorker,
  kind: K,
  options: PoolOptions,
): Promise<Extract<FromWorker, { kind: K }> | undefined> {
  const worker = startWorker(options);
  let found: Extract<FromWorker, { kind: K }> | undefined;
  const limit = setTimeout(() => worker.kill('SIGKILL'), aloneMs);
  await new Promise<void>((resolve) => {
    worker.on('message', (answer: FromWorker) => {
      if (answer.kind !== kind) return;
      found = answer as Extract<FromWorker, { kind: K }>;
      post(worker, { kind: 'end' });
    });
    worker.on('exit', () => resolve());
    post(worker, message);
  });
  clearTimeout(limit);
  return found;
}

/** CPU milliseconds of each item's costliest command, run alone in a fresh process; undefined when it died. */
export async function rerunAlone(items: readonly Item[], options: PoolOptions): Promise<readonly number[] | undefined> {
  return (await askAlone({ kind: 'rerun', items }, 'reruns', options))?.ms;
}

/** Files a second of `check` in one process, over texts in memory. */
export async function measureSpeed(items: readonly Item[], options: PoolOptions): Promise<number | undefined> {
  return (await askAlone({ kind: 'speed', items }, 'speed', options))?.filesPerSecond;
}
