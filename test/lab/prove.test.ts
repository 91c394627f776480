import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dockerPrints, requireEngine } from './engine.ts';
import { proved } from './proved.ts';

const example = fileURLToPath(new URL('../../examples/node', import.meta.url));
const after = join(example, 'after/Dockerfile');
let there: string[] = [];

beforeAll(async () => {
  await requireEngine();
  there = await leftBehind();
});
afterAll(async () => {
  // What the engine has is looked at last: no run may leave anything.
  expect((await leftBehind()).filter((one) => !there.includes(one))).toEqual([]);
});

/** What runs of `prove` left on this machine; one that was killed before this test may have left something, too. */
async function leftBehind(): Promise<string[]> {
  const containers = await dockerPrints('ps', '--all', '--quiet', '--filter', 'label=layerwise.prove');
  const images = await dockerPrints('image', 'ls', '--quiet', '--filter', 'reference=layerwise-prove');
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith('layerwise-prove-'));
  return [...containers.split('\n'), ...images.split('\n'), ...folders].filter((text) => text !== '');
}

test('the example upholds every claim', async () => {
  const { status, upheld, refuted, notShown, seen, out, foretold } = await proved(
    example,
    join(example, 'before/Dockerfile'),
    after,
  );
  expect([refuted, notShown], out).toEqual([[], []]);
  expect(upheld).toHaveLength(15);
  expect(status).toBe(0);
  // What replay says of the edit is what the engine does, step by step.
  const steps = foretold.flatMap((one) => one.steps);
  // The engine tells a step that two stages share of one of them.
  expect(new Set(steps.filter(({ ran }) => ran === null).map(({ text }) => text))).toEqual(
    new Set(['COPY package.json package-lock.json ./']),
  );
  const sure = steps.filter(({ is, ran }) => is !== 'open' && ran !== null);
  expect(sure.filter(({ is, ran }) => (is === 'reruns') !== ran)).toEqual([]);
  expect(new Set(steps.map(({ is }) => is))).toEqual(new Set(['cached', 'reruns', 'open']));
  expect([seen('before', 'uid'), seen('after', 'uid')]).toEqual([0, 1000]);
  expect([seen('before', 'http-status'), seen('after', 'http-status')]).toEqual([200, 200]);
  expect(seen('before', 'argv')).toMatch(/^\/bin\/sh -c/);
  expect(seen('before', 'stop-exit')).toBe(137);
  for (const of of ['before', 'after'])
    expect([seen(of, 'ports'), seen(of, 'zombies'), seen(of, 'confined')]).toEqual(['3000', 0, 'works']);
  expect([seen('before', 'libc'), seen('after', 'libc')]).toEqual(['glibc', 'glibc']);
  expect(seen('after', 'own-bytes')).toBeLessThan(0.4 * Number(seen('before', 'own-bytes')));
});
