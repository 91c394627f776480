import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { docs } from '../../src/core/rules/docs.gen.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
let dist: string;
let work: string;

beforeAll(() => {
  dist = mkdtempSync(join(tmpdir(), 'layerwise-dist-'));
  execFileSync(process.execPath, ['--import', './scripts/ts.mjs', 'scripts/build.ts', dist], {
    cwd: root,
    stdio: 'pipe',
  });
}, 60_000);
afterAll(() => rmSync(dist, { recursive: true }));
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'layerwise-bin-'));
  writeFileSync(join(work, 'Dockerfile'), 'FROM debian:12\nMAINTAINER me\n');
});
afterEach(() => rmSync(work, { recursive: true }));

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = '') {
  const { NODE_EXTRA_CA_CERTS: _, LAYERWISE_CACHE: _c, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'bin.cjs'), ...args], {
    cwd: work,
    env: { ...rest, XDG_CACHE_HOME: join(work, 'cache'), ...env },
    input,
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

describe('the program as it is published', () => {
  test('starts without the pages of the rules', () => {
    const bundle = readFileSync(join(dist, 'check.cjs'), 'utf8');
    const pages = readFileSync(join(dist, 'explain.cjs'), 'utf8');
    // what a page says in letters that no bundler writes differently
    const plain = (text: string) =>
      (text.match(/[A-Za-z ,.]+/g) ?? []).reduce((longest, run) => (run.length > longest.length ? run : longest));
    for (const [id, { why }] of Object.entries(docs)) {
      expect(pages, id).toContain(plain(why));
      expect(bundle.includes(plain(why)), id).toBe(false);
    }
  });

  test('checks, and finds its chunks', () => {
    const { status, out, err } = run(['Dockerfile', '--format=line']);
    expect(err).toBe('');
    expect(status).toBeLessThan(2);
    expect(out).toMatch(/^Dockerfile:\d+:\d+: \w+ [a-z-]+ /);
    expect(run(['rules']).out.split('\n').length).toBeGreaterThan(5);
    const [id] = /(?<= )[a-z]+(-[a-z]+)+/.exec(run(['rules']).out) ?? [];
    expect(run(['explain', id as string]).out).toContain(`# ${id}\n`);
    expect(run(['completions', 'bash']).out).toContain(id);
    expect(run(['--help']).out).toContain('Usage: layerwise');
    expect(run(['.', '--color=always']).out).toContain('\u001b[');
    expect(run(['-', '--diff'], {}, 'FROM a\n').status).toBeLessThan(2);
  });

  test('its JSON meets the schema that is published with it', () => {
    const schema = JSON.parse(readFileSync(join(dist, 'schema.json'), 'utf8'));
    const validate = new Ajv2020({ strictTypes: false }).compile(schema);
    writeFileSync(
      join(work, 'Dockerfile.two'),
      'FROM a AS b\nENV TOKEN=abcdefgh\nADD x.tar.gz /\nRUN apt-get install x\nCMD a b\n',
    );
    const document = JSON.parse(run(['Dockerfile', 'Dockerfile.two', 'missing', '--format=json']).out);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.files).toHaveLength(3);
  });

  test('a reader that goes away is no error', () => {
    const script = `${process.execPath} ${join(dist, 'bin.cjs')} check Dockerfile; echo "status $?" >&2`;
    const { stderr } = spawnSync('bash', ['-c', `(${script}) | true`], { cwd: work, encoding: 'utf8' });
    expect(stderr).toMatch(/^status [01]\n$/);
  });

  test('a large report goes through a slow pipe whole', () => {
    writeFileSync(join(work, 'Dockerfile'), `FROM debian:12\n${'MAINTAINER me\n'.repeat(3000)}`);
    const script = `${process.execPath} ${join(dist, 'bin.cjs')} check Dockerfile --format=line | (sleep 0.3; wc -l)`;
    expect(Number(execFileSync('bash', ['-c', script], { cwd: work, encoding: 'utf8' }))).toBeGreaterThanOrEqual(3000);
  });

  test('the start bundle leaves out pages, schema and what else comes later', () => {
    const bundle = readFileSync(join(dist, 'check.cjs'), 'utf8');
    expect(/[^\x00-\x7f]/.exec(bundle)?.[0]).toBeUndefined();
    for (const absent of [
      'json-schema.org',
      'complete -o filenames',
      'Usage: layerwise',
      'structuredPatch',
      '\\u001b[31m',
    ]) {
      expect(bundle.includes(absent), absent).toBe(false);
    }
  });
});

