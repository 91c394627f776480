/** From a rule that lies, over the corpus run and the oracle, to `npm run gen`: the label must fall. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CorpusEvidence } from './evidence.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const run = promisify(execFile);
let project = '';

/** A rule whose fix appends `suffix` to the keyword's instruction and claims the same build. */
const plantedRule = (id: string, fires: string, edit: string) => `
import { defineRule, type RuleDocs } from '../define.ts';

export default defineRule({
  id: '${id}',
  practice: 'X1',
  catalogue: [],
  level: 'warning',
  fixClass: 'S',
  summary: 'planted by a test',
  aliases: [],
  subject: 'dockerfile',
  check: ({ build }) => ({
    is: 'violated',
    findings: build.dockerfile.instructions
      .filter((one) => ${fires})
      .map((one) => ({
        at: one.keyword.span,
        message: 'planted',
        fix: { title: 'plant', variant: 'default', edits: [${edit}], claims: [{ kind: 'same-build' }] },
      })),
  }),
});

export const docs: RuleDocs = { why: 'A test.', examples: [{ bad: 'FROM a', good: 'FROM b' }], silent: [] };
`;

const liar = plantedRule(
  'planted-liar',
  "one.name === 'RUN' && !build.dockerfile.text.slice(...one.span).endsWith('true')",
  "{ span: [one.span[1], one.span[1]], text: ' || true' }",
);
const honest = plantedRule(
  'planted-honest',
  "build.dockerfile.text.startsWith('FROM  ', one.span[0])",
  "{ span: [one.keyword.span[1], one.keyword.span[1] + 1], text: '' }",
);

/** Runs one of the project's scripts in the copy; its exit code and output. */
async function script(path: string, ...args: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout } = await run(process.execPath, ['--import', './scripts/ts.mjs', path, ...args], { cwd: project });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}

const labels = () => readFileSync(join(project, 'src/core/rules/safety.gen.ts'), 'utf8');
const evidenceFile = () => join(project, 'test/evidence/corpus-planted.json');

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'layerwise-planted-'));
  const left = new Set(['node_modules', '.git', 'dist'].map((name) => join(root, name)));
  cpSync(root, project, { recursive: true, filter: (path) => !left.has(path) });
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  mkdirSync(join(project, 'src/core/rules/planted'));
  writeFileSync(join(project, 'src/core/rules/planted/planted-liar.ts'), liar);
  writeFileSync(join(project, 'src/core/rules/planted/planted-honest.ts'), honest);
  mkdirSync(join(project, 'files'));
  for (let i = 0; i < 30; i++) {
    const text = `FROM  debian:12\nRUN ["make", "${i}"]\nRUN make ${i}\n`;
    writeFileSync(join(project, `files/Dockerfile.${i}`), text);
  }
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('a wrong safe fix loses its label when the corpus is run again, a right one keeps it', async () => {
  const judged = { applied: 100, upheld: 100, refuted: 0 };
  const fixes = { 'planted-liar/default': judged, 'planted-honest/default': judged };
  const forged: CorpusEvidence = { kind: 'corpus', of: 'a lie', date: '2026-01-01', fixes };
  writeFileSync(evidenceFile(), JSON.stringify(forged));
  const first = await script('scripts/gen.ts');
  expect(first.code, first.output).toBe(0);
  expect(labels()).toContain("'planted-liar/default'");
  expect(labels()).toContain("'planted-honest/default'");

  const corpus = await script('test/corpus/main.ts', 'files', '--jobs', '1', '--record', evidenceFile());
  expect(corpus.output).toContain('refuted: ');
  expect(corpus.code, corpus.output).toBe(1);
  const recorded = JSON.parse(readFileSync(evidenceFile(), 'utf8')) as CorpusEvidence;
  expect(recorded.fixes['planted-liar/default']?.refuted).toBeGreaterThanOrEqual(30);
  expect(recorded.fixes['planted-honest/default']).toMatchObject({ refuted: 0 });

  expect((await script('scripts/gen.ts', '--check')).code, 'labels are stale').toBe(1);
  const second = await script('scripts/gen.ts');
  expect(second.code, second.output).toBe(0);
  expect(labels()).not.toContain("'planted-liar/default'");
  expect(labels()).toContain("'planted-honest/default'");
});
