import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patchOf } from '../../../src/core/reporters/diff.ts';
import { report } from './reports.ts';

function patch(before: string, after: string, file = 'Dockerfile') {
  return patchOf(report(after, [], { file, fixed: { before, applied: [], banned: [] } }));
}

test('a unified diff with the names that git writes', () => {
  expect(patch('FROM a\nADD b c\n', 'FROM a\nCOPY b c\n').text).toBe(`--- a/Dockerfile
+++ b/Dockerfile
@@ -1,2 +1,2 @@
 FROM a
-ADD b c
+COPY b c
`);
});

test('nothing changed, nothing to say', () => {
  expect(patch('FROM a\n', 'FROM a\n').text).toBe('');
  expect(patchOf(report('FROM a\n', [])).text).toBe('');
});

describe('tools apply it', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'layerwise-diff-'));
    execFileSync('git', ['init', '-q', folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const long = Array.from({ length: 60 }, (_, i) => `RUN step ${i}\n`).join('');
  const cases: readonly [name: string, before: string, after: string, file?: string][] = [
    ['a plain change', 'FROM a\nADD b c\n', 'FROM a\nCOPY b c\n'],
    ['two hunks', long, long.replace('step 5\n', 'other\n').replace('step 50\n', '')],
    ['CRLF', 'FROM a\r\nADD b c\r\nRUN x\r\n', 'FROM a\r\nCOPY b c\r\nRUN x\r\n'],
    ['no final newline before and after', 'FROM a\nADD b c', 'FROM a\nCOPY b c'],
    ['a final newline added', 'FROM a\nADD b c', 'FROM a\nADD b c\n'],
    ['a final newline removed', 'FROM a\nADD b c\n', 'FROM a\nADD b c'],
    ['no final newline, changed elsewhere', 'ADD b c\nRUN x', 'COPY b c\nRUN x'],
    ['lines added at both ends', 'FROM a\n', '# syntax=docker/dockerfile:1\nFROM a\nUSER 1\n'],
    ['everything new', '', 'FROM a\n'],
    ['a name with a space', 'FROM a\n', 'FROM b\n', 'my app/Dockerfile'],
    ['a name with a quote', 'FROM a\n', 'FROM b\n', 'my"app/Dockerfile'],
    ['a name with letters beyond ASCII', 'FROM a\n', 'FROM b\n', 'größe/Dockerfile'],
    ['lines that look like a header', 'FROM a\n-- x\n', 'FROM a\n++ y\n'],
  ];

  for (const [name, before, after, file = 'Dockerfile'] of cases) {
    for (const [tool, args] of [
      ['git', ['apply']],
      ['patch', ['-p1', '--quiet', '--binary']],
    ] as const) {
      test(`${name}: ${tool}`, () => {
        const path = join(folder, file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, before);
        execFileSync(tool, args, { cwd: folder, input: patch(before, after, file).text });
        expect(readFileSync(path, 'utf8')).toBe(after);
      });
    }
  }
});

test('a change of a secret is left out, and masked where it is only looked at', () => {
  const before = 'ENV TOKEN=hunter2hunter2\nADD a b\n';
  const after = 'ARG TOKEN=hunter2hunter2\nCOPY a b\n';
  const secrets = [{ file: 'Dockerfile', span: [10, 24] as const }];
  const found = patchOf(report(after, [], { fixed: { before, applied: [], banned: [], secrets } }));
  expect(found).toMatchObject({ text: '', leftOut: 1 });
  expect(found.masked).not.toContain('hunter2');
  expect(found.masked).toContain('-ENV TOKEN=**************\n');
});

test('a secret far from the change masks nothing', () => {
  const tail = Array.from({ length: 20 }, (_, i) => `RUN ${i}\n`).join('');
  const before = `ADD a b\n${tail}ENV TOKEN=hunter2hunter2\n`;
  const start = before.indexOf('hunter2');
  const secrets = [{ file: 'Dockerfile', span: [start, start + 14] as const }];
  const found = patchOf(
    report(before.replace('ADD', 'COPY'), [], { fixed: { before, applied: [], banned: [], secrets } }),
  );
  expect(found).toMatchObject({ leftOut: 0 });
  expect(found.masked).toBeUndefined();
});

describe('what surrounds a change is cut short before a secret', () => {
  const secret = 'hunter2hunter2';
  const of = (before: string, after: string) => {
    const secrets = [...before.matchAll(/hunter2hunter2/g)].map(({ index }) => ({
      file: 'Dockerfile',
      span: [index, index + secret.length] as const,
    }));
    return patchOf(report(after, [], { fixed: { before, applied: [], banned: [], secrets } }));
  };
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'layerwise-secret-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['before it', `FROM a\nENV T=${secret}\nADD a b\nRUN b\nRUN c\nRUN d\nRUN e\n`],
    ['behind it, a line further', `FROM a\nADD a b\nRUN b\nENV T=${secret}\nRUN c\nRUN d\n`],
    ['between two', `FROM a\nADD a b\nRUN b\nENV T=${secret}\nADD c d\nRUN d\nRUN e\nRUN f\nRUN g\n`],
    ['before the last line', `FROM a\nENV T=${secret}\nADD a b`],
  ])('%s', (_, before) => {
    const after = before.replaceAll('ADD ', 'RUN true\nCOPY ');
    const found = of(before, after);
    expect(found.leftOut).toBe(0);
    expect(found.text).not.toContain(secret);
    for (const [tool, args] of [
      ['git', ['apply']],
      ['patch', ['-p1', '--quiet']],
    ] as const) {
      writeFileSync(join(folder, 'Dockerfile'), before);
      execFileSync(tool, args, { cwd: folder, input: found.text });
      expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(after);
    }
  });

  test('right behind it: the change is left out, the others apply', () => {
    const before = `FROM a\nADD a b\nENV T=${secret}\nRUN b\nRUN c\nADD c d\nRUN d\n`;
    const found = of(before, before.replaceAll('ADD ', 'RUN true\nCOPY '));
    expect(found.leftOut).toBe(1);
    writeFileSync(join(folder, 'Dockerfile'), before);
    execFileSync('git', ['apply'], { cwd: folder, input: found.text });
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(before.replace('ADD c', 'RUN true\nCOPY c'));
  });
});
