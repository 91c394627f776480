import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docs } from '../../src/core/rules/docs.gen.ts';
import { compareChecks, ignoredCopies, portedChecks, ruleOf, withExperiments } from './checks.ts';
import { type BaseName, type Oracle, spawnOracle } from './client.ts';

let oracle: Oracle;
let buildkit: string;
beforeAll(async () => {
  oracle = await spawnOracle();
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const list = ['list', '-m', '-f', '{{.Dir}}', 'github.com/moby/buildkit'];
  const { stdout } = await promisify(execFile)('go', list, { cwd });
  buildkit = join(stdout.trim(), 'frontend/dockerfile');
});
afterAll(() => oracle.close());

const bases: readonly BaseName[] = ['root', 'user'];

async function findings(text: string, base: BaseName = 'root') {
  return compareChecks(text, base, await oracle.lint(text, { base }));
}

/** Compares all texts on both bases; returns how often BuildKit found each check. */
async function expectAgreement(texts: readonly string[]): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (const text of texts) {
    for (const base of bases) {
      const file = withExperiments(text);
      const lint = await oracle.lint(file, { base });
      const { ours, theirs, unknown } = compareChecks(file, base, lint);
      expect([...ours].sort(), `on base ${base}:\n${text}`).toEqual([...theirs].sort());
      if (lint.ok) expect(unknown, text).toEqual([]);
      for (const finding of theirs) {
        const check = finding.split(' ')[1] ?? '';
        seen.set(check, (seen.get(check) ?? 0) + 1);
      }
    }
  }
  return seen;
}

test('the fixtures of BuildKit’s parser', async () => {
  const folder = join(buildkit, 'parser/testfiles');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name, 'Dockerfile'), 'utf8'));
  expect(texts.length).toBeGreaterThan(30);
  await expectAgreement(texts);
});

