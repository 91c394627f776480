/** What every rule is held to, so that its author writes examples and nothing else. */

import { expect } from 'vitest';
import { parse } from '../../../src/core/language/syntax/index.ts';
import { checkerOf, fixerOf, lint, subjectOf } from '../../../src/core/lint/index.ts';
import { buildModel, type DiskEntry } from '../../../src/core/model/index.ts';
import { planIgnoreFile } from '../../../src/core/plan/index.ts';
import type { Rule, RuleDocs, RuleExample, SilentExample } from '../../../src/core/rules/define.ts';
import type { Diagnostic, Fact, FileReport, Json, Outcome, Span } from '../../../src/core/vocabulary/index.ts';
import { readIgnoreFile } from '../../../src/core/world/context/index.ts';
import {
  archiveFormat,
  CONTEXT_HEAD,
  type ContextFile,
  type IgnorePlan,
  keyText,
} from '../../../src/core/world/facts/index.ts';

type Files = Readonly<Record<string, string | null>>;
/** What there is besides the text: nothing, where no file is named. */
type World = Pick<RuleExample, 'files' | 'plan'>;

/** Text without its « » marks, and the spans they enclosed. */
export function unmark(marked: string): { text: string; spans: Span[] } {
  const spans: Span[] = [];
  const open: number[] = [];
  let text = '';
  for (const char of marked) {
    if (char === '«') open.push(text.length);
    else if (char === '»') spans.push([open.pop() ?? 0, text.length]);
    else text += char;
  }
  return { text, spans: spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]) };
}

const known = (value: Json): Fact => ({ value, from: 'files', evidence: [] });

/** Everything in an example's context, as a walk finds it. */
function entriesOf(files: Files): readonly DiskEntry[] {
  const found = new Map<string, DiskEntry>();
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      found.set(folder, { path: folder, directory: true, bytes: 0 });
    }
    if (!found.has(path)) found.set(path, { path, directory: content === null, bytes: content?.length ?? 0 });
  }
  return [...found.values()].sort((a, b) => (a.path.replaceAll('/', '\0') < b.path.replaceAll('/', '\0') ? -1 : 1));
}

function planFor(text: string, files: Files): IgnorePlan {
  const file = ['Dockerfile.dockerignore', '.dockerignore'].find((path) => typeof files[path] === 'string');
  const proposal = planIgnoreFile({
    builds: [buildModel(parse(text), { file: 'Dockerfile' })],
    others: [],
    entries: entriesOf(files),
    ignoreFile: file === undefined ? undefined : { file, text: files[file] ?? '' },
    newFile: '.dockerignore',
    gitignores: typeof files['.gitignore'] === 'string' ? [{ folder: '', text: files['.gitignore'] }] : [],
    secrets: [],
    tracked: undefined,
  });
  return proposal === undefined ? { is: 'nothing' } : { is: 'change', proposal };
}

/** Answers fact keys from an example's files, as the session would from a disk. */
function answer(kind: string, of: Readonly<Record<string, string>>, files: Files, plan: IgnorePlan): Fact {
  if (kind === 'ignore-plan') return known(plan as unknown as Json);
  if (kind === 'context-root') return known({ files: Object.keys(files).filter((path) => !path.includes('/')) });
  if (kind === 'ignore-file') {
    const name = [`${of.dockerfile}.dockerignore`, '.dockerignore'].find((path) => files[path] !== undefined);
    const read = readIgnoreFile(name === undefined ? '' : (files[name] ?? ''));
    if ('refused' in read) return { unknown: `BuildKit refuses ${name}: ${read.refused}` };
    return known({ file: name ?? null, patterns: read.lines.map(({ pattern }) => pattern) });
  }
  const path = of.path ?? '';
  const content = files[path];
  const folder = Object.keys(files).some((name) => name.startsWith(`${path}/`));
  const is: ContextFile['is'] =
    content === null || folder || path === '.' ? 'directory' : content === undefined ? 'missing' : 'file';
  if (kind === 'context-head') return known({ text: content?.slice(0, CONTEXT_HEAD) ?? null });
  if (kind === 'context-text') return known({ text: content ?? null });
  const head = Uint8Array.from(content ?? '', (char) => char.charCodeAt(0));
  return known({ is, archive: is === 'file' ? archiveFormat(head) : null });
}

/** Answers for everything that the rules ask of `text`, in as many rounds as the session makes. */
export function answersFor(rules: readonly Rule[], text: string, { files, plan }: World): Map<string, Fact> {
  const answers = new Map<string, Fact>();
  if (files === undefined) return answers;
  for (let round = 0; round < 4; round++) {
    const { wanted } = lint(rules, subjectOf({ file: 'Dockerfile', text }), { facts: answers });
    if (wanted.length === 0) break;
    const planned = plan === undefined ? planFor(text, files) : ({ is: plan } as const);
    for (const key of wanted)
      answers.set(keyText(key), answer(key.kind, key.of as Record<string, string>, files, planned));
  }
  return answers;
}

export interface Run {
  readonly report: FileReport;
  readonly outcome: Outcome | undefined;
  readonly own: readonly Diagnostic[];
}

export function run(rule: Rule, text: string, world: World = {}): Run {
  const facts = answersFor([rule], text, world);
  const linted = lint([rule], subjectOf({ file: 'Dockerfile', text }), { facts, settings: on(rule) });
  const report = checkerOf([rule])({ file: 'Dockerfile', text }, { facts, settings: on(rule) });
  return {
    report,
    outcome: linted.outcomes[0],
    own: report.diagnostics.filter((diagnostic) => diagnostic.rule === rule.id),
  };
}

