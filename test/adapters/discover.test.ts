import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { discover } from '../../src/adapters/discover.ts';
import { nameKind } from '../../src/adapters/names.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerwise-discover-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(...names: readonly (string | readonly [string, string])[]) {
  for (const one of names) {
    const [name, content] = typeof one === 'string' ? [one, 'FROM a\n'] : one;
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}
const found = async (...paths: string[]) => (await discover(root, paths)).files;

describe('names', () => {
  test.each([
    'Dockerfile',
    'dockerfile',
    'DOCKERFILE',
    'Dockerfile.prod',
    'Dockerfile.node.alpine',
    'api.Dockerfile',
    'API.dockerfile',
    'Containerfile',
    'containerfile.dev',
    'x.Containerfile',
    'Dockerfile.go',
  ])('%s is a Dockerfile', (name) => expect(nameKind(name)).toBe('dockerfile'));

  test.each([
    ['Dockerfile.dockerignore', 'ignore-file'],
    ['.dockerignore', 'ignore-file'],
    ['api.Dockerfile.DockerIgnore', 'ignore-file'],
    ['Dockerfile.j2', 'template'],
    ['Dockerfile.tmpl', 'template'],
    ['Dockerfile.prod.erb', 'template'],
    ['Dockerfile.in', 'template'],
    ['Dockerfile.hbs', 'template'],
    ['Dockerfile.mustache', 'template'],
    ['Dockerfile.EJS', 'template'],
    ['Dockerfile.template', 'template'],
    ['Dockerfile.tpl', 'template'],
    ['Dockerfile-dev', 'dockerfile'],
    ['Dockerfile_node-18.04', 'dockerfile'],
    ['dockerfile-lint', 'other'],
    ['Dockerfile_parser.go', 'other'],
    ['Dockerfile.md', 'other'],
    ['.dockerfile', 'other'],
    ['myDockerfile', 'other'],
    ['Dockerfiles', 'other'],
    ['docker-compose.yml', 'other'],
  ])('%s is %s', (name, kind) => expect(nameKind(name)).toBe(kind));
});

