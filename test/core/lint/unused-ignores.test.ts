import { expect, test } from 'vitest';
import { check, fixFile, unusedIgnoreId } from '../../../src/core/lint/index.ts';
import { unusedIgnoreDocs } from '../../../src/core/lint/unused-ignore-page.ts';
import { unmark } from '../rules/tester.ts';

const text =
  'FROM debian:12-slim\n# layerwise ignore=apt-lists-left-behind the cache is mounted by hand\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n';
const unused = (settings?: Record<string, 'off'>) =>
  check(
    { file: 'Dockerfile', text },
    settings === undefined ? {} : { settings: { rules: settings } },
  ).diagnostics.filter(({ rule }) => rule === 'ignore-without-effect');

test('the comment of a rule that is off is not called useless, and stays', () => {
  expect(unused({ 'apt-lists-left-behind': 'off' })).toEqual([]);
  const { text: fixed } = fixFile(
    { file: 'Dockerfile', text },
    { settings: { rules: { 'apt-lists-left-behind': 'off' } } },
  );
  expect(fixed).toContain('the cache is mounted by hand');
});

test('the comment of a rule that lacks a fact stays, too', () => {
  const copied = 'FROM node:22\n# layerwise ignore=ignore-file-missing it is made in CI\nCOPY . /app\n';
  const { text: fixed, skipped } = fixFile({ file: 'Dockerfile', text: copied });
  expect(skipped).toContain('ignore-file-missing');
  expect(fixed).toContain('it is made in CI');
});

test('the comment of a rule that was asked and had nothing to say is told, by a name that others do not change', () => {
  const clean = (more: string) => `FROM debian:12-slim\n${more}# layerwise ignore=sudo-used no more\nRUN true\n`;
  const found = (source: string) =>
    check({ file: 'Dockerfile', text: source }).diagnostics.find(
      ({ rule, at }) =>
        rule === 'ignore-without-effect' && 'file' in at && source.slice(...(at.span ?? [0, 0])) === 'sudo-used',
    );
  expect(found(clean(''))).toBeDefined();
  expect(found(clean('# layerwise ignore=world-writable x\nRUN true\n'))?.fingerprint).toBe(
    found(clean(''))?.fingerprint,
  );
});

test('an instruction that a fix writes otherwise keeps its ignore comments', () => {
  const added = 'FROM debian:12-slim\n# layerwise ignore=world-writable,add-from-nowhere it is wanted\nADD . /a\n';
  const { text: fixed, fixed: changes } = fixFile(
    { file: 'Dockerfile', text: added },
    { only: ['add-for-local-files'] },
  );
  expect(changes?.banned).toEqual([]);
  expect(fixed).toBe(added.replace('ADD', 'COPY'));
});

test('in a file that does not parse no comment is taken out', () => {
  const broken = `${text.replace('apt-lists-left-behind', 'sudo-used')}NONSENSE x\n`;
  const { text: fixed, fixed: changes } = fixFile({ file: 'Dockerfile', text: broken });
  expect(changes?.banned).toEqual([]);
  expect(fixed).toBe(broken);
});

test.each(unusedIgnoreDocs.examples)('its page shows what it does: $bad', ({ bad, good, declined }) => {
  const { text: marked, spans } = unmark(bad);
  const found = check({ file: 'Dockerfile', text: marked }).diagnostics.filter(({ rule }) => rule === unusedIgnoreId);
  expect(found.map(({ at }) => 'file' in at && at.span)).toEqual(spans);
  if (good === undefined) expect(found[0]?.fix).toEqual({ declined });
  else {
    expect(fixFile({ file: 'Dockerfile', text: marked }, { unsafe: true, only: [unusedIgnoreId] }).text).toBe(good);
  }
});

test.each(unusedIgnoreDocs.silent)('its page shows where it is silent: $title', ({ text: silent }) => {
  const found = check({ file: 'Dockerfile', text: silent }).diagnostics;
  expect(found.filter(({ rule }) => rule === unusedIgnoreId)).toEqual([]);
});

test('what another tool may still see in a comment that is for it is not denied', () => {
  const pinned = `# hadolint ignore=DL3007\nFROM debian:latest@sha256:${'0'.repeat(64)}\n`;
  const told = check({ file: 'Dockerfile', text: pinned }).diagnostics.filter(
    ({ rule }) => rule === 'ignore-without-effect',
  );
  expect(told.map(({ message, help }) => [message, help])).toEqual([
    [
      'nothing here breaks DL3007 as layerwise sees it',
      'remove the comment where hadolint is not used, or says nothing without it',
    ],
  ]);
});
