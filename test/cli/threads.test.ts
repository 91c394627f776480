import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Batch, type CrewWork, stopOf } from '../../src/cli/crew.ts';
import { crewOf } from '../../src/cli/threads.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-threads-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A thread that answers each task with `body`, an expression of `task`. */
function thread(name: string, body: string): string {
  const script = join(folder, `${name}.cjs`);
  writeFileSync(
    script,
    `const { parentPort } = require('node:worker_threads');
const tell = (task) => ({ index: task.index, files: task.files.length, pieces: task.files.map((text) => ({ to: 'report', text })) });
parentPort.on('message', (task) => { ${body} });\n`,
  );
  return script;
}

const files = Array.from({ length: 500 }, (_, i) => `file ${i}`);
const work = (overrides: Partial<CrewWork> = {}): CrewWork => ({
  subjects: files,
  named: new Set(),
  session: {},
  signal: undefined,
  cwd: folder,
  jobs: 3,
  manner: {
    run: { format: 'line', fixing: 'no', quiet: false, partial: false, stdin: false },
    files: files.length,
    colour: false,
    terminal: false,
    width: undefined,
    patch: { colour: false, terminal: false, cwd: '', base: '' },
  },
  ...overrides,
});
const redo = async (_: CrewWork, task: { readonly files: readonly string[] }): Promise<Batch> => ({
  files: task.files.length,
  pieces: task.files.map((text) => ({ to: 'report', text: `again: ${text}` })),
});

async function told(script: string, given = work()): Promise<string[]> {
  const all: string[] = [];
  for await (const { pieces } of crewOf(script, redo)(given)) all.push(...pieces.map(({ text }) => String(text)));
  return all;
}

test('files come back in their order, whichever thread is first', async () => {
  const script = thread('slow', 'setTimeout(() => parentPort.postMessage(tell(task)), task.index % 3 === 0 ? 30 : 0);');
  expect(await told(script)).toEqual(files);
});

test('what a thread held that died is done in this one', async () => {
  const script = thread(
    'dying',
    "if (task.index === 2) throw new Error('out of memory'); parentPort.postMessage(tell(task));",
  );
  const all = await told(script);
  expect(all.map((text) => text.replace('again: ', ''))).toEqual(files);
  expect(all.filter((text) => text.startsWith('again: '))).toEqual(files.slice(64, 96).map((text) => `again: ${text}`));
});

test('threads that all die leave the rest to this one', async () => {
  const script = thread('dead', 'process.exit(1);');
  expect(await told(script)).toEqual(files.map((text) => `again: ${text}`));
});

test('an interrupt ends it with what was begun', async () => {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const script = thread('interrupted', 'setTimeout(() => parentPort.postMessage(tell(task)), 5);');
  const all: string[] = [];
  for await (const { pieces } of crewOf(script, redo)(work({ signal: stopOf(shared) }))) {
    all.push(...pieces.map(({ text }) => String(text)));
    Atomics.store(shared, 0, 1);
  }
  expect(all.length).toBeLessThan(files.length);
  expect(all).toEqual(files.slice(0, all.length));
});
