/**
 * Compares what .dockerignore files leave out with BuildKit's own matcher and client: every ignore file below the folders with the
 * paths of its project, and generated ones. Prints how often each operator was used and the first differences.
 * usage: node --import ./scripts/ts.mjs test/oracle/context-run.ts [--generated N] [--seed N] FOLDER…
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { decode } from '../../src/core/language/text/index.ts';
import { readIgnoreFile } from '../../src/core/world/context/index.ts';
import { Dice } from '../corpus/dice.ts';
import { type ContextQuestion, spawnOracle } from './client.ts';
import { difference, generatedQuestions, operators, ourAnswer } from './context-questions.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { generated: { type: 'string', default: '250000' }, seed: { type: 'string', default: '1' } },
});
const seed = Number(values.seed);
const mostEntries = 1500;

/** All names below a folder, as a walk meets them; a directory ends in "/". */
function* namesIn(folder: string, top = folder): Generator<string> {
  const here = readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
  );
  for (const entry of here) {
    const path = join(folder, entry.name);
    yield `${relative(top, path)}${entry.isDirectory() ? '/' : ''}`;
    if (entry.isDirectory() && entry.name !== '.git') yield* namesIn(path, top);
  }
}

/** Some of the names, and the directories that they lie in. */
function sample(names: readonly string[], dice: Dice): string[] {
  if (names.length <= mostEntries) return [...names];
  const kept = new Set<string>();
  while (kept.size < mostEntries) {
    let name = dice.one(names);
    for (; name !== './'; name = `${dirname(name.replace(/\/$/, ''))}/`) kept.add(name);
  }
  return names.filter((name) => kept.has(name));
}

interface Asked {
  readonly question: ContextQuestion;
  readonly patterns: number;
}

/** The file as it is, over its context, and each of its patterns by itself. */
function realQuestions(folder: string): Asked[] {
  const asked: Asked[] = [];
  const dice = new Dice(seed);
  for (const name of namesIn(folder)) {
    if (!name.endsWith('.dockerignore')) continue;
    const file = join(folder, name);
    const entries = sample([...namesIn(dirname(file))], dice);
    const paths = entries.map((entry) => entry.replace(/\/$/, ''));
    const dockerignore = decode(readFileSync(file)).text;
    const read = readIgnoreFile(dockerignore);
    const lines = 'lines' in read ? read.lines : [];
    process.stdout.write(`${file}: ${lines.length} patterns, ${paths.length} paths\n`);
    asked.push({ question: { dockerignore, paths, entries }, patterns: 0 });
    for (const { pattern } of lines) asked.push({ question: { dockerignore: pattern, paths }, patterns: 1 });
  }
  return asked;
}

const oracle = await spawnOracle({ jobs: 2 });

async function judge(title: string, all: Iterable<Asked>): Promise<void> {
  const used = new Map<string, number>(Object.keys(operators).map((name) => [name, 0]));
  const total = { files: 0, pairs: 0, ignored: 0, errors: 0, refused: 0, walks: 0, sent: 0, differing: 0 };
  let batch: Asked[] = [];
  const flush = async () => {
    const answers = await Promise.all(batch.map(({ question }) => oracle.context(question)));
    for (const [i, { question, patterns }] of batch.entries()) {
      const theirs = answers[i] as (typeof answers)[number];
      total.files += 1;
      if (theirs.ok) total.pairs += (question.paths?.length ?? 0) * patterns;
      total.ignored += theirs.ignored.split('y').length - 1;
      total.errors += theirs.ignored.split('e').length - 1;
      if (!theirs.ok) total.refused += 1;
      if (question.entries) total.walks += 1;
      total.sent += theirs.sent.length;
      for (const [name, uses] of Object.entries(operators)) {
        if (uses.test(question.dockerignore)) used.set(name, (used.get(name) ?? 0) + 1);
      }
      const differs = difference(question, ourAnswer(question), theirs);
      if (differs === undefined) continue;
      total.differing += 1;
      if (total.differing <= 10) process.stdout.write(`  ${differs.slice(0, 500)}\n`);
    }
    batch = [];
  };
  for (const one of all) if (batch.push(one) === 200) await flush();
  await flush();
  process.stdout.write(
    `${title}: ${total.files} files (${total.refused} refused), ${total.pairs} pattern × path pairs, ${total.ignored} paths left out, ` +
      `${total.errors} errors, ${total.walks} walks that sent ${total.sent} names; ${total.differing} differ\n` +
      `${[...used].map(([name, count]) => `  ${name}: ${count} files\n`).join('')}`,
  );
  if (total.differing > 0) process.exitCode = 1;
}

await judge('real', positionals.flatMap(realQuestions));
const generated = function* (): Generator<Asked> {
  for (const question of generatedQuestions(Number(values.generated), seed)) {
    yield { question, patterns: question.dockerignore.split('\n').length };
  }
};
await judge('generated', generated());
await oracle.close();
