/**
 * Compares what we report as refused while a build goes on with what BuildKit refuses there, over folders of Dockerfiles that its
 * parsers accept.
 * usage: node --import ./scripts/ts.mjs test/oracle/dispatch-run.ts [--every N] FOLDER…
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { check } from '../../src/core/index.ts';
import { decode } from '../../src/core/language/text/index.ts';
import { findFiles } from '../corpus/files.ts';
import { spawnOracle } from './client.ts';

/** Rules that say what BuildKit refuses only when it gets there. */
const RULES: ReadonlySet<string> = new Set(['word-not-expandable', 'volume-empty', 'invalid-default-arg-in-from']);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '1' } },
});
const oracle = await spawnOracle({ jobs: 2 });
const files = findFiles(positionals).filter((_, index) => index % Number(values.every) === 0);
const counts = { accepted: 0, both: 0, onlyOurs: 0, onlyTheirs: 0 };

async function judge(path: string): Promise<void> {
  const bytes = readFileSync(path);
  const { instructions, build } = await oracle.judge(bytes, ['instructions', 'build']);
  if (!instructions?.ok || build === undefined) return;
  counts.accepted += 1;
  const { diagnostics } = check({ file: 'Dockerfile', text: decode(bytes).text });
  const ours = diagnostics.filter(({ rule, level }) => RULES.has(rule) && level !== 'info');
  if (build.ok && ours.length === 0) return;
  const side = build.ok ? 'onlyOurs' : ours.length > 0 ? 'both' : 'onlyTheirs';
  counts[side] += 1;
  if (side === 'both') return;
  const says = build.error ?? build.stages?.find(({ error }) => error !== undefined)?.error;
  process.stdout.write(
    `${side} ${path}: ${says ?? ours.map(({ rule, message }) => `${rule} ${message}`).join('; ')}\n`,
  );
}

for (let at = 0; at < files.length; at += 500) {
  await Promise.all(files.slice(at, at + 500).map(({ path }) => judge(path)));
}
process.stdout.write(`${JSON.stringify(counts)}\n`);
await oracle.close();
