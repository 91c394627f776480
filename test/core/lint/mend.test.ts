import { expect, test } from 'vitest';
import { check, fixerOf, mend } from '../../../src/core/lint/index.ts';
import { defineRule, type Finding, found, type Proposal } from '../../../src/core/rules/define.ts';
import { rules } from '../../../src/core/rules/registry.gen.ts';
import type { Claim } from '../../../src/core/vocabulary/index.ts';

/** A rule that finds `word` in RUN scripts and replaces it: what it does to a file is up to the test. */
function replacing(id: string, word: string, by: string, more: Partial<Proposal> = {}) {
  const claims: readonly Claim[] = [{ kind: 'same-build' }];
  return defineRule({
    id,
    practice: 'P5',
    catalogue: [],
    level: 'warning',
    fixClass: 'S',
    summary: 'a word',
    aliases: ['hadolint/DL0001'],
    subject: 'dockerfile',
    check({ build }) {
      const findings: Finding[] = [];
      const { text } = build.dockerfile;
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
        const span = [at, at + word.length] as const;
        findings.push({
          at: span,
          message: 'a word',
          fix: { title: 'replace', variant: 'v', edits: [{ span, text: by }], claims, ...more },
        });
      }
      return found(findings, { is: 'held', evidence: [] });
    },
  });
}

const unsafe = { unsafe: true } as const;
const fix = (text: string, ...own: ReturnType<typeof replacing>[]) =>
  fixerOf(own)({ file: 'Dockerfile', text }, unsafe);

test('a fix that makes the file unreadable is taken back, and its diagnostic says why', () => {
  const report = fix('FROM a\nRUN b\n', replacing('run-word', 'RUN', 'RAN'));
  expect(report.text).toBe('FROM a\nRUN b\n');
  expect(report.fixed?.banned).toMatchObject([{ because: expect.stringContaining('would not parse') }]);
  expect(report.diagnostics[0]?.fix).toMatchObject({ declined: expect.stringContaining('taken back') });
});

test('a fix that loses a comment is taken back', () => {
  const report = fix('FROM a\n# why\nRUN b\n', replacing('comment', '# why\n', ''));
  expect(report.text).toContain('# why');
  expect(report.fixed?.banned).toMatchObject([{ because: expect.stringContaining('# why') }]);
});

test('two fixes that undo each other end', () => {
  const report = fix('FROM a\nRUN one\n', replacing('one', 'one', 'two'), replacing('two', 'two', 'one'));
  expect(report.fixed?.applied.length).toBeLessThan(3);
  expect(report.fixed?.banned.length).toBeGreaterThan(0);
});

test('a fix that breaks another rule is taken back', () => {
  const report = fix(
    'FROM a\nRUN one\n',
    replacing('one', 'one', 'two'),
    replacing('three', 'two', 'two', { edits: [] }),
  );
  expect(report.text).toBe('FROM a\nRUN one\n');
});

test('hundreds of the same slip are mended in one run, and a judge sees each by itself', () => {
  const text = `FROM debian:12\n${Array.from({ length: 500 }, (_, i) => `ENV K${i} v${i}\n`).join('')}`;
  const own = rules.filter(({ id }) => id === 'legacy-key-value');
  const seen: [string, string][] = [];
  const mended = mend(own, { file: 'Dockerfile', text }, unsafe, ({ before, after }) => seen.push([before, after]));
  expect(mended.applied).toHaveLength(500);
  expect(seen).toHaveLength(500);
  seen.forEach(([before], i) => {
    expect(before).toBe(i === 0 ? text : seen[i - 1]?.[1]);
  });
  expect(seen.at(-1)?.[1]).toBe(mended.linted.subject.input.text);
  expect(mended.linted.subject.input.text).not.toMatch(/ENV K\d+ v/);
});

test('a repeated directive below a shebang stands in the way of no fix', () => {
  const report = fix('#!/usr/bin/env x\n# syntax=a\n# syntax=b\nFROM a\nRUN one\n', replacing('one', 'one', 'two'));
  expect(report.fixed?.applied).toHaveLength(1);
});

test('a file that is not UTF-8 is checked, not changed', () => {
  const report = fixerOf([replacing('one', 'one', 'two')])(
    { file: 'Dockerfile', text: 'FROM a\nRUN one\n', utf8: false },
    unsafe,
  );
  expect(report.fixed?.applied).toEqual([]);
  expect(report.diagnostics).toHaveLength(1);
});

test('ignore comments of three dialects silence a rule, and one that silences nothing is told', () => {
  const own = (text: string) => check({ file: 'Dockerfile', text }).diagnostics;
  for (const comment of [
    '# layerwise ignore=maintainer-instruction it is history',
    '# hadolint ignore=DL4000',
    '# check=skip=MaintainerDeprecated',
  ]) {
    const found = own(`FROM debian:12\n${comment}\nMAINTAINER a\n`).find(
      ({ rule }) => rule === 'maintainer-instruction',
    );
    expect(found?.ignored, comment).toBeDefined();
  }
  const unused = own('FROM debian:12\n# layerwise ignore=maintainer-instruction\nRUN true\n');
  expect(unused).toContainEqual(expect.objectContaining({ rule: 'ignore-without-effect', level: 'warning' }));
  expect(own('FROM debian:12\n# layerwise ignore=no-such-rule\nRUN true\n')).toContainEqual(
    expect.objectContaining({ message: 'no rule is called no-such-rule' }),
  );
});

