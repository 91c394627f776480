import { afterAll, beforeAll, expect, test } from 'vitest';
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
