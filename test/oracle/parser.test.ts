import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, print } from '../../src/core/language/syntax/index.ts';
import { decode, encode } from '../../src/core/language/text/index.ts';
import { corners, type Mutation, mutations } from '../corpus/mutations.ts';
import { disagreement, inconsistency, type OracleSyntax } from './agreement.ts';
import { type Oracle, spawnOracle } from './client.ts';

let oracle: Oracle;
beforeAll(async () => {
  oracle = await spawnOracle();
});
afterAll(() => oracle.close());

interface Judgement {
  readonly accepted: boolean;
  /** Where we differ from BuildKit, or from the text itself. */
  readonly wrong: string | undefined;
  /** The oracle has no opinion. */
  readonly unjudged?: true;
}

/** instructions.Parse without a linter dies of a `# check=` comment on an instruction, whatever else the file holds. */
const diesOf = (text: string) => /#[\s\S]*check[ \t]*=/i.test(text);

async function judge(bytes: Uint8Array): Promise<Judgement> {
  const { text } = decode(bytes);
  const dockerfile = parse(text);
  if (Buffer.compare(encode(print(dockerfile)), bytes) !== 0) return { accepted: false, wrong: 'prints other bytes' };
  const { parse: tree, instructions, panic } = await oracle.judge(bytes, ['parse', 'instructions']);
  if (tree === undefined || instructions === undefined) {
    if (panic?.includes('nil pointer') && diesOf(text)) return { accepted: false, wrong: undefined, unjudged: true };
    return { accepted: false, wrong: `no judgement: ${panic}` };
  }
  const wrong = disagreement(dockerfile, { parse: tree, instructions }) ?? inconsistency(dockerfile);
  return { accepted: tree.ok && instructions.ok, wrong };
}

/** The folder of the module that judges, which also holds BuildKit's own fixtures. */
async function moduleFolder(): Promise<string> {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const { stdout } = await promisify(execFile)('go', ['list', '-m', '-f', '{{.Dir}}', 'github.com/moby/buildkit'], {
    cwd,
  });
  return stdout.trim();
}

test('BuildKit’s own fixtures are read as BuildKit reads them', async () => {
  const parser = join(await moduleFolder(), 'frontend/dockerfile/parser');
  const files: string[] = [];
  for (const folder of ['testfiles', 'testfiles-negative', 'testfile-line']) {
    for (const entry of await readdir(join(parser, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && entry.name.includes('Dockerfile')) files.push(join(entry.parentPath, entry.name));
    }
  }
  expect(files.length).toBeGreaterThanOrEqual(35);
  const judged = await Promise.all(files.map(async (file) => ({ file, ...(await judge(await readFile(file))) })));
  expect(judged.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
});

describe('20,000 generated Dockerfiles', () => {
  const count = 20_000;
  let judged: (Mutation & Judgement)[];
  beforeAll(async () => {
    judged = [];
    let batch: Mutation[] = [];
    const finish = async () => {
      const judgements = await Promise.all(batch.map(({ text }) => judge(text)));
      for (const [i, mutation] of batch.entries()) judged.push({ ...mutation, ...(judgements[i] as Judgement) });
      batch = [];
    };
    for (const mutation of mutations(2026, count)) if (batch.push(mutation) === 1000) await finish();
    await finish();
  }, 300_000);

  test('are read as BuildKit reads them', () => {
    const wrong = judged.filter((one) => one.wrong !== undefined);
    expect(wrong.slice(0, 5).map((one) => [one.corner, decode(one.text).text, one.wrong])).toEqual([]);
    expect(judged.filter(({ unjudged }) => unjudged).length).toBeLessThan(count / 20);
  });

  test('are mostly accepted, of every corner some', () => {
    expect(judged.filter(({ accepted }) => accepted).length).toBeGreaterThan(count / 2);
    const hit = new Set(judged.filter(({ accepted }) => accepted).map(({ corner }) => corner));
    expect([...hit].sort()).toEqual([...corners].sort());
  });
});

test('any mix of the syntax’s pieces is read as BuildKit reads it', async () => {
  const piece = fc.constantFrom(
    ...['FROM a\n', 'RUN ', 'COPY ', 'ENV ', 'ONBUILD ', 'HEALTHCHECK ', 'CMD ', 'LABEL ', 'ARG ', 'VOLUME ', 'SHELL '],
    ...['["a", "b"]', '--from=x ', '--link ', '<<EOF', 'EOF', '<<-"E"', 'E', '#', '# escape=`\n', '\\\n', '`\n', '\n'],
    ...['\n', '\n', '\r\n', ' ', '\t', '"', "'", '=', 'a=b ', '\u00a0', '\u0085', '\ufeff', 'é', 'à', '\udca0', '--'],
    ...['\\', '[', ']', ',', 'x', ' y ', '$', '$' + '{a:-b}', '$x', '<', '<<'],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
      expect((await judge(encode(`FROM a\n${pieces.join('')}`))).wrong).toBeUndefined();
    }),
    { numRuns: 3000 },
  );
});

test('a heredoc whose name begins with a byte order mark', async () => {
  expect((await judge(encode('FROM a\nRUN <<\ufeffEOF\nx\nEOF\n'))).wrong).toBeUndefined();
});

describe('the comparison can fail', () => {
  const source = '# c\nFROM a\nRUN --network=none b <<E\nx\nE\nENV c=d\nCMD ["e"]\n';
  test.each([
    ['a word', source.replace('FROM a', 'FROM b')],
    ['a flag', source.replace('none', 'host')],
    ['a heredoc’s content', source.replace('x\n', 'y\n')],
    ['a value', source.replace('c=d', 'c=e')],
    ['the form', source.replace('CMD ["e"]', 'CMD e')],
    ['a comment', source.replace('# c', '# d')],
    ['a line', source.replace('ENV', '\nENV')],
    ['the escape', `# escape=\`\n${source}`],
    ['acceptance', source.replace('ENV c=d', 'ENV c')],
    ['an instruction', source.replace('CMD', 'ENTRYPOINT')],
  ])('on %s', async (_, other) => {
    const answer = (await oracle.judge(source, ['parse', 'instructions'])) as unknown as OracleSyntax;
    expect(disagreement(parse(source), answer)).toBeUndefined();
    expect(disagreement(parse(other), answer)).toBeDefined();
  });
});
