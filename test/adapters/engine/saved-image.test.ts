import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NeedleSearch } from '../../../src/adapters/engine/needles.ts';
import { readSaved } from '../../../src/adapters/engine/saved-image.ts';
import { type TarEntry, TarReader } from '../../../src/adapters/engine/tar.ts';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'layerwise-saved-'));
});
afterEach(() => rmSync(work, { recursive: true }));

const never = new AbortController().signal;
let archives = 0;

/** What `tar` makes of files, in their order. */
function tar(files: Readonly<Record<string, string | Buffer>>, ...options: string[]): Buffer {
  const folder = join(work, String(++archives));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return execFileSync('tar', ['-C', folder, ...options, '-cf', '-', ...Object.keys(files)], {
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** In pieces of so many bytes. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function entries(bytes: Buffer, size: number): readonly (TarEntry & { content: string })[] {
  const reader = new TarReader();
  const found: (TarEntry & { content: string })[] = [];
  for (let at = 0; at < bytes.length; at += size)
    for (const { entry, bytes: body } of reader.push(bytes.subarray(at, at + size))) {
      if (body === undefined) found.push({ ...entry, content: '' });
      else (found.at(-1) as { content: string }).content += body.toString();
    }
  reader.end();
  return found;
}

describe('an archive', () => {
  const long = `${'d'.repeat(90)}/${'e'.repeat(90)}/${'f'.repeat(90)}`;
  const files = { a: 'one', 'b/c': '', [long]: 'x'.repeat(1000), ü: 'y' };

  test.each([
    ['gnu', 1],
    ['gnu', 700],
    ['pax', 1],
    ['pax', 512],
    ['pax', 1 << 20],
  ] as const)('of the form %s, read %d bytes at a time', (form, size) => {
    const found = entries(tar(files, `--format=${form}`), size);
    expect(Object.fromEntries(found.map(({ path, content }) => [path, content]))).toEqual(files);
  });

  test('tells modes, links and where entries lie', () => {
    const folder = join(work, 'links');
    mkdirSync(folder);
    execFileSync('sh', ['-c', 'echo x > a; chmod 4755 a; ln a b; ln -s a c; mkdir d'], { cwd: folder });
    const bytes = execFileSync('tar', ['-C', folder, '-cf', '-', 'a', 'b', 'c', 'd']);
    const found = entries(bytes, 333);
    expect(found.map(({ path, type, to }) => [path, type, to])).toEqual([
      ['a', 'file', ''],
      ['b', 'hard-link', 'a'],
      ['c', 'link', 'a'],
      ['d/', 'folder', ''],
    ]);
    expect(found[0]?.mode).toBe(0o4755);
    for (const { path, begins } of found) expect(bytes.toString('latin1', begins, begins + path.length)).toBe(path);
  });

  test('that is none, or cut short, is told', () => {
    expect(() => entries(Buffer.alloc(600, 'x'), 100)).toThrow('no tar archive');
    expect(() => entries(tar({ a: 'x'.repeat(600) }).subarray(0, 900), 100)).toThrow('cut short');
  });
});

test('texts are found across the borders of pieces, once', () => {
  const text = Buffer.from(`${'.'.repeat(50)}needle${'.'.repeat(50)}pin${'.'.repeat(50)}`);
  for (let size = 1; size < 20; size++) {
    const search = new NeedleSearch(['needle', 'pin', 'absent']);
    const found = [];
    for (let at = 0; at < text.length; at += size) found.push(...search.push(text.subarray(at, at + size)));
    expect(found, String(size)).toEqual([
      { needle: 0, at: 50 },
      { needle: 1, at: 106 },
    ]);
  }
});

describe('a saved image', () => {
  const secret = 'lw0a1b2c3d4e5f6071829304';
  const low = '1'.repeat(64);
  const high = '2'.repeat(64);
  const config = (history: string, env: string) =>
    JSON.stringify({ config: { Env: [env] }, history: [{ created_by: history }] });

  function image(
    layers: Readonly<Record<string, Buffer>>,
    configuration = config('', ''),
    more: Readonly<Record<string, string>> = {},
  ) {
    const blob = (id: string) => `blobs/sha256/${id}`;
    return tar({
      ...Object.fromEntries(Object.entries(layers).map(([id, bytes]) => [blob(id), bytes])),
      [blob('c'.repeat(64))]: configuration,
      ...more,
      'manifest.json': JSON.stringify([{ Config: blob('c'.repeat(64)), Layers: Object.keys(layers).map(blob) }]),
    });
  }
  const read = (bytes: Buffer, skip: readonly string[] = [], size = 4096) =>
    readSaved(inPieces(bytes, size), { needles: ['absent', secret], base: new Set(skip) }, never);
  const hitsOf = async (...args: Parameters<typeof read>) => {
    const found = await read(...args);
    if ('missing' in found) throw new Error(found.missing);
    return found.hits;
  };

  test('has the files that a later layer deletes, packed or not', async () => {
    const leaks = tar({ 'app/.env': `TOKEN=${secret}\n`, 'app/z': 'z' });
    const deletes = tar({ 'app/.wh..env': '' });
    for (const layer of [leaks, gzipSync(leaks)])
      for (const size of [100, 4096, 1 << 20])
        expect(await hitsOf(image({ [low]: layer, [high]: deletes }), [], size)).toEqual([
          { needle: 1, in: 'layer', path: '/app/.env' },
        ]);
  });

  test('may hold it in a name, far inside a file, and behind a long name', async () => {
    const name = `${'n'.repeat(120)}/${secret}`;
    expect(await hitsOf(image({ [low]: tar({ [name]: '' }) }))).toEqual(
      expect.arrayContaining([{ needle: 1, in: 'layer', path: `/${name}` }]),
    );
    const far = { small: 'x', big: `${'.'.repeat(300_000)}${secret}${'.'.repeat(300_000)}`, last: 'y' };
    expect(await hitsOf(image({ [low]: gzipSync(tar(far)) }))).toEqual([{ needle: 1, in: 'layer', path: '/big' }]);
  });

  test('may hold it in configuration, history and attestations', async () => {
    const one = tar({ a: 'a' });
    expect(await hitsOf(image({ [low]: one }, config(`RUN |1 T=${secret} x`, '')))).toEqual([
      { needle: 1, in: 'history' },
    ]);
    expect(await hitsOf(image({ [low]: one }, config('', `T=${secret}`)))).toEqual([
      { needle: 1, in: 'configuration' },
    ]);
    const older = JSON.stringify({ id: low, config: { Env: [secret] }, os: 'linux' });
    expect(await hitsOf(image({ [low]: one }, config('', ''), { 'blobs/sha256/b': older }))).toEqual([
      { needle: 1, in: 'configuration' },
    ]);
    const attestation = JSON.stringify({ predicateType: 'https://slsa.dev/provenance/v0.2', predicate: { x: secret } });
    expect(await hitsOf(image({ [low]: one }, config('', ''), { 'blobs/sha256/a': attestation }))).toEqual([
      { needle: 1, in: 'attestation' },
    ]);
  });

  test('is not looked through where it is the base', async () => {
    const layer = tar({ a: secret });
    expect(await hitsOf(image({ [low]: layer }), [`sha256:${low}`])).toEqual([]);
    expect(await hitsOf(image({ [low]: layer }), [`sha256:${high}`])).toHaveLength(1);
  });

  test('has files that say something, as a container sees them', async () => {
    const layer = (script: string) => {
      const folder = join(work, String(++archives));
      mkdirSync(folder);
      execFileSync('sh', ['-ec', script], { cwd: folder });
      return execFileSync('tar', ['-C', folder, '-cf', '-', '.']);
    };
    const base = layer(
      'mkdir -p usr/bin lib lib64; touch usr/bin/su lib/ld-linux-x86-64.so.2; chmod 4755 usr/bin/su; ln -s ../lib/ld-linux-x86-64.so.2 lib64/ld-linux-x86-64.so.2; touch usr/bin/apt-get',
    );
    const middle = layer(
      'mkdir -p usr/bin root/.npm/_cacache/a var/lib/apt/lists usr/local/go/bin app; printf 12345 > root/.npm/_cacache/a/b; printf 123 > var/lib/apt/lists/x; touch usr/bin/sudo usr/bin/gcc app/gcc usr/local/go/bin/go; chmod 4755 usr/bin/sudo',
    );
    const top = layer('mkdir -p usr/bin var/lib/apt/lists; touch usr/bin/.wh.gcc var/lib/apt/lists/.wh..wh..opq');
    const bytes = image({ [low]: base, [high]: middle, ['3'.repeat(64)]: top });
    expect(await read(bytes, [`sha256:${low}`])).toMatchObject({
      files: {
        libc: ['glibc'],
        tools: ['apt-get', 'go'],
        caches: [{ name: 'npm', bytes: 5 }],
        setuid: ['/usr/bin/sudo'],
      },
      attestations: [],
    });
  });

  test('may bring statements, of itself or of another image', async () => {
    const hex = (character: string) => character.repeat(64);
    const digest = (character: string) => `sha256:${hex(character)}`;
    const blobs = (subject: string, reference: string) => ({
      [`blobs/sha256/${hex('d')}`]: JSON.stringify({
        manifests: [
          { digest: digest('e') },
          {
            digest: digest('f'),
            annotations: {
              'vnd.docker.reference.type': 'attestation-manifest',
              'vnd.docker.reference.digest': reference,
            },
          },
        ],
      }),
      [`blobs/sha256/${hex('f')}`]: JSON.stringify({ layers: [{ digest: digest('9') }] }),
      [`blobs/sha256/${hex('9')}`]: JSON.stringify({
        predicateType: 'https://slsa.dev/provenance/v0.2',
        subject: [{ digest: { sha256: hex(subject) } }],
      }),
    });
    const one = tar({ a: 'a' });
    for (const [subject, reference, bound] of [
      ['e', 'e', true],
      ['8', 'e', false],
      ['8', '8', false],
    ] as const)
      expect(await read(image({ [low]: one }, config('', ''), blobs(subject, digest(reference))))).toMatchObject({
        attestations: [{ kind: 'provenance', bound }],
      });
  });

  test.each<[string, () => Buffer, string]>([
    ['packed with zstd', () => image({ [low]: Buffer.from('\x28\xb5\x2f\xfd rest', 'latin1') }), 'packed with zstd'],
    ['cut short', () => image({ [low]: tar({ a: 'x'.repeat(5000) }) }).subarray(0, 3000), 'cut short'],
    ['broken', () => image({ [low]: gzipSync(tar({ a: 'x' })).subarray(0, 60) }), 'unexpected end of file'],
    ['no archive', () => Buffer.alloc(1000, 'x'), 'no tar archive'],
    ['without manifest', () => tar({ a: 'x' }), 'no manifest'],
  ])('that is %s is told', async (_, bytes, says) => {
    expect(await read(bytes())).toEqual({ missing: expect.stringContaining(says) });
  });

  test('ends when it is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    controller.abort(reason);
    const look = { needles: [secret], base: new Set<string>() };
    await expect(readSaved(inPieces(tar({ a: '' }), 512), look, controller.signal)).rejects.toBe(reason);
  });
});
