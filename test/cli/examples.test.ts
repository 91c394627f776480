import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { memoryIo } from './run.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const names = readdirSync(examples, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
);

interface Checked {
  diagnostics: { rule: string }[];
  checklist: { point: number; is: string }[];
}

async function checked(name: string, side: string): Promise<Checked> {
  const io = memoryIo(examples);
  await main(['check', `${name}/${side}/Dockerfile`, '--context', name, '--format', 'json'], io);
  const { out, err } = io.told();
  expect(err).toBe('');
  const [file] = (JSON.parse(out) as { files: Checked[] }).files;
  if (file === undefined) throw new Error(`nothing said of ${name}/${side}`);
  return file;
}

test('there are eight examples at least', () => {
  expect(names.length).toBeGreaterThanOrEqual(8);
});

describe.each(names)('examples/%s', (name) => {
  test('after: every point of the checklist, and nothing to mend but digests, which only a registry can give', async () => {
    const { diagnostics, checklist } = await checked(name, 'after');
    expect(new Set(diagnostics.map(({ rule }) => rule))).toEqual(new Set(['image-without-digest']));
    expect(checklist.filter(({ is }) => is !== 'met' && is !== 'not-applicable')).toEqual([]);
    expect(checklist).toHaveLength(7);
  });

  test('before: root, sources before dependencies, one stage, a shell as PID 1, no health check', async () => {
    const { diagnostics, checklist } = await checked(name, 'before');
    const rules = new Set(diagnostics.map(({ rule }) => rule));
    for (const rule of ['runs-as-root', 'source-copied-before-install', 'single-stage-build', 'health-check-missing'])
      expect(rules).toContain(rule);
    expect(rules.has('shell-form-start') || rules.has('package-manager-as-start')).toBe(true);
    expect(checklist.filter(({ is }) => is === 'not-met').length).toBeGreaterThanOrEqual(5);
  });

  test('has an ignore file, a lockfile and a page', () => {
    const lockfiles = ['package-lock.json', 'pnpm-lock.yaml', 'uv.lock', 'requirements.txt', 'go.sum'];
    for (const file of ['.dockerignore', 'README.md']) expect(existsSync(join(examples, name, file)), file).toBe(true);
    expect(lockfiles.filter((file) => existsSync(join(examples, name, file)))).toHaveLength(1);
  });
});
