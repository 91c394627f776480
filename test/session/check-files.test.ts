import { describe, expect, test } from 'vitest';
import type { Fact, FactKey } from '../../src/core/vocabulary/index.ts';
import {
  type Adapters,
  checkFiles,
  type FileResult,
  type Replacement,
  type SessionOptions,
} from '../../src/session/index.ts';
import { fakeLinter } from './fake-linter.ts';

interface World {
  readonly files: Record<string, string>;
  readonly asked: FactKey[];
  readonly adapters: Adapters;
}

function world(
  files: Record<string, string>,
  answer: (key: FactKey) => Fact = () => ({ unknown: 'nobody knows', flag: '--context' }),
): World {
  const asked: FactKey[] = [];
  return {
    files,
    asked,
    adapters: {
      linter: fakeLinter,
      facts: {
        answer(key) {
          asked.push(key);
          return Promise.resolve(answer(key));
        },
      },
      files: {
        read: (file) => {
          const text = files[file];
          return text === undefined ? { file, is: 'failed', says: 'does not exist' } : { text, utf8: true };
        },
        replace(changes: readonly Replacement[]) {
          const changed = changes.find(({ file, was }) => files[file] !== was);
          if (changed) return { file: changed.file, is: 'failed', says: 'changed since it was read' };
          for (const { file, text } of changes) files[file] = text;
          return undefined;
        },
      },
    },
  };
}

async function run(
  { files, adapters }: World,
  options?: SessionOptions,
  subjects: Iterable<string> = Object.keys(files),
) {
  const results: FileResult[] = [];
  for await (const result of checkFiles(subjects, adapters, options)) results.push(result);
  return results;
}

const reports = (results: readonly FileResult[]) =>
  results.map((result) => ('report' in result ? result.report : undefined));
const failures = (results: readonly FileResult[]) =>
  results.map((result) => ('failure' in result ? result.failure : undefined));

describe('checking', () => {
  test('a report for each file, in order, and nothing written', async () => {
    const here = world({ a: 'ADD x y\n', b: 'FROM a:latest\n' });
    const [a, b] = reports(await run(here));
    expect(a?.diagnostics.map(({ rule }) => rule)).toEqual(['add']);
    expect(b?.diagnostics.map(({ rule }) => rule)).toEqual(['latest']);
    expect(here.files).toEqual({ a: 'ADD x y\n', b: 'FROM a:latest\n' });
  });

  test('a bad file costs no other its report', async () => {
    const here = world({ a: 'ADD x y\n', b: '# crash\n', c: 'FROM {{ base }}\n', d: 'ADD x y\n' });
    const results = await run(here, {}, ['a', 'missing', 'b', 'c', 'd']);
    expect(failures(results).map((failure) => failure?.is)).toEqual([undefined, 'failed', 'bug', 'skipped', undefined]);
    expect(failures(results)[2]?.says).toMatch(/^internal error: Error: boom\n/);
    expect(failures(results)[3]?.says).toBe('is a template: {{ stands where a Dockerfile cannot have it');
  });

  test('a text that lies nowhere', async () => {
    const results: FileResult[] = [];
    for await (const result of checkFiles([{ file: 'new', text: 'ADD x y', utf8: true }], world({}).adapters))
      results.push(result);
    expect(reports(results)[0]?.file).toBe('new');
  });

  test('files are read one by one, as they are asked for', async () => {
    const here = world({ a: 'ADD x y\n', b: '', c: '' });
    const read: string[] = [];
    const adapters: Adapters = {
      ...here.adapters,
      files: {
        ...here.adapters.files,
        read(file) {
          read.push(file);
          return here.adapters.files.read(file);
        },
      },
    };
    for await (const _ of checkFiles(['a', 'b', 'c'], adapters)) if (read.length === 2) break;
    expect(read).toEqual(['a', 'b']);
  });

  test('an aborted run stops between files', async () => {
    const here = world({ a: 'ADD x y\n', b: 'ADD x y\n' });
    const signal = { aborted: false };
    const results: FileResult[] = [];
    for await (const result of checkFiles(['a', 'b'], here.adapters, { fixing: 'written', signal })) {
      results.push(result);
      signal.aborted = true;
    }
    expect(results).toHaveLength(1);
    expect(here.files).toEqual({ a: 'COPY x y\n', b: 'ADD x y\n' });
  });
});

