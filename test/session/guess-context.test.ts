import { expect, test } from 'vitest';
import { check, fixFile } from '../../src/core/lint/index.ts';
import type { Fact, FactKey } from '../../src/core/vocabulary/index.ts';
import { guessedContext } from '../../src/session/guess-context.ts';
import { checkFiles } from '../../src/session/index.ts';

/** A disk that holds these paths, and notes what it was asked. */
function disk(...paths: readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    answer({ kind, of }: FactKey): Fact {
      if (kind !== 'context-file') return { unknown: 'not here' };
      const { context, path } = of as { readonly context: string; readonly path: string };
      const whole = context === '' ? path : `${context}/${path}`;
      asked.push(whole);
      const is = paths.some((one) => one === whole || one.startsWith(`${whole}/`)) ? 'file' : 'missing';
      return { value: { is, archive: null }, from: 'files', evidence: [] };
    },
  };
}

test.each([
  ['all of it lies beside the file', 'a/Dockerfile', 'COPY x y /\n', ['a/x', 'a/y', 'x', 'y'], undefined],
  ['it lies at the top', 'deploy/docker/Dockerfile', 'COPY src /src\n', ['src/a'], ''],
  ['it lies one above', 'app/docker/Dockerfile', 'COPY src /src\n', ['app/src/a', 'src/a'], 'app'],
  [
    'more of it lies at the top',
    'apps/api/Dockerfile',
    'COPY package.json lock apps/api /\n',
    ['apps/api/package.json', 'package.json', 'lock'],
    '',
  ],
  [
    'a bind mount',
    'after/Dockerfile',
    'RUN --mount=type=bind,source=go.mod,target=go.mod go\nCOPY . .\n',
    ['go.mod'],
    '',
  ],
  ['what the build makes before lies nowhere', 'docker/Dockerfile', 'COPY app.deb /\n', [], undefined],
  [
    'names alone tell',
    'docker/Dockerfile',
    'COPY . /\nCOPY *.json /\nCOPY --from=golang:1 /a /b\n',
    ['a', 'b.json'],
    undefined,
  ],
  ['the file is at the top', 'Dockerfile', 'COPY a /\n', ['../a'], undefined],
  ['nothing above the project is looked at', '../x/y/Dockerfile', 'COPY a /\n', ['../x/a', '../a'], undefined],
] as const)('%s', async (_, file, steps, paths, context) => {
  const facts = disk(...paths);
  expect(await guessedContext({ file, text: `FROM debian:12\n${steps}`, utf8: true }, facts)).toBe(context);
  expect(facts.asked.filter((path) => path.startsWith('..'))).toEqual([]);
});

test('a report tells the context that was found, and none that was given', async () => {
  const text = 'FROM debian:12\nCOPY src /src\n';
  const adapters = {
    files: { read: () => ({ text, utf8: true }), replace: () => undefined },
    facts: disk('src/a'),
    linter: { check, fixFile },
  };
  const context = async (options = {}) => {
    for await (const result of checkFiles(['docker/Dockerfile'], adapters, options))
      return 'report' in result ? result.report.context : result.failure;
    throw new Error('one file has one result');
  };
  expect(await context()).toBe('.');
  expect(await context({ context: 'docker' })).toBeUndefined();
});
