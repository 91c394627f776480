import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docs } from '../../src/core/rules/docs.gen.ts';
import { unmark } from '../core/rules/tester.ts';
import { Dice } from '../corpus/dice.ts';
import { type BaseName, type Oracle, spawnOracle } from './client.ts';
import { dispatchRules, judgeDispatch, type Verdict } from './dispatch.ts';
import { generatedFile } from './dispatch-questions.ts';

let oracle: Oracle;
beforeAll(async () => {
  oracle = await spawnOracle();
});
afterAll(() => oracle.close());

async function verdictOf(text: string, base: BaseName = 'root'): Promise<Verdict | undefined> {
  return judgeDispatch(text, base, await oracle.lint(text, { base }));
}

/** Judges all texts on both bases; returns how often each rule spoke where BuildKit refuses. */
async function expectAgreement(texts: readonly string[]): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (const base of ['root', 'user'] as const) {
    const verdicts = await Promise.all(texts.map((text) => verdictOf(text, base)));
    for (const [i, verdict] of verdicts.entries()) {
      expect(['false', 'missed'], `on base ${base}: ${verdict?.says}\n${texts[i]}`).not.toContain(verdict?.is);
      const key = (said: string) => (verdict?.is === 'both refuse' ? said : (verdict?.is ?? 'parsers'));
      for (const said of new Set(verdict?.says.map(key) ?? ['parsers'])) seen.set(said, (seen.get(said) ?? 0) + 1);
      if (verdict?.is === 'both accept') seen.set('both accept', (seen.get('both accept') ?? 0) + 1);
    }
  }
  return seen;
}

test('2,500 generated files, each rule among the refused', async () => {
  const dice = new Dice(2026);
  const seen = await expectAgreement(Array.from({ length: 2500 }, () => generatedFile(dice)));
  for (const { id } of dispatchRules.filter(({ id }) => id !== 'syntax-error'))
    expect(seen.get(id), id).toBeGreaterThan(10);
  expect(seen.get('both accept')).toBeGreaterThan(1000);
  expect(seen.get('excused') ?? 0).toBeLessThan(50);
});

test('the Dockerfiles of BuildKit’s own tests and documentation', async () => {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const list = ['list', '-m', '-f', '{{.Dir}}', 'github.com/moby/buildkit'];
  const { stdout } = await promisify(execFile)('go', list, { cwd });
  const folder = join(stdout.trim(), 'frontend/dockerfile');
  const texts = ['', 'dockerfile2llb', 'linter/docs', 'docs'].flatMap((part) =>
    readdirSync(join(folder, part), { withFileTypes: true })
      .filter((entry) => entry.isFile() && /_test\.go$|\.md$/.test(entry.name))
      .map(({ name }) => readFileSync(join(folder, part, name), 'utf8'))
      .flatMap((source) => [...source.matchAll(/```dockerfile[^\n]*\n([\s\S]*?)```|`([^`]*)`/g)])
      .map(([, page, text]) => page ?? text ?? ''),
  );
  const files = texts.filter((text) => /^\s*FROM\s/im.test(text));
  expect(files.length).toBeGreaterThan(500);
  const seen = await expectAgreement(files);
  expect(seen.get('both accept')).toBeGreaterThan(500);
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['source-not-available', 'mount-not-valid']));
});

test('a file of arguments alone', async () => {
  expect(await verdictOf('ARG V=1\n')).toMatchObject({ is: 'both refuse', says: ['syntax-error'] });
});

describe('the examples of our own rules', () => {
  test.each(dispatchRules.map(({ id }) => id).filter((id) => id !== 'syntax-error'))('%s', async (id) => {
    const page = docs[id];
    const bad = (page?.examples ?? []).map((example) => unmark(example.bad).text);
    const fine = [
      ...(page?.examples ?? []).flatMap(({ good }) => good ?? []),
      ...(page?.silent ?? []).filter(({ is }) => is !== 'unknown').map(({ text }) => unmark(text).text),
    ];
    for (const text of bad)
      expect(await verdictOf(text), text).toMatchObject({ is: 'both refuse', says: expect.arrayContaining([id]) });
    await expectAgreement(fine);
  });
});