describe('the code cache', () => {
  const folder = () => join(work, 'cache', 'layerwise');
  const caches = () => (existsSync(folder()) ? readdirSync(folder()) : []);
  const [file] = ['Dockerfile'];
  const check = (env?: Readonly<Record<string, string>>) => run([file, '--format=line'], env);

  test('is made once, in a directory of the user’s own', () => {
    const first = check();
    expect(caches()).toHaveLength(1);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    const path = join(folder(), caches()[0] as string);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { mtimeMs } = statSync(path);
    expect(check()).toEqual(first);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  // a run on a busy machine may take too long to be kept
  test('spoilt, it is made again', { retry: 2 }, () => {
    const first = check();
    const path = join(folder(), caches()[0] as string);
    const good = readFileSync(path);
    const flipped = [100, 1000, 50_000, good.length / 2 + 200_000].map((at) => {
      const copy = Buffer.from(good);
      copy.fill(0xff, at, at + 4);
      return copy;
    });
    const short = [Buffer.from('rubbish'), Buffer.alloc(0), good.subarray(0, 100), good.subarray(0, good.length / 2)];
    for (const bad of [...short, Buffer.alloc(good.length), ...flipped]) {
      writeFileSync(path, bad);
      expect(check()).toEqual(first);
      const made = readFileSync(path);
      expect(made.equals(bad)).toBe(false);
      expect(made.length).toBeGreaterThan(10_000);
    }
  });

  test('that others could write to is neither read nor written', () => {
    mkdirSync(folder(), { recursive: true });
    chmodSync(folder(), 0o770);
    expect(check().status).toBeLessThan(2);
    expect(caches()).toEqual([]);
  });

  test('behind a link is not used', () => {
    mkdirSync(join(work, 'cache'));
    mkdirSync(join(work, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(work, 'elsewhere'), folder());
    expect(check().status).toBeLessThan(2);
    expect(readdirSync(join(work, 'elsewhere'))).toEqual([]);
  });

  test('a file in it that others could write to is not read', () => {
    check();
    const path = join(folder(), caches()[0] as string);
    chmodSync(path, 0o666);
    expect(check().status).toBeLessThan(2);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('comes from a run that checked something: what --version calls is too little for all later runs', () => {
    for (const args of [['--version'], ['--help'], ['rules'], ['nowhere/Dockerfile']]) run(args);
    expect(caches()).toEqual([]);
    check();
    expect(caches()).toHaveLength(1);
  });

  test('can be switched off; without a home there is none', () => {
    expect(check({ LAYERWISE_CACHE: 'off' }).status).toBeLessThan(2);
    expect(check({ XDG_CACHE_HOME: '', HOME: '' }).status).toBeLessThan(2);
    expect(check({ XDG_CACHE_HOME: 'relative' }).status).toBeLessThan(2);
    expect(caches()).toEqual([]);
    expect(existsSync(join(work, 'relative'))).toBe(false);
  });

  test('where nothing can be written the program runs all the same', () => {
    writeFileSync(join(work, 'cache'), 'a file');
    expect(check().status).toBeLessThan(2);
  });
});

describe('the library as it is published', () => {
  test('checks and fixes', async () => {
    const { check, fix } = await import(pathToFileURL(join(dist, 'index.js')).href);
    const report = check({ file: 'Dockerfile', text: 'FROM debian:12\nMAINTAINER me\n' });
    expect(report.diagnostics.length).toBeGreaterThan(0);
    expect(fix({ file: 'Dockerfile', text: 'FROM scratch\n' }).fixed.before).toBe('FROM scratch\n');
  });

  test('goes into a browser bundle, and runs without anything of Node', async () => {
    const contents = `import { check, fix } from ${JSON.stringify(join(dist, 'index.js'))}; globalThis.answer = [check, fix].map((f) => f({ file: 'Dockerfile', text: 'FROM debian:12\\nMAINTAINER me\\n' }).diagnostics.length);`;
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: root },
      bundle: true,
      platform: 'browser',
      format: 'iife',
      write: false,
      logLevel: 'silent',
    });
    const { createContext, runInContext } = await import('node:vm');
    const page: { answer?: number[] } = createContext({ TextDecoder, TextEncoder });
    runInContext(outputFiles[0]?.text as string, page);
    expect(page.answer?.[0]).toBeGreaterThan(0);
  });

  test('has types that a strict project can use', () => {
    const consumer = mkdtempSync(join(root, 'node_modules/.layerwise-consumer-'));
    try {
      writeFileSync(
        join(consumer, 'use.ts'),
        `import { check, fix, type CheckInput, type FileReport } from ${JSON.stringify(join(dist, 'types/core/index.js'))};
const input: CheckInput = { file: 'Dockerfile', text: 'FROM a' };
const report: FileReport = check(input);
export const levels: ('error' | 'warning' | 'info')[] = report.diagnostics.map(({ level }) => level);
export const before: string | undefined = fix(input, { unsafe: true }).fixed?.before;
// @ts-expect-error a file has a name
check({ text: '' });
`,
      );
      const settings = {
        compilerOptions: {
          strict: true,
          module: 'NodeNext',
          target: 'ES2023',
          lib: ['ES2023'],
          types: [],
          noEmit: true,
        },
        files: ['use.ts'],
      };
      writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(settings));
      const { status, stdout } = spawnSync(
        process.execPath,
        [join(root, 'node_modules/typescript/bin/tsc'), '-p', consumer],
        { encoding: 'utf8' },
      );
      expect(stdout).toBe('');
      expect(status).toBe(0);
    } finally {
      rmSync(consumer, { recursive: true });
    }
  }, 30_000);
});

describe('many files', () => {
  const count = 150;
  const texts = (i: number) =>
    i % 7 === 0
      ? '{{ template }}\n'
      : `FROM debian:12\nMAINTAINER me${i}\nRUN apt-get update && apt-get install -y curl${i % 3 ? '' : ' \\\n  wget'}\n`;
  const lay = () => {
    mkdirSync(join(work, 'many'));
    for (let i = 0; i < count; i++) writeFileSync(join(work, `many/Dockerfile.${i}`), texts(i));
  };
  const laid = () => Array.from({ length: count }, (_, i) => readFileSync(join(work, `many/Dockerfile.${i}`), 'utf8'));

  test.each([
    ['line', ['--format', 'line']],
    ['pretty', []],
    ['json', ['--format', 'json']],
    ['a patch', ['--diff']],
  ])('threads tell the same as one thread: %s', (_, options) => {
    lay();
    const one = run(['check', 'many', '--jobs', '1', ...options]);
    const three = run(['check', 'many', '--jobs', '3', ...options]);
    expect(one.out.length).toBeGreaterThan(1000);
    expect(three).toEqual(one);
    if (options.includes('json')) expect(JSON.parse(three.out).files).toHaveLength(count);
  });

  test('threads mend the same as one thread', () => {
    lay();
    const one = run(['check', 'many', '--fix', '--jobs', '1']);
    const mended = laid();
    rmSync(join(work, 'many'), { recursive: true });
    lay();
    const three = run(['check', 'many', '--fix', '--jobs', '3']);
    expect(laid()).toEqual(mended);
    expect(three).toEqual(one);
    expect(mended[1]).not.toBe(texts(1));
  });

  test('a number of threads that makes no sense is refused', () => {
    expect(run(['check', '--jobs', '0'])).toMatchObject({ status: 2, out: '' });
    expect(run(['check', '--jobs', 'all']).err).toContain('--jobs cannot be all');
  });
});
