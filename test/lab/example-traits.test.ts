import { createHmac, randomBytes } from 'node:crypto';
import { appendFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute, processes, removeContainer, startContainer, until } from './container.ts';
import { type BuildOptions, docker, dockerPrints, requireEngine, runBuild } from './engine.ts';
import { chosenExamples, dockerfileOf, EXAMPLES, isInput } from './example-inputs.ts';

// What one example shows and others have no need of. Each runs when examples.test.ts proves its example.
const { names } = await chosenExamples();

let scratch = '';
const images: string[] = [];
const containers: string[] = [];
const volumes: string[] = [];

beforeAll(async () => {
  await requireEngine();
  scratch = await mkdtemp(join(tmpdir(), 'lab-traits-'));
});
afterAll(async () => {
  for (const container of containers) await removeContainer(container);
  if (images.length > 0) await docker(['image', 'rm', '--force', ...images]);
  if (volumes.length > 0) await docker(['volume', 'rm', '--force', ...volumes]);
  await rm(scratch, { recursive: true });
});

/** Builds a side of an example; with a source file named, as it is after an edit that no earlier run has made. */
async function build(name: string, side: string, options: BuildOptions & { edited?: string } = {}): Promise<string> {
  const folder = join(scratch, name);
  await cp(join(EXAMPLES, name), folder, { recursive: true, filter: isInput });
  if (options.edited !== undefined)
    await appendFile(join(folder, options.edited), `// ${randomBytes(8).toString('hex')}\n`);
  const { image, error, output } = await runBuild(await dockerfileOf(name, side), folder, options);
  expect(error, output.slice(-2000)).toBeUndefined();
  images.push(image ?? '');
  return image ?? '';
}

async function start(image: string, mounted: Readonly<Record<string, string>> = {}): Promise<string> {
  const container = await startContainer(image, {}, mounted);
  containers.push(container);
  return container;
}

/** Runs code in the container until it succeeds, and gives what it prints. */
async function told(container: string, ...argv: string[]): Promise<string> {
  const ended = await until(
    () => execute(container, argv),
    ({ exit }) => exit === 0,
    20,
  );
  expect(ended.exit, ended.stderr).toBe(0);
  return ended.stdout.trim();
}

// The cache of BuildKit does not know what a secret says: only an edit, or no cache, makes a step see another one.
describe.runIf(names.has('pnpm'))('examples/pnpm: a secret of the build', () => {
  const key = randomBytes(24).toString('hex');

  /** Whether the image's layers, configuration or history hold the key, as it is or encoded. */
  async function holdsKey(image: string): Promise<boolean> {
    const file = join(scratch, 'image.tar');
    await dockerPrints('save', '--output', file, image);
    const saved = await readFile(file);
    const forms = [key, Buffer.from(key).toString('base64').slice(0, 24), Buffer.from(key).toString('hex')];
    return forms.some((form) => saved.includes(form));
  }

  const signedBuild = (container: string) =>
    told(container, 'node', '-e', "fetch('http://127.0.0.1:3000/build').then(async r => console.log(await r.text()))");

  test('signs the build, and stays nowhere in the image', async () => {
    const image = await build('pnpm', 'after', { edited: 'src/app.ts', secrets: { 'signing-key': key } });
    const { sha256, signature } = JSON.parse(await signedBuild(await start(image))) as Record<string, string>;
    expect(signature).toBe(
      createHmac('sha256', key)
        .update(sha256 ?? '')
        .digest('hex'),
    );
    expect(await holdsKey(image)).toBe(false);
  });

  test('is not needed', async () => {
    const { signature } = JSON.parse(
      await signedBuild(await start(await build('pnpm', 'after', { edited: 'src/app.ts' }))),
    );
    expect(signature).toBeNull();
  });

  test('is in the image of the before', async () => {
    expect(await holdsKey(await build('pnpm', 'before', { args: { SIGNING_KEY: key } }))).toBe(true);
  });
});

describe.runIf(names.has('uv'))('examples/uv: files outside of the working directory', () => {
  test('are written to a volume by an account without privileges, and are there for the next container', async () => {
    const image = await build('uv', 'after');
    const volume = `lab-${randomBytes(6).toString('hex')}`;
    volumes.push(volume);
    const first = await start(image, { [volume]: '/var/lib/pastes' });
    const name = await told(
      first,
      'python',
      '-c',
      "import json, urllib.request as u; print(json.load(u.urlopen('http://127.0.0.1:8000/pastes', b'kept'))['name'])",
    );
    await removeContainer(first);
    const second = await start(image, { [volume]: '/var/lib/pastes' });
    const get = `import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/pastes/${name}').read().decode())`;
    expect(await told(second, 'python', '-c', get)).toBe('kept');
    expect(await told(second, 'stat', '-c', '%u:%g', `/var/lib/pastes/${name}`)).toBe('10001:10001');
  });
});

describe.runIf(names.has('django'))('examples/django: an entrypoint that gives root up', () => {
  test('owns a volume that belongs to root, and runs nothing else as root', async () => {
    const volume = `lab-${randomBytes(6).toString('hex')}`;
    volumes.push(volume);
    // A volume that is not empty keeps the owner that it has.
    await dockerPrints(
      'run',
      '--rm',
      '--volume',
      `${volume}:/v`,
      'debian:trixie-slim',
      'sh',
      '-c',
      'touch /v/x && chmod 700 /v',
    );
    const container = await start(await build('django', 'after'), { [volume]: '/var/lib/todos' });
    const add = `import urllib.request as u
r = u.Request('http://127.0.0.1:8000/todos', b'{"text": "mine"}', {'Content-Type': 'application/json'})
print(u.urlopen(r).status)`;
    expect(await told(container, 'python', '-c', add)).toBe('201');
    expect(await told(container, 'stat', '-c', '%u:%g', '/var/lib/todos/todos.sqlite3')).toBe('10001:10001');
    const all = await processes(container);
    expect(all.filter(({ uid }) => uid !== 10001)).toEqual([]);
    expect(all.filter(({ command }) => command.includes('gunicorn'))).toHaveLength(3);
  });
});