/** A rule that is off by default is tested as if it were on. */
function on(rule: Rule) {
  return { rules: { [rule.id]: rule.level } };
}

function fixed(rule: Rule, text: string, world: World): FileReport {
  // facts that only the fixed text asks for are answered too
  const facts = answersFor([rule], text, world);
  const once = fixerOf([rule])({ file: 'Dockerfile', text }, { facts, unsafe: true, settings: on(rule) });
  for (const [key, value] of answersFor([rule], once.text, world)) facts.set(key, value);
  return fixerOf([rule])({ file: 'Dockerfile', text }, { facts, unsafe: true, settings: on(rule) });
}

function spanOf(diagnostic: Diagnostic): Span {
  return 'file' in diagnostic.at ? (diagnostic.at.span ?? [0, 0]) : [0, 0];
}

export function expectExample(rule: Rule, example: RuleExample): void {
  const { text, spans } = unmark(example.bad);
  const { own, outcome, report } = run(rule, text, example);
  expect(outcome?.is, `${rule.id} must fire on:\n${text}`).toBe('violated');
  if (spans.length > 0)
    expect(own.map((diagnostic) => text.slice(...spanOf(diagnostic)))).toEqual(
      spans.map((span) => text.slice(...span)),
    );
  if (spans.length > 0) expect(own.map(spanOf)).toEqual(spans);
  expect(JSON.parse(JSON.stringify(own))).toEqual(own);
  for (const { message } of own) {
    expect(message, 'messages are lower case').toMatch(/^[^A-Z]|^[A-Z]{2,}|^[A-Z][a-z]*[A-Z]/);
    expect(message, 'messages have no full stop').not.toMatch(/\.$/);
  }
  if (example.good === undefined) expectDeclined(rule, example, own);
  else expectFixed(rule, example, example.good, own);
  expectSameInOtherForms(rule, text, report, example);
}

function expectDeclined(rule: Rule, example: RuleExample, own: readonly Diagnostic[]): void {
  expect(example.declined, `${rule.id}: an example without good says why the fix is declined`).toBeDefined();
  for (const { fix } of own) expect(fix).toMatchObject({ declined: expect.stringContaining(example.declined ?? '') });
}

function expectFixed(rule: Rule, example: RuleExample, good: string, own: readonly Diagnostic[]): void {
  const { text } = unmark(example.bad);
  for (const { fix } of own) {
    expect(fix, `${rule.id}: a fix for\n${text}`).toHaveProperty('variant');
    if (fix !== undefined && 'variant' in fix) {
      expect(fix.claims.length, 'a fix makes claims').toBeGreaterThan(0);
      if (own.length === 1) expect(fix.variant).toBe(example.variant ?? 'default');
    }
  }
  const after = fixed(rule, text, example);
  const others = Object.fromEntries((after.fixed?.others ?? []).map((other) => [other.file, other.after]));
  expect(others).toEqual(example.others ?? {});
  const left: World = { ...example, ...(example.files && { files: { ...example.files, ...others } }) };
  expect(after.fixed?.banned).toEqual([]);
  expect(after.text).toBe(good);
  expect(after.diagnostics.filter((diagnostic) => diagnostic.rule === rule.id)).toEqual([]);
  const again = fixed(rule, good, left);
  expect(again.text, 'fixing twice equals once').toBe(good);
  expect(again.fixed?.others, 'the others too').toBeUndefined();
  expect(subjectOf({ file: 'Dockerfile', text: good }).build.dockerfile.errors, 'the fixed text parses').toEqual([]);
}

/** CRLF, a byte order mark and a missing final newline change nothing. */
function expectSameInOtherForms(rule: Rule, text: string, report: FileReport, example: RuleExample): void {
  const heredoc = text.includes('<<');
  const forms: ((plain: string) => string)[] = [(plain) => `\ufeff${plain}`, (plain) => plain.replace(/\n$/, '')];
  if (!heredoc) forms.push((plain) => plain.replaceAll('\n', '\r\n'));
  for (const form of forms) {
    const { own } = run(rule, form(text), example);
    expect(own.map(({ message }) => message)).toEqual(report.diagnostics.map(({ message }) => message));
    if (example.good === undefined) continue;
    const after = fixed(rule, form(text), example).text;
    expect(after.replace(/\r?\n$/, '')).toBe(form(example.good).replace(/\r?\n$/, ''));
  }
}

export function expectSilent(rule: Rule, example: SilentExample): void {
  const { text } = unmark(example.text);
  const { outcome, own } = run(rule, text, example);
  expect(own, `${rule.id} must be silent: ${example.title}`).toEqual([]);
  expect(outcome?.is).toBe(example.is);
}

/** A rule that can never hold, or never fire, says nothing: each must be shown to do both. */
export function expectBothWays(rule: Rule, docs: RuleDocs): void {
  const held = [
    ...docs.examples.flatMap(({ good, files, others }) =>
      good === undefined ? [] : [run(rule, good, files && { files: { ...files, ...others } }).outcome?.is],
    ),
    ...docs.silent.flatMap(({ is }) => [is]),
  ];
  expect(docs.examples.length, `${rule.id} has an example`).toBeGreaterThan(0);
  expect(held, `${rule.id} holds on some example`).toContain('held');
}
