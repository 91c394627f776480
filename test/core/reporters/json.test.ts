import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { json, tally } from '../../../src/core/reporters/index.ts';
import { schema } from '../../../src/core/reporters/schema.ts';
import type { Failure, FileReport } from '../../../src/core/vocabulary/index.ts';
import { checklist, diagnostic, fix, report } from './reports.ts';

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
const validate = ajv.compile(schema);

function document(reports: readonly (FileReport | Failure)[]): string {
  const reporter = json('1.2.3');
  const counts = tally();
  const chunks = reports.map((one) => {
    if ('is' in one) {
      counts.fail(one);
      return reporter.failure(one);
    }
    counts.add(one);
    return reporter.file(one);
  });
  return `${reporter.begin}${chunks.join(reporter.between)}${reporter.end(counts.summary())}`;
}

function parsed(reports: readonly (FileReport | Failure)[]) {
  const value = JSON.parse(document(reports));
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  return value;
}

const edited = {
  ...fix('safe', 'use COPY'),
  files: [
    { file: 'Dockerfile', was: 'hash', edits: [{ span: [7, 10] as const, text: 'COPY' }] },
    { file: '.dockerignore', create: '.git\n' },
  ],
};
const full = report(
  'FROM a\nADD b c\n',
  [
    diagnostic([7, 10], { code: 'SC1', help: 'h', fix: edited, suggestions: [edited] }),
    diagnostic([0, 4], {
      level: 'info',
      fix: { declined: 'why' },
      ignored: { by: { file: 'Dockerfile', span: [0, 1] }, reason: 'known' },
      related: [{ at: { file: '.dockerignore' }, label: 'l' }],
    }),
    diagnostic(undefined, { level: 'error', at: { image: 'debian', layer: 2, path: '/x' } }),
  ],
  {
    checklist: checklist([{ point: 3, is: 'not-met', diagnostics: 1, fixable: 1 }]),
    skipped: ['other-rule'],
    missing: [{ unknown: 'no context', flag: '--context' }],
    fixed: {
      before: 'x',
      applied: [{ rule: 'r', title: 't', variant: 'v', safety: 'safe', line: 1 }],
      banned: [{ rule: 'r', title: 't', because: 'b' }],
    },
  },
);

test('the document meets the published schema', () => {
  const value = parsed([
    full,
    { file: 'missing', is: 'failed', says: 'does not exist', help: 'check the path' },
    report('', []),
  ]);
  expect(value.schemaVersion).toBe(1);
  expect(value.tool).toEqual({ name: 'layerwise', version: '1.2.3' });
  expect(value.files).toHaveLength(3);
  expect(value.files[0].diagnostics[0].at).toEqual({
    file: 'Dockerfile',
    span: [7, 10],
    start: { line: 2, column: 1 },
    end: { line: 2, column: 4 },
  });
  expect(value.files[0].diagnostics[0].fix.files[0].edits).toEqual([{ span: [7, 10], text: 'COPY' }]);
  expect(value.files[1].error).toEqual({ is: 'failed', says: 'does not exist', help: 'check the path' });
  expect(value.summary).toMatchObject({
    files: 2,
    levels: { error: 1, warning: 1, info: 0 },
    ignored: 1,
    fixable: { safe: 1, unsafe: 0 },
    notChecked: { failed: 1, skipped: 0, bug: 0 },
  });
});

test('the schema refuses what is not as it says', () => {
  const value = parsed([full]);
  for (const spoil of [
    () => delete value.summary.files,
    () => (value.schemaVersion = 2),
    () => (value.files[0].diagnostics[0].level = 'fatal'),
    () => (value.files[0].diagnostics[0].at.span = [1]),
  ]) {
    const kept = structuredClone(value);
    spoil();
    expect(validate(value)).toBe(false);
    Object.assign(value, kept);
    expect(validate(value)).toBe(true);
  }
});

test('a run without files is a document too', () => {
  expect(parsed([]).files).toEqual([]);
});

test('each file is a line of its own', () => {
  const lines = document([report('a', []), report('b', [])])
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(4);
  expect(JSON.parse((lines[1] as string).replace(/,$/, '')).file).toBe('Dockerfile');
});

test('secrets are masked everywhere', () => {
  const secret = 'hunter2hunter2';
  const place = { file: 'Dockerfile', span: [10, 24] as const };
  const moved = {
    ...fix('unsafe', `move ${secret}`),
    files: [{ file: 'Dockerfile', was: '', edits: [{ span: place.span, text: `x${secret}` }] }],
  };
  const found = diagnostic(place.span, {
    secrets: [place],
    message: `${secret} leaks`,
    help: secret,
    fix: moved,
    suggestions: [moved],
  });
  const gone = {
    before: 'ENV OLD=otherother',
    secrets: [{ file: 'Dockerfile', span: [8, 18] as const }],
    applied: [],
    banned: [],
  };
  const text = document([
    report(`ENV TOKEN=${secret}\n`, [found, diagnostic([0, 1], { message: 'otherother' })], { fixed: gone }),
  ]);
  expect(text).not.toContain(secret);
  expect(text).not.toContain('otherother');
  expect(JSON.parse(text).files[0].diagnostics[0].secrets[0].span).toEqual([10, 24]);
});

test('nothing in it steers a terminal', () => {
  const message = 'a\u001b[31m\u009b\u202e\u200b\u2028\udcff\u{e0041}b';
  const text = document([report('x', [diagnostic([0, 1], { message })])]);
  expect(text).toMatch(/^[\x0a\x20-\x7e]*$/);
  expect(JSON.parse(text).files[0].diagnostics[0].message).toBe(message);
});