describe('directories', () => {
  test('are walked in order, and what is no Dockerfile is passed by', async () => {
    put(
      'b/Dockerfile',
      'a/dockerfile.dev',
      'a/Dockerfile.dockerignore',
      'a/Dockerfile.j2',
      'a/main.go',
      'Containerfile',
    );
    put('node_modules/x/Dockerfile', 'c/node_modules/Dockerfile', '.git/Dockerfile', '.devcontainer/Dockerfile');
    mkdirSync(join(root, 'd/Dockerfile'), { recursive: true });
    expect(await found('.')).toEqual(['.devcontainer/Dockerfile', 'Containerfile', 'a/dockerfile.dev', 'b/Dockerfile']);
  });

  test('without a Dockerfile are an error that says what was looked for', async () => {
    mkdirSync(join(root, 'empty'));
    const { files, failures } = await discover(root, ['empty']);
    expect(files).toEqual([]);
    expect(failures).toMatchObject([{ file: 'empty', is: 'failed', says: 'holds no Dockerfile' }]);
    expect(failures[0]?.help).toContain('Containerfile*');
  });

  test('.gitignore files count, nested ones too', async () => {
    put(
      ['.gitignore', 'build/\n*.Dockerfile\n!keep.Dockerfile\n/top/Dockerfile\n'],
      'build/Dockerfile',
      'x.Dockerfile',
      'keep.Dockerfile',
    );
    put(
      'top/Dockerfile',
      'sub/top/Dockerfile',
      'sub/Dockerfile.gen',
      ['sub/.gitignore', 'Dockerfile.gen\n!y.Dockerfile\n'],
      'sub/y.Dockerfile',
    );
    put('DOCKERFILE.BUILD', 'Build/Dockerfile');
    expect(await found('.')).toEqual([
      'Build/Dockerfile',
      'DOCKERFILE.BUILD',
      'keep.Dockerfile',
      'sub/top/Dockerfile',
      'sub/y.Dockerfile',
    ]);
  });

  test('of a repository: ignore files above and .git/info/exclude count', async () => {
    execFileSync('git', ['init', '-q', root]);
    put(
      ['.gitignore', 'gen/\n'],
      ['.git/info/exclude', 'mine.Dockerfile\n'],
      'app/Dockerfile',
      'app/gen/Dockerfile',
      'app/mine.Dockerfile',
    );
    expect(await found('app')).toEqual(['app/Dockerfile']);
    expect(await found('.')).toEqual(['app/Dockerfile']);
    expect((await discover(join(root, 'app'), ['.'])).files).toEqual(['Dockerfile']);
  });

  test('a user who names what git ignores gets it', async () => {
    execFileSync('git', ['init', '-q', root]);
    put(['.gitignore', 'gen/\n'], 'gen/Dockerfile', 'gen/sub/Dockerfile');
    expect(await found('gen')).toEqual(['gen/Dockerfile', 'gen/sub/Dockerfile']);
    expect(await found('gen/Dockerfile')).toEqual(['gen/Dockerfile']);
  });

  test('links: to files of the tree, never to directories, never out of it', async () => {
    put('real/base', 'real/Dockerfile');
    const outside = mkdtempSync(join(tmpdir(), 'layerwise-outside-'));
    try {
      writeFileSync(join(outside, 'Dockerfile'), 'FROM a\n');
      symlinkSync('real/base', join(root, 'Dockerfile'));
      symlinkSync(join(outside, 'Dockerfile'), join(root, 'Dockerfile.out'));
      symlinkSync(outside, join(root, 'linked'));
      symlinkSync('real', join(root, 'again'));
      symlinkSync('.', join(root, 'real/loop'));
      symlinkSync('nowhere', join(root, 'Dockerfile.dangling'));
      expect(await found('.')).toEqual(['Dockerfile', 'real/Dockerfile']);
      mkdirSync(join(root, 'only'));
      symlinkSync(join(outside, 'Dockerfile'), join(root, 'only/Dockerfile'));
      expect((await discover(root, ['only'])).failures).toEqual([
        {
          file: 'only',
          is: 'failed',
          says: 'holds no Dockerfile of its own: only/Dockerfile is a link to a file outside of it',
          help: 'name it to check what it leads to: layerwise check only/Dockerfile',
        },
      ]);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });
});

describe('files', () => {
  test('are taken whatever their name, each once', async () => {
    put('build.txt', 'Dockerfile');
    expect(await found('build.txt', 'Dockerfile', './Dockerfile', '.', join(root, 'build.txt'))).toEqual([
      'build.txt',
      'Dockerfile',
    ]);
  });

  test('a directory that holds nothing new holds something', async () => {
    put('Dockerfile');
    const { files, failures } = await discover(root, ['Dockerfile', '.', '.']);
    expect([files, failures]).toEqual([['Dockerfile'], []]);
  });

  test('that do not exist, or are something else, cost no other', async () => {
    put('Dockerfile', '.dockerignore', 'Dockerfile.j2');
    const { files, failures } = await discover(root, [
      'missing',
      '.dockerignore',
      'Dockerfile.j2',
      'Dockerfile',
      'Dockerfile/x',
    ]);
    expect(files).toEqual(['Dockerfile']);
    expect(failures.map(({ file, is, says }) => `${file} ${is} ${says}`)).toEqual([
      'missing failed does not exist',
      '.dockerignore skipped is an ignore file, not a Dockerfile',
      'Dockerfile.j2 failed is a template, not a Dockerfile',
      'Dockerfile/x failed does not exist',
    ]);
  });

  test('outside of the root keep their way', async () => {
    put('Dockerfile', 'app/x');
    expect((await discover(join(root, 'app'), ['../Dockerfile'])).files).toEqual(['../Dockerfile']);
  });
});