test('the Dockerfiles of BuildKit’s documentation and tests, each check among them', async () => {
  const folder = join(buildkit, 'linter/docs');
  const pages = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const examples = pages.flatMap((page) =>
    [...page.matchAll(/```dockerfile\n([\s\S]*?)```/g)].map(([, text = '']) => text),
  );
  expect(examples.length).toBeGreaterThan(40);
  const sources = readdirSync(buildkit)
    .filter((name) => name.endsWith('_test.go'))
    .map((name) => readFileSync(join(buildkit, name), 'utf8'));
  const texts = sources
    .flatMap((source) => [...source.matchAll(/`([^`]*)`/g)].map(([, text = '']) => text))
    .filter((text) => /^\s*FROM\s/im.test(text));
  expect(texts.length).toBeGreaterThan(400);
  const seen = await expectAgreement([...examples, ...texts]);
  expect([...seen.keys()].sort()).toEqual([...portedChecks].sort());
});

describe('the examples of our own rules', () => {
  test.each(portedChecks)('%s', async (check) => {
    const page = docs[ruleOf(check).id];
    const texts = [
      ...(page?.examples ?? []).flatMap(({ bad, good }) => [bad, good ?? bad]),
      ...(page?.silent ?? []).map(({ text }) => text),
    ];
    // Right on another platform than the oracle's: Windows, arm/v7.
    const elsewhere = /nanoserver|%\/v7/;
    const plain = texts.map((text) => text.replace(/[«»]/g, '')).filter((text) => !elsewhere.test(text));
    for (const text of plain) {
      for (const base of bases) {
        const { ours, theirs } = await findings(withExperiments(text), base);
        expect([...ours].sort(), text).toEqual([...theirs].sort());
      }
    }
  });
});

describe('corners', () => {
  test.each([
    [
      'a variable in each place that BuildKit expands',
      'FROM a\nENV $a=$b\nLABEL "$c"=\'$d\' e="$f"\nCOPY --chown=$g --chmod=$h $i [$j] /$k\nADD --checksum=$l http://x/$m /\nWORKDIR /$n\nUSER $o\nVOLUME $p ["$q"]\n',
    ],
    ['JSON forms', 'FROM a\nCOPY ["$a", "b\\u0024c", "/$d"]\nVOLUME ["/$e"]\n'],
    [
      'what BuildKit does not ask for',
      'FROM a\nRUN echo $a\nCMD $b\nENTRYPOINT ["$c"]\nEXPOSE 80$d\nHEALTHCHECK CMD $e\nSHELL ["$f"]\nONBUILD ENV g=$h\nCOPY --exclude=$i x /\n',
    ],
    ['mounts', 'FROM a\nRUN --mount=type=cache,target=/$a,id="$b" --mount=type=secret,id=$c,ro=true x\n'],
    ['arguments of one ARG', 'FROM a\nARG A B=$A C=$D D=$B\nENV X=$A$B$C$D$E\n'],
    ['meta arguments', 'ARG A B=1\nFROM a AS b\nARG B\nENV X=$A$B\nARG A\nENV Y=$A\nFROM b\nENV Z=$A$X$Y\n'],
    ['defaults and other operators', 'FROM a\nENV A=${a:-$b} B=${c-d} C=${e:+f} D=${g%x} E=${h//x/$i}\n'],
    ['heredocs', 'FROM a\nCOPY <<A <<"B" <<-C /x/\n$a \'$b\' \\$c\nA\n$d\nB\n\t$e\n\tC\n'],
    ['a variable twice in one instruction', 'FROM a\nENV A=$x B=$x\nENV C=$x\n'],
    ['escapes and quotes', '# escape=`\nFROM a\nENV A=`$a B=\'$b\' C="`$c" D=\\$d\n'],
    [
      'an inherited and a shadowed environment',
      'FROM a AS b\nENV A=1\nARG B=2\nFROM b AS c\nENV C=$A$B\nFROM a\nENV C=$A$B\n',
    ],
    [
      'WORKDIR through stages',
      'FROM a AS b\nWORKDIR x\nWORKDIR y\nFROM b\nWORKDIR z\nFROM scratch\nWORKDIR .\nFROM a\nENV D=q\nWORKDIR ${D}\n',
    ],
    [
      'ONBUILD within one file',
      'FROM a AS b\nONBUILD ENV A 1\nONBUILD WORKDIR rel\nONBUILD CMD x\nONBUILD EXPOSE 80/TCP 1:1\nONBUILD LABEL l=$u\nFROM b\nCMD y\nENV C=$A\n',
    ],
    ['ONBUILD of a stage that the last does not need', 'FROM a AS b\nONBUILD WORKDIR rel\nFROM b\nFROM a\n'],
    ['ports', 'FROM a\nENV P="80/TCP 1:2"\nEXPOSE $P 53/Udp 1.2.3.4:1:1 [::1]:5:5/SCTP :7 80-81:80-81\n'],
    [
      'platforms',
      'ARG P=linux/arm64\nFROM --platform=linux a AS linuxy\nFROM --platform=amd64 a AS b\nFROM --platform=$P a\nFROM --platform=linux/x86_64 a AS on-amd64\nFROM --platform=${TARGETPLATFORM} a\nFROM --platform=${TARGETPLATFORM:-x} a\nFROM --platform=$TARGETOS/$TARGETARCH a\n',
    ],
    ['an undeclared platform', 'FROM --platform=${PLAT:-linux/amd64} a$B\n'],
    [
      'stage names',
      'FROM a AS Build\nFROM a AS build\nFROM a AS SCRATCH\nFROM a as Context\nFrom a As x\nfrom a AS y\n',
    ],
    ['votes on casing', 'arg a\nfrom a\nRUN x\nonbuild RUN x\nRun y\nrun z\nrun z\n'],
    ['a tie', 'FROM a\nrun x\n'],
    [
      'comments',
      '# a\nARG a\n#b\n\nARG b c\n  # c\nARG c\n#\nARG d\n#  e x\nARG e\n# f\n#\n# stage\nFROM a AS Stage\n# x\nFROM a\n',
    ],
    [
      'the last of several',
      'FROM a\nCMD a\nENTRYPOINT ["b"]\nCMD ["c"]\nCMD d\nHEALTHCHECK NONE\nENTRYPOINT e\nHEALTHCHECK CMD x\n',
    ],
    ['continuations', 'FROM a\nRUN x \\\n\n  y \\\n# c\n\nRUN <<E \\\n\n  cat\n\nE\n'],
    [
      'skipped by comments',
      'FROM a\n# check=skip=LegacyKeyValueFormat\nENV a b\n# check=skip=all\n\n# why\nLABEL a $b\n  # check=skip=all\nENV a b\n',
    ],
    ['skipped for the file', '# check=skip=LegacyKeyValueFormat,UndefinedVar\nFROM a as b\nENV a $b\nWORKDIR x\n'],
  ])('%s', async (_, text) => {
    await expectAgreement([text]);
  });
});