describe('facts', () => {
  const known: Fact = { value: { is: 'file', archive: null }, from: 'files', evidence: [] };

  test('what the rules want is answered, and they are asked again', async () => {
    const here = world({ 'app/Dockerfile': '# wants x.tar\n' }, () => known);
    const [report] = reports(await run(here));
    expect(here.asked).toEqual([{ kind: 'context-file', of: { context: 'app', path: 'x.tar' } }]);
    expect(report).toMatchObject({ wanted: [], skipped: [] });
    expect(report?.missing).toBeUndefined();
  });

  test('what cannot be had is said', async () => {
    const [report] = reports(await run(world({ a: '# wants x\n' })));
    expect(report?.missing).toEqual([{ unknown: 'nobody knows', flag: '--context' }]);
    expect(report?.skipped).toEqual(['add']);
  });

  test('at most four rounds', async () => {
    const here = world({ a: '# wants x\n# wants-more\n' }, () => known);
    const [report] = reports(await run(here));
    expect(here.asked).toHaveLength(5);
    expect(report?.wanted).toHaveLength(1);
  });

  test('what the source knows at once costs no round', async () => {
    const here = world({ a: '# wants x\n# wants-more\n' }, () => known);
    let runs = 0;
    const adapters: Adapters = {
      ...here.adapters,
      facts: { answer: () => known },
      linter: {
        ...fakeLinter,
        check(input, options) {
          runs += 1;
          return fakeLinter.check(input, options);
        },
      },
    };
    const [report] = reports(await run({ ...here, adapters }));
    expect(runs).toBe(1);
    expect(report).toMatchObject({ wanted: [], skipped: [] });
  });

  test('the context can be given', async () => {
    const here = world({ 'app/Dockerfile': '# wants x\n' }, () => known);
    await run(here, { context: 'other' });
    expect(here.asked[0]?.of).toEqual({ context: 'other', path: 'x' });
  });
});

describe('fixing', () => {
  test('writes what was fixed, and reports on the new text', async () => {
    const here = world({ a: 'FROM a:latest\nADD x y\n' });
    const [report] = reports(await run(here, { fixing: 'written' }));
    expect(here.files).toEqual({ a: 'FROM a:latest\nCOPY x y\n' });
    expect(report?.diagnostics.map(({ rule }) => rule)).toEqual(['latest']);
    expect(report?.fixed?.applied).toHaveLength(1);
  });

  test('unsafe fixes on demand', async () => {
    const here = world({ a: 'FROM a:latest\nADD x y\n' });
    await run(here, { fixing: 'written', unsafe: true });
    expect(here.files).toEqual({ a: 'FROM a:12\nCOPY x y\n' });
  });

  test('shown only: nothing is written', async () => {
    const here = world({ a: 'ADD x y\n' });
    const [report] = reports(await run(here, { fixing: 'shown' }));
    expect(report?.text).toBe('COPY x y\n');
    expect(here.files).toEqual({ a: 'ADD x y\n' });
  });

  test('a file that changed meanwhile is left alone', async () => {
    const here = world({ a: 'ADD x y\n', b: 'ADD x y\n' });
    const { read } = here.adapters.files;
    const adapters: Adapters = {
      ...here.adapters,
      files: {
        ...here.adapters.files,
        async read(file) {
          const reading = await read(file);
          if (file === 'a') here.files.a = 'somebody else\n';
          return reading;
        },
      },
    };
    const results = await run({ ...here, adapters }, { fixing: 'written' });
    expect(failures(results)[0]).toMatchObject({ file: 'a', says: 'changed since it was read' });
    expect(here.files).toEqual({ a: 'somebody else\n', b: 'COPY x y\n' });
  });

  test('secrets of the text before are known to the diff', async () => {
    const here = world({ a: 'ADD x y\nENV PASSWORD=hunter2\n' });
    const [report] = reports(await run(here, { fixing: 'shown' }));
    expect(report?.fixed?.secrets).toEqual([{ file: 'a', span: [21, 28] }]);
  });

  test('nothing to fix, nothing written', async () => {
    const here = world({ a: 'FROM a\n' });
    const adapters: Adapters = {
      ...here.adapters,
      files: {
        ...here.adapters.files,
        replace: () => {
          throw new Error('not to be called');
        },
      },
    };
    expect(reports(await run({ ...here, adapters }, { fixing: 'written' }))[0]?.diagnostics).toEqual([]);
  });
});
