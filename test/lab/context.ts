import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contextDisk, listContext } from '../../src/adapters/context.ts';
import { nodeFiles } from '../../src/adapters/files.ts';
import { scanForSecrets } from '../../src/adapters/secretlint.ts';
import { parse } from '../../src/core/language/syntax/index.ts';
import {
  buildModel,
  contextNeeds,
  type DiskEntry,
  isKnown,
  namedContextNeeds,
  sending,
  takes,
  wantedPaths,
} from '../../src/core/model/index.ts';
import type { ContextSurvey } from '../../src/core/vocabulary/index.ts';
import { type ContextLook, lookAtContext } from '../../src/session/index.ts';
import { filesystem } from './effects.ts';
import { type Build, type BuildOptions, docker, runBuild } from './engine.ts';

/** A context at one time: what `context` foretold and what the engine got. */
export interface Sent {
  readonly survey: Pick<ContextSurvey, 'sent' | 'onDisk' | 'failure'>;
  /** In bytes, as the engine counts them: contents, and what stands around them on the wire. */
  readonly foretold: number;
  readonly transferred: number | undefined;
  /** Files that are sent, in order. */
  readonly files: readonly string[];
  /** The same as the oracle is asked. */
  readonly question: {
    readonly dockerignore: string;
    readonly entries: readonly string[];
    readonly wanted?: readonly string[];
  };
}

export interface JudgedContext {
  readonly before: Sent;
  readonly after: Sent;
  /** Bytes and files that the fix said are no longer sent; undefined when it did not say. */
  readonly saves: { readonly files: number; readonly bytes: number } | undefined;
  /** Files that instructions took before and do not take any more: as the survey tells it, and as the images have it. */
  readonly gone: { readonly foretold: readonly string[]; readonly found: readonly string[] };
  /** Files that only the image after has, or has otherwise. */
  readonly changed: readonly string[];
  /** Whole builds, where they were asked for. */
  readonly built: readonly Pick<Build, 'ok' | 'error' | 'seconds'>[];
}

