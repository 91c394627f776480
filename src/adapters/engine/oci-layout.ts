import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildRequest, Published } from '../../session/index.ts';
import { attestationsIn } from './attestations.ts';
import type { RunCli } from './builder.ts';

/** Manifests and statements; a longer blob is a layer. In bytes. */
const longestText = 32 * 1024 * 1024;

/**
 * What a registry would be given of an image that is in the cache already: built once more into an OCI layout, which holds its layers packed
 * and the statements that the engine's own store may not keep.
 * @param attest of each `--attest`
 */
export async function publishedOf(
  run: RunCli,
  passed: readonly string[],
  attest: readonly string[],
  { dockerfile, context, target }: Pick<BuildRequest, 'dockerfile' | 'context' | 'target'>,
  signal: AbortSignal,
): Promise<Published | { readonly missing: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'layerwise-layout-'));
  try {
    const { exit, err } = await run(
      [
        ...[
          'buildx',
          'build',
          '--progress=plain',
          '--output',
          `type=oci,tar=false,"dest=${folder.replaceAll('"', '""')}"`,
        ],
        ...['--file', dockerfile, ...(target === undefined ? [] : ['--target', target])],
        ...attest.flatMap((value) => ['--attest', value]),
        ...passed,
        context,
      ],
      { signal },
    );
    signal.throwIfAborted();
    if (exit !== 0) return { missing: whyNot(err) };
    const texts = await textsIn(folder);
    const bytes = packedBytes(texts);
    if (bytes === undefined) return { missing: 'the layout of the image has no manifest' };
    return { bytes, attestations: attestationsIn(texts) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function whyNot(said: string): string {
  if (/exporter is not supported for the docker driver/i.test(said))
    return "the engine's own builder writes no OCI layout: use another builder, or its containerd image store";
  const lines = said.trim().split('\n');
  return `the image cannot be written as an OCI layout: ${lines.findLast((line) => /^ERROR:/.test(line)) ?? lines.at(-1)}`;
}

/** What is JSON in a layout, by its place there. */
async function textsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map([['index.json', await readFile(join(folder, 'index.json'), 'utf8')]]);
  const blobs = 'blobs/sha256';
  for (const name of await readdir(join(folder, blobs))) {
    const path = join(folder, blobs, name);
    if ((await stat(path)).size > longestText) continue;
    const bytes = await readFile(path);
    if (bytes[0] === 0x7b) texts.set(`${blobs}/${name}`, bytes.toString());
  }
  return texts;
}

interface Manifest {
  readonly layers?: readonly { readonly size?: number; readonly mediaType?: string }[];
  readonly config?: { readonly mediaType?: string };
}

/** Of the layers of the image, as a registry keeps them: statements are manifests, too, of other layers. */
function packedBytes(texts: ReadonlyMap<string, string>): number | undefined {
  for (const text of texts.values()) {
    const { layers, config } = JSON.parse(text) as Manifest;
    if (layers === undefined || config === undefined) continue;
    if (layers.some(({ mediaType = '' }) => mediaType.startsWith('application/vnd.in-toto'))) continue;
    return layers.reduce((sum, { size = 0 }) => sum + size, 0);
  }
  return undefined;
}
