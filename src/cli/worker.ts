import { nodeFiles } from '../adapters/files.ts';
import { tally } from '../core/reporters/index.ts';
import { checkFiles, type Linter } from '../session/index.ts';
import { type Batch, type CrewOrder, type Done, stopOf, type Task } from './crew.ts';
import { factsFor } from './facts.ts';
import { type Piece, tellerOf } from './tell.ts';

/** Checks the files of one task, and tells of them. */
export type Worker = (task: Task) => Promise<Batch>;

/** A worker that keeps nothing from one task to the next but what the disk was seen to hold. */
export function workerOf({ cwd, manner, session, stop }: CrewOrder, linter: Linter): Worker {
  const adapters = { files: nodeFiles(cwd), facts: factsFor(cwd, session), linter };
  const options = stop === undefined ? session : { ...session, signal: stopOf(stop) };
  return async ({ files, named }) => {
    const counts = tally();
    const teller = await tellerOf(manner, counts);
    const given = new Set(named);
    const pieces: Piece[] = [];
    let done = 0;
    for await (const result of checkFiles(files, adapters, options)) {
      const file = 'failure' in result ? result.failure.file : result.report.file;
      pieces.push(...teller.tell(result, given.has(file)));
      done += 1;
    }
    return { pieces: joined(pieces, teller.reporter.between), files: done, summary: counts.summary() };
  };
}

/** Texts that go to the same place one after the other, as one: fewer are faster to hand over. */
function joined(pieces: readonly Piece[], between: string): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    if (piece.text.length === 0) continue;
    const last = all.at(-1);
    const apart = last?.to !== piece.to || last.once !== undefined || piece.once !== undefined;
    if (apart || typeof last.text !== 'string' || typeof piece.text !== 'string') all.push(piece);
    else all[all.length - 1] = { to: piece.to, text: last.text + (piece.to === 'report' ? between : '') + piece.text };
  }
  return all;
}

/** What a thread of the crew runs: task by task, until it is stopped. */
export function work(linter: Linter): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const worker = workerOf(workerData as CrewOrder, linter);
  parentPort?.on('message', async (task: Task) => {
    const done: Done = { index: task.index, ...(await worker(task)) };
    parentPort.postMessage(done);
  });
}