/** What developers have lying about: packages, caches, output and settings of this machine. */
export function plant(folder: string): void {
  const files = {
    'node_modules/left/index.js': 'module.exports = 1;\n'.repeat(4000),
    '.venv/pyvenv.cfg': 'home = /usr\n',
    '.venv/lib/x.py': 'x = 1\n'.repeat(9000),
    '__pycache__/app.cpython-313.pyc': 'x'.repeat(3000),
    '.env': 'API_TOKEN=0123456789abcdef0123456789abcdef\n',
    '.DS_Store': 'x',
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/objects/aa/bb': 'x'.repeat(20_000),
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** What edits the ignore file in a folder. */
export type Amend = (folder: string) => Promise<{ readonly saves?: JudgedContext['saves'] }>;

async function look(folder: string, dockerfile: string): Promise<ContextLook> {
  const text = await readFile(join(folder, dockerfile), 'utf8');
  const order = { called: '.', context: '', dockerfile: { file: dockerfile, text } };
  const looked = await lookAtContext(order, nodeFiles(folder), contextDisk(folder), scanForSecrets);
  if ('is' in looked) throw new Error(`${looked.file} ${looked.says}`);
  return looked;
}

/** What `context --write` does. */
export const contextWrite =
  (dockerfile: string): Amend =>
  async (folder) => {
    const { proposal } = await look(folder, dockerfile);
    if (proposal === undefined) return { saves: { files: 0, bytes: 0 } };
    const { file, before, after, saves } = proposal;
    await nodeFiles(folder).replace([{ file, was: before, text: after }]);
    return { saves };
  };

/**
 * Sends a context to the engine before and after something edits its ignore file.
 * @param whole build the Dockerfile itself too, not only what it copies
 */
export async function judgeContext(
  project: string,
  dockerfile: string,
  amend: Amend,
  { whole = false, bases }: { readonly whole?: boolean } & Pick<BuildOptions, 'bases'> = {},
): Promise<JudgedContext> {
  const scratch = await mkdtemp(join(tmpdir(), 'lab-context-'));
  const images: (string | undefined)[] = [];
  try {
    // The engine keeps what it got of a folder under its name: with new names everything is sent.
    const [first, second] = [await mkdtemp(join(scratch, 'a')), await mkdtemp(join(scratch, 'b'))];
    const copy = (from: string, to: string) => execFileSync('cp', ['-a', `${from}/.`, to]);
    copy(project, first);
    const before = await send(first, dockerfile);
    const { saves } = await amend(first);
    copy(first, second);
    const after = await send(second, dockerfile);
    images.push(before.image, after.image);
    const built: Build[] = [];
    if (whole) {
      const text = await readFile(join(project, dockerfile), 'utf8');
      for (const folder of [project, second])
        built.push(await runBuild(text, folder, { file: join(folder, dockerfile), ...(bases && { bases }) }));
      images.push(...built.map(({ image }) => image));
    }
    const [was, is] = [await filesOf(before.image), await filesOf(after.image)];
    return {
      before: before.sent,
      after: after.sent,
      saves,
      gone: {
        foretold: before.taken.filter((path) => !after.taken.includes(path)),
        found: [...was.keys()].filter((path) => !is.has(path)).sort(),
      },
      // The ignore file itself is meant to be another one.
      changed: [...is].flatMap(([path, content]) =>
        was.get(path) === content || /(?:^|[./])dockerignore$/.test(path) ? [] : [path],
      ),
      built: built.map(({ ok, error, seconds }) => ({ ok, seconds, ...(error !== undefined && { error }) })),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
    const made = images.filter((image) => image !== undefined);
    if (made.length > 0) await docker(['image', 'rm', '--force', ...made]);
  }
}

const filesOf = async (image: string | undefined) =>
  new Map(
    image === undefined
      ? []
      : [...(await filesystem(image))]
          .filter(([path, { type }]) => path.startsWith('/taken/') && type !== 'folder')
          .map(([path, { sha256, to, mode }]) => [path.slice('/taken/'.length), `${sha256 ?? to} ${mode}`] as const),
  );

/** Builds an image of nothing but what the Dockerfile takes of the context. */
async function send(folder: string, dockerfile: string) {
  const path = join(folder, dockerfile);
  const { survey } = await look(folder, dockerfile);
  const build = buildModel(parse(await readFile(path, 'utf8')), { file: dockerfile });
  const needs = contextNeeds(build);
  const wanted = wantedPaths(needs);
  const ignores = survey.ignoreFile === null ? '' : await readFile(join(folder, survey.ignoreFile), 'utf8');
  const entries = listContext(folder);
  const { fates } = sending(entries, wanted, ignores);
  const sent = entries.filter((entry) => fates.get(entry.path)?.is === 'sent');
  const named = needs.flatMap(({ path }) => (isKnown(path) ? [path.value] : ['.']));
  const sources = [...new Set(named)].filter((source) => sent.some(({ path }) => takes(source, path)));
  // Each under the path that it has in the context; --parents of all of it would copy nothing.
  const taking = (source: string) =>
    `${source === '.' ? 'COPY' : 'COPY --parents'} [${JSON.stringify(source)}, "/taken/"]
`;
  const text = `# syntax=docker/dockerfile:1
FROM scratch
${sources.map(taking).join('')}`;
  const file = join(folder, '..', `${dockerfile.replaceAll('/', '-')}.taking`);
  await writeFile(file, text);
  if (survey.ignoreFile !== null) await writeFile(`${file}.dockerignore`, ignores);
  const built = await runBuild(text, folder, { file });
  if (!built.ok) throw new Error(`${folder}: ${built.error}\n${text}`);
  return {
    image: built.image,
    taken: sent.filter(({ directory }) => !directory).map(({ path }) => path),
    sent: {
      survey: {
        sent: survey.sent,
        onDisk: survey.onDisk,
        ...(survey.failure !== undefined && { failure: survey.failure }),
      },
      foretold: wireBytes(folder, sent),
      transferred: built.transferred,
      files: sent.filter(({ directory }) => !directory).map(({ path }) => path),
      question: {
        dockerignore: ignores,
        entries: entries.map(({ path, directory, link }) =>
          link !== undefined ? `${path} -> ${link}` : directory ? `${path}/` : path,
        ),
        ...(wanted !== undefined && { wanted }),
      },
    } satisfies Sent,
  };
}

/** What the engine should count of a context that has a name, by what the Dockerfile takes of it. */
export async function namedBytes(dockerfile: string, name: string, folder: string): Promise<number> {
  const ignores = await readFile(join(folder, '.dockerignore'), 'utf8').catch(() => '');
  const entries = listContext(folder);
  const needs = namedContextNeeds(buildModel(parse(dockerfile), { file: 'Dockerfile' }), name);
  const { fates } = sending(entries, wantedPaths(needs), ignores);
  return wireBytes(
    folder,
    entries.filter((entry) => fates.get(entry.path)?.is === 'sent'),
  );
}

const varint = (value: number): number => (value < 128 ? 1 : 1 + varint(Math.floor(value / 128)));
const bytesField = (length: number) => (length === 0 ? 0 : 1 + varint(length) + length);
const numberField = (value: number) => (value === 0 ? 0 : 1 + varint(value));

/** So much of a file goes into one packet. */
const chunk = 32 * 1024;

/**
 * What the engine counts when a client sends these, in the order of a walk: a packet with the properties of each, then each file in
 * pieces, with an empty one at its end, and a last packet.
 * Source: `types.Packet` and `types.Stat` of github.com/tonistiigi/fsutil, in the wire format of protocol buffers.
 */
function wireBytes(folder: string, sent: readonly DiskEntry[]): number {
  let total = 2;
  for (const [id, { path, directory, link }] of sent.entries()) {
    const { mode, size, mtimeNs } = lstatSync(join(folder, path), { bigint: true });
    // Go's bits for kinds of files stand higher than the kernel's.
    const kind = directory ? 2 ** 31 : link === undefined ? 0 : 2 ** 27;
    const more = [0o4000, 0o2000, 0o1000].map((bit, i) => (Number(mode) & bit ? 2 ** [23, 22, 20][i]! : 0));
    const length = directory ? 0 : Number(size);
    const stat =
      bytesField(Buffer.byteLength(path)) +
      numberField(kind + (Number(mode) & 0o777) + more.reduce((a, b) => a + b, 0)) +
      numberField(length) +
      numberField(Number(mtimeNs)) +
      bytesField(Buffer.byteLength(link ?? ''));
    total += bytesField(stat);
    if (directory || link !== undefined) continue;
    const head = 2 + numberField(id);
    const whole = Math.floor(length / chunk);
    total += whole * (head + bytesField(chunk)) + (length % chunk === 0 ? 0 : head + bytesField(length % chunk)) + head;
  }
  return total;
}