describe('files that .dockerignore leaves out', () => {
  const paths = [
    ...[
      'a',
      'a/b',
      'a/b/c',
      'ab',
      'b',
      'b/a',
      '.a',
      'a.md',
      'x/a.md',
      'x/y/a.md',
      '.',
      '/',
      './',
      '/a',
      '../a',
      'a/../b',
      'a*',
      '*.md',
      'a?',
      'é/a',
    ],
    ...['[a]', 'a-b', 'a^', 'a+b', 'a.b/c', '//a', 'x/**', 'ax/b'],
  ].filter((path) => !path.includes(' '));
  test.each([
    ...[
      'a',
      '/a',
      'a/',
      './a',
      'a/b',
      '*',
      '**',
      '**/*',
      '*/*',
      '*/a',
      '**/a',
      '**/a/**',
      'a/**',
      'a**',
      '**a',
      '**a*',
      '**.md',
      'x**a',
      '**/x/**/a.md',
      '**/**',
      '***',
      'x**',
      'a/**/c',
      '*.md',
      '**/*.md',
    ],
    ...[
      'a?',
      '?',
      '[ab]',
      '[^a]',
      '[a-c]/b',
      '[',
      'a\\*',
      'a\\',
      'a/../b',
      '../a',
      '.',
      '*/..',
      'x/*',
      'x/*/a.md',
      '??',
      'é',
      '.*',
      '!a',
      '*\n!a',
    ],
    ...['a+b', 'a.b', 'a^', '[]a]', '[a-]', '[-a]', '[!a]', ' a ', 'b\na.md'],
  ])('%s', async (dockerignore) => {
    const text = `FROM a\n${paths.map((path) => `COPY ${path} /x/\n`).join('')}ADD https://x/a /\n`;
    const lint = await oracle.lint(text, { dockerignore });
    const theirs = lint.warnings.filter(({ rule }) => rule === 'CopyIgnoredFile').map(({ lines }) => lines[0]?.[0]);
    const ours = ignoredCopies(text, dockerignore);
    if (lint.ok) expect(ours, dockerignore).toEqual(theirs);
    else expect(ours, lint.error ?? '').toBeUndefined();
  });
});

test('the judge can tell a difference', async () => {
  const text = 'FROM a\nENV A=$BASE_HOME\nENV B 1\n';
  const answer = await oracle.lint(text, { base: 'root' });
  const same = compareChecks(text, 'root', answer);
  expect(same.ours).toEqual(same.theirs);
  expect([...same.theirs]).toEqual(['2 UndefinedVar BASE_HOME', '3 LegacyKeyValueFormat']);
  // The other base sets the variable: judged by the wrong facts, the sides differ.
  const wrong = compareChecks(text, 'user', answer);
  expect(wrong.ours).not.toEqual(wrong.theirs);
  const moved = compareChecks(`\n${text}`, 'root', answer);
  expect(moved.ours).not.toEqual(moved.theirs);
});
