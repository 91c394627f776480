import { afterAll, beforeAll, expect, test } from 'vitest';
import { contextNeeds, isKnown, takes } from '../../src/core/model/index.ts';
import { planIgnoreFile } from '../../src/core/plan/index.ts';
import { buildOf, entriesOf } from '../core/context.ts';
import { type ContextQuestion, type Oracle, spawnOracle } from './client.ts';
import { difference, generatedQuestions, operators, ourAnswer } from './context-questions.ts';

let oracle: Oracle;
beforeAll(async () => {
  oracle = await spawnOracle();
});
afterAll(() => oracle.close());

async function differences(questions: Iterable<ContextQuestion>): Promise<string[]> {
  const found = await Promise.all(
    [...questions].map(async (question) => difference(question, ourAnswer(question), await oracle.context(question))),
  );
  return found.filter((one) => one !== undefined);
}

test('20,000 generated pairs of patterns and paths, each operator among them', { timeout: 120_000 }, async () => {
  const questions = [...generatedQuestions(20_000, 1)];
  for (const [name, uses] of Object.entries(operators)) {
    expect(questions.filter(({ dockerignore }) => uses.test(dockerignore)).length, name).toBeGreaterThan(5);
  }
  expect(await differences(questions)).toEqual([]);
});

test('a link that is asked for brings along what it leads to', async () => {
  const entries = ['a/', 'a/b', 'link -> a', 'x'];
  const { sent } = await oracle.context({ dockerignore: '', entries, wanted: ['link'] });
  expect(sent).toEqual(['a', 'a/b', 'link']);
});

test.each([
  [
    'package.json',
    'node_modules/x',
    'dist/a',
    'logs/x',
    '.env',
    '.env.example',
    'a.log',
    'keep.log',
    'src/a.log',
    'src/b',
    '.git/HEAD',
    'x.jar',
  ],
  [
    'requirements.txt',
    '__pycache__/a.pyc',
    'app/__pycache__/b.pyc',
    'app/main.py',
    'venv/pyvenv.cfg',
    'dist/a',
    'logs/x',
    'x.jar',
    'src/b',
  ],
])('what is proposed costs no instruction what it names, and saves what it says: %#', async (...names) => {
  const text = `FROM node:22\nCOPY package*.json requirements.t?t dist/ ./\nRUN npm ci && pip install -r requirements.txt
COPY logs/x *.jar /x/\nRUN --mount=type=bind,source=src/b,target=/b true\nCOPY . .\n`;
  const build = buildOf(text);
  const entries = entriesOf(...names.map((name) => `${name}:5`));
  const gitignores = [{ folder: '', text: 'node_modules\n/dist\n*.log\n!keep.log\nlogs/\n*.jar\nsrc\n' }];
  const plan = planIgnoreFile({
    builds: [build],
    others: [],
    entries,
    ignoreFile: undefined,
    newFile: '.dockerignore',
    gitignores,
    secrets: [],
    tracked: undefined,
  });
  if (plan === undefined) throw new Error('nothing is proposed');
  const asked = { entries: entries.map(({ path, directory }) => `${path}${directory ? '/' : ''}`) };
  const before = await oracle.context({ dockerignore: '', ...asked });
  const after = await oracle.context({ dockerignore: plan.after, ...asked });
  const files = entries.filter(({ directory }) => !directory).map(({ path }) => path);
  const gone = files.filter((path) => before.sent.includes(path) && !after.sent.includes(path));
  expect({ files: gone.length, bytes: gone.length * 5 }).toEqual(plan.saves);
  expect(gone.length).toBeGreaterThan(2);
  const needs = contextNeeds(build).filter(({ path }) => isKnown(path) && path.value !== '.');
  for (const path of files) {
    if (needs.some((need) => isKnown(need.path) && takes(need.path.value, path))) expect(after.sent).toContain(path);
  }
});

test('a wildcard below a file is asked for in vain', async () => {
  const question = { dockerignore: '', entries: ['a', 'b'], wanted: ['a/*', 'b'] };
  const theirs = await oracle.context(question);
  expect(theirs.sent).toEqual(['b']);
  expect(difference(question, ourAnswer(question), theirs)).toBeUndefined();
});

test('the judge can tell a difference', async () => {
  const question = { dockerignore: 'a\n!a/b\n', paths: ['a', 'a/b', 'c'], entries: ['a/', 'a/b', 'c'] };
  const theirs = await oracle.context(question);
  expect(theirs).toMatchObject({ ok: true, patterns: ['a', '!a/b'], ignored: 'ynn', sent: ['a', 'a/b', 'c'] });
  const ours = ourAnswer(question);
  expect(difference(question, ours, theirs)).toBeUndefined();
  expect(difference(question, { ...ours, ignored: 'yyn' }, theirs)).toContain('"a/b"');
  expect(difference(question, { ...ours, sent: ['c'] }, theirs)).toContain('only theirs a');
  expect(difference(question, { ...ours, ok: false }, theirs)).toContain('accepts');
});