test('an ignore comment of ours without ids is told', () => {
  for (const comment of ['# layerwise ignore', '# layerwise ignore=', '# layerwise ignore: maintainer-instruction']) {
    const { diagnostics } = check({ file: 'Dockerfile', text: `FROM debian:12\n${comment}\nRUN true\n` });
    expect(diagnostics, comment).toContainEqual(
      expect.objectContaining({ rule: 'ignore-without-effect', message: 'the comment names no rule to ignore' }),
    );
  }
});

test('a fingerprint does not depend on a secret that another rule found in the same instruction', () => {
  const of = (password: string) =>
    check({
      file: 'Dockerfile',
      text: `FROM debian:12\nRUN sudo sh -c 'echo root:${password} | chpasswd'\n`,
    }).diagnostics.map(({ fingerprint }) => fingerprint);
  expect(of('Tr0ub4dor3x')).toEqual(of('c0rrecthorse'));
});

test('a fix of another file only is applied once, seen by what asks for that file, and given back beside the text', () => {
  const create = { file: '.dockerignore', create: '.git\n' };
  const rule = defineRule({
    ...replacing('other', 'x', 'x'),
    subject: 'dockerfile',
    check({ facts }) {
      const fact = facts.ask('ignore-file', { context: '', dockerfile: 'Dockerfile' });
      if ('value' in fact && fact.value.file !== null) {
        expect(fact.value).toEqual({ file: '.dockerignore', patterns: ['.git'] });
        return { is: 'held', evidence: [] };
      }
      const claims: readonly Claim[] = [{ kind: 'observed', probe: 'builds', expect: true }];
      const fix: Proposal = { title: 'write it', variant: 'v', edits: [], others: [create], claims };
      return { is: 'violated', findings: [{ at: [0, 4], message: 'none', fix }] };
    },
  });
  const report = fixerOf([rule])({ file: 'Dockerfile', text: 'FROM a\n' }, unsafe);
  expect(report.text).toBe('FROM a\n');
  expect(report.diagnostics).toEqual([]);
  expect(report.fixed).toMatchObject({
    others: [{ file: '.dockerignore', before: null, after: '.git\n' }],
    applied: [{ rule: 'other' }],
    banned: [],
  });
});

test('two fixes that write the same file differently: the second is taken back', () => {
  const writing = (id: string, after: string) =>
    replacing(id, `RUN ${id}`, 'RUN true', { others: [{ file: 'x', before: 'old', after }] });
  const report = fix('FROM a\nRUN one\nRUN two\n', writing('one', 'new'), writing('two', 'other'));
  expect(report.text).toBe('FROM a\nRUN true\nRUN two\n');
  expect(report.fixed).toMatchObject({
    others: [{ file: 'x', before: 'old', after: 'new' }],
    banned: [{ because: 'another fix writes the same file' }],
  });
});

test('a repair may bring to light what its own line says, and what follows from it, but breaks nothing else', () => {
  const repair = (more: Partial<Proposal>) =>
    replacing('typo', 'RUNN', 'RUN', { claims: [{ kind: 'repairs', code: 'unknown-instruction' }], ...more });
  const errorAt = (id: string, word: string): ReturnType<typeof replacing> => ({
    ...replacing(id, word, word, { edits: [] }),
    level: 'error',
  });
  const text = 'FROM a\nRUNN one\nRUN other\n';
  expect(fix(text, repair({}), errorAt('own', 'RUN one')).text).toBe('FROM a\nRUN one\nRUN other\n');

  // an edit elsewhere that rides along with a repair is judged as any other
  const along = (word: string, by: string): Partial<Proposal> => ({
    edits: [
      { span: [text.indexOf('RUNN'), text.indexOf('RUNN') + 4], text: 'RUN' },
      { span: [text.indexOf(word), text.indexOf(word) + word.length], text: by },
    ],
  });
  const report = fix(text, repair(along('other', 'worse')), errorAt('elsewhere', 'worse'));
  expect(report.text).toBe(text);
  expect(report.fixed?.banned).toMatchObject([{ because: 'it would break elsewhere' }]);
});

test('who claims another repair than it makes is exempt from nothing', () => {
  const report = fix(
    'FROM a\nRUNN one\n',
    replacing('typo', 'RUNN', 'RUN', { claims: [{ kind: 'repairs', code: 'unknown-flag' }] }),
    { ...replacing('own', 'RUN one', 'RUN one', { edits: [] }), level: 'error' },
  );
  expect(report.text).toBe('FROM a\nRUNN one\n');
  expect(report.fixed?.banned).toMatchObject([{ because: 'it would break own' }]);
});

test('a FROM that can be read again brings its stage along', () => {
  const { subject, check: find, ...meta } = replacing('stage', 'RUN one', 'RUN one', { edits: [] });
  if (subject !== 'dockerfile') throw new Error('it is about the file');
  const inSecondStage = defineRule({
    ...meta,
    subject,
    level: 'error',
    check: (file) =>
      file.build.stages.length < 2 ? { is: 'not-applicable', because: 'there is one stage' } : find(file),
  });
  const typo = replacing('typo', 'FROMM', 'FROM', { claims: [{ kind: 'repairs', code: 'unknown-instruction' }] });
  const report = fix('FROM a\nFROMM b\nRUN one\n', typo, inSecondStage);
  expect(report.text).toBe('FROM a\nFROM b\nRUN one\n');
});
