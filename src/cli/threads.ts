import { Worker } from 'node:worker_threads';
import type { Batch, Crew, CrewOrder, CrewWork, Done, Task } from './crew.ts';

/** Files that a thread gets at once. */
const batchFiles = 32;
/** Batches that are told before an earlier one is written, for each thread: what comes early waits in memory. */
const ahead = 4;

/** Megabytes. A thread keeps nothing of a file that it has told: what it collects is worth little, and is thrown away early. */
const limits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1024 };

/**
 * A crew of threads that each run the bundle anew.
 * @param script what a thread runs
 * @param redo tells a batch in this thread: that of a thread that died
 */
export function crewOf(script: string, redo: (work: CrewWork, task: Task) => Promise<Batch>): Crew {
  return (work) => share(script, work, (task) => redo(work, task));
}

/** The tasks of a run, in order. */
function tasksOf({ subjects, named }: CrewWork): Task[] {
  const files = subjects.map((subject) => (typeof subject === 'string' ? subject : subject.file));
  const tasks: Task[] = [];
  for (let at = 0; at < files.length; at += batchFiles) {
    const some = files.slice(at, at + batchFiles);
    tasks.push({ index: tasks.length, files: some, named: some.filter((file) => named.has(file)) });
  }
  return tasks;
}

async function* share(
  script: string,
  work: CrewWork,
  redo: (task: Task) => Promise<Batch>,
): AsyncGenerator<Batch, void, undefined> {
  const tasks = tasksOf(work);
  const { cwd, manner, session, signal } = work;
  const order: CrewOrder = { cwd, manner, session, stop: signal?.shared };
  const finished = new Map<number, Batch>();
  const lost: Task[] = [];
  const idle = new Set<Worker>();
  const busy = new Map<Worker, Task>();
  let next = 0;
  let written = 0;
  let wake = () => {};

  const assign = () => {
    for (const worker of idle) {
      const task = tasks[next];
      if (task === undefined || next > written + ahead * work.jobs || signal?.aborted) return;
      next += 1;
      idle.delete(worker);
      busy.set(worker, task);
      worker.postMessage(task);
    }
  };
  const leave = (worker: Worker) => {
    const task = busy.get(worker);
    if (task !== undefined) lost.push(task);
    busy.delete(worker);
    idle.delete(worker);
    workers.delete(worker);
    wake();
  };
  const workers = new Set(
    Array.from({ length: Math.min(work.jobs, tasks.length) }, () => {
      const worker = new Worker(script, { workerData: order, resourceLimits: limits });
      idle.add(worker);
      worker.on('message', ({ index, ...batch }: Done) => {
        finished.set(index, batch);
        busy.delete(worker);
        idle.add(worker);
        assign();
        wake();
      });
      worker.on('error', () => leave(worker));
      worker.on('exit', () => leave(worker));
      return worker;
    }),
  );
  try {
    assign();
    while (written < tasks.length) {
      const batch = finished.get(written);
      if (batch !== undefined) {
        finished.delete(written);
        written += 1;
        yield batch;
        assign();
        continue;
      }
      const dead = lost.findIndex(({ index }) => index === written);
      if (dead >= 0) {
        const [task] = lost.splice(dead, 1);
        if (task !== undefined) finished.set(task.index, await redo(task));
      } else if (workers.size === 0) {
        const task = tasks[written];
        if (task !== undefined) finished.set(task.index, await redo(task));
        next = Math.max(next, written + 1);
      } else if (signal?.aborted && busy.size === 0) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    for (const worker of workers) worker.removeAllListeners().terminate();
  }
}
