/**
 * Judges `context` and `context --write` on projects: what it foretells of a context against what the engine gets, and what instructions
 * copy before and after; beside it the oracle on what a client sends. Of each project a copy is changed, never the project.
 * usage: node --import ./scripts/ts.mjs test/lab/context-run.ts [--plant] [--whole] [--base IMAGE=IMAGE] FOLDER[:DOCKERFILE]…
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { spawnOracle } from '../oracle/client.ts';
import { contextWrite, judgeContext, plant, type Sent } from './context.ts';
import { requireEngine } from './engine.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** What developers have lying about: packages, caches, settings. */
    plant: { type: 'boolean', default: false },
    /** Build the Dockerfile itself, before and after. */
    whole: { type: 'boolean', default: false },
    base: { type: 'string', multiple: true, default: [] },
  },
});
await requireEngine();
const oracle = await spawnOracle();
const bases = Object.fromEntries(values.base.map((one) => one.split('=') as [string, string]));

/** Whether the oracle sends the same files. */
async function agrees({ question, files }: Sent): Promise<boolean> {
  const { sent } = await oracle.context(question);
  const isFile = new Set(
    question.entries.filter((entry) => !entry.endsWith('/')).map((entry) => entry.split(' -> ')[0]),
  );
  return JSON.stringify(sent.filter((path: string) => isFile.has(path)).sort()) === JSON.stringify([...files].sort());
}

const bytes = (count: number) => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
let wrong = 0;
process.stdout.write(
  '| project | sent before: files, bytes | after | on the wire before, after | not copied any more | builds |\n|---|---|---|---|---|---|\n',
);
for (const each of positionals) {
  const [folder = '', dockerfile = 'Dockerfile'] = each.split(':');
  const scratch = mkdtempSync(join(tmpdir(), 'lab-context-run-'));
  try {
    cpSync(folder, scratch, { recursive: true, verbatimSymlinks: true });
    if (values.plant) plant(scratch);
    const { before, after, saves, gone, changed, built } = await judgeContext(
      scratch,
      dockerfile,
      contextWrite(dockerfile),
      {
        whole: values.whole,
        bases,
      },
    );
    const saved = before.survey.sent.bytes - after.survey.sent.bytes;
    const faults = [
      ...(before.foretold === before.transferred ? [] : [`before: ${before.transferred} on the wire`]),
      ...(after.foretold === after.transferred ? [] : [`after: ${after.transferred} on the wire`]),
      ...(JSON.stringify(gone.foretold) === JSON.stringify(gone.found) ? [] : ['other files are gone']),
      ...(changed.length === 0 ? [] : [`changed: ${changed.slice(0, 3).join(', ')}`]),
      ...((await agrees(before)) && (await agrees(after)) ? [] : ['the oracle sends others']),
      ...(saves?.bytes === saved || after.survey.failure ? [] : [`said to save ${saves?.bytes}, saves ${saved}`]),
      ...(built[0]?.ok === built[1]?.ok
        ? []
        : [`builds before: ${built[0]?.ok}, after: ${built[1]?.ok}: ${built[1]?.error}`]),
    ];
    if (faults.length > 0) wrong += 1;
    const sent = ({ survey }: Sent) => `${survey.sent.files}, ${bytes(survey.sent.bytes)}`;
    const builds = built.map(({ ok, error }) => (ok ? 'yes' : `no: ${error?.split('\n')[0]?.slice(0, 60)}`)).join(', ');
    process.stdout.write(
      `| ${basename(folder)} ${dockerfile} | ${sent(before)} | ${sent(after)} | ${bytes(before.foretold)}, ${bytes(after.foretold)} | ${gone.found.length} | ${builds} |${faults.length > 0 ? ` WRONG: ${faults.join('; ')}` : ''}\n`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
await oracle.close();
process.stdout.write(`${positionals.length} judged, ${wrong} wrong\n`);
process.exitCode = wrong === 0 ? 0 : 1;
