import { once } from 'node:events';
import { createGunzip, type Gunzip } from 'node:zlib';
import { filesOf, LayerFiles } from '../../core/evidence/proof/index.ts';
import type { ImageLook, ImageRead, NeedleHit } from '../../session/index.ts';
import { attestationsIn } from './attestations.ts';
import { NeedleSearch } from './needles.ts';
import { type TarEntry, TarReader } from './tar.ts';

/** Configurations, manifests and attestations together. */
const mostText = 64 * 1024 * 1024;
/** Of each needle. */
const mostHits = 5;

/** What is wrong with an archive, in words for the report. */
class Unreadable extends Error {}

/** A member of the archive, read as it comes. */
interface Blob {
  write(bytes: Buffer): Promise<void> | undefined;
  end(): Promise<void> | undefined;
}

/**
 * Reads what `docker save` writes, once and as it comes: every layer as it was made, so that files which a later one deletes are
 * there, and configuration, history and attestations.
 * @throws the reason of `signal` when it is aborted
 */
export async function readSaved(
  stream: AsyncIterable<Buffer>,
  { needles, base }: ImageLook,
  signal: AbortSignal,
): Promise<ImageRead | { readonly missing: string }> {
  const texts = new Map<string, string>();
  const layers = new Map<string, { readonly files: LayerFiles; readonly own: boolean }>();
  const hits: NeedleHit[] = [];
  const note = (hit: NeedleHit) => {
    if (hits.filter(({ needle }) => needle === hit.needle).length < mostHits) hits.push(hit);
  };
  const layer = (path: string): Blob => {
    const files = new LayerFiles();
    const own = !base.has(idOf(path));
    layers.set(path, { files, own });
    return new LayerReader(own ? needles : [], files, ({ needle, path: at }) =>
      note({ needle, in: 'layer', path: at }),
    );
  };
  try {
    const archive = new TarReader();
    let blob: Blob | undefined;
    for await (const chunk of stream) {
      signal.throwIfAborted();
      for (const { entry, bytes } of archive.push(chunk)) {
        if (bytes !== undefined) await blob?.write(bytes);
        else {
          await blob?.end();
          blob = entry.type === 'file' ? new Member(entry.path, layer, texts) : undefined;
        }
      }
    }
    await blob?.end();
    archive.end();
  } catch (error) {
    signal.throwIfAborted();
    return { missing: `the saved image cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
  const order = layersIn(texts.get('manifest.json'));
  if (order === undefined) return { missing: 'the saved image cannot be read: it has no manifest' };
  for (const hit of hitsInTexts(texts, needles)) note(hit);
  const files = filesOf(order.flatMap((path) => layers.get(path) ?? []));
  return { hits, files, attestations: attestationsIn(texts) };
}

/** So much of a member tells what it is: the header of an archive. */
const telling = 512;

/** A member is told by how it begins: a text of JSON, or a layer that may be packed. */
class Member implements Blob {
  #inner: Blob | undefined;
  /** Until enough of it is there. */
  #first: Buffer | undefined = Buffer.alloc(0);
  readonly #path: string;
  readonly #layer: (path: string) => Blob;
  readonly #texts: Map<string, string>;

  constructor(path: string, layer: (path: string) => Blob, texts: Map<string, string>) {
    this.#path = path;
    this.#layer = layer;
    this.#texts = texts;
  }

  write(bytes: Buffer): Promise<void> | undefined {
    if (this.#first === undefined) return this.#inner?.write(bytes);
    this.#first = Buffer.concat([this.#first, bytes]);
    return this.#first.length < telling ? undefined : this.#begin(this.#first);
  }

  async end(): Promise<void> {
    if (this.#first !== undefined) await this.#begin(this.#first);
    await this.#inner?.end();
  }

  #begin(first: Buffer): Promise<void> | undefined {
    this.#first = undefined;
    const begins = first.toString('latin1', 0, 4);
    const packed = begins.startsWith('\x1f\x8b');
    if (begins === '\x28\xb5\x2f\xfd') throw new Unreadable('its layers are packed with zstd');
    if (/^[[{]/.test(begins) && !first.includes(0)) this.#inner = new TextReader(this.#path, this.#texts);
    // What is shorter is `VERSION` and the like of older engines.
    else if (packed || first.length >= telling) {
      const layer = this.#layer(this.#path);
      this.#inner = packed ? new Unpacked(layer) : layer;
    }
    return this.#inner?.write(first);
  }
}

class TextReader implements Blob {
  readonly #pieces: Buffer[] = [];
  #most: number;
  readonly #path: string;
  readonly #texts: Map<string, string>;

  constructor(path: string, texts: Map<string, string>) {
    this.#path = path;
    this.#texts = texts;
    this.#most = mostText - [...texts.values()].reduce((sum, { length }) => sum + length, 0);
  }

  write(bytes: Buffer): undefined {
    this.#most -= bytes.length;
    if (this.#most < 0) throw new Unreadable('its manifests and attestations are too long');
    this.#pieces.push(Buffer.from(bytes));
  }

  end(): undefined {
    this.#texts.set(this.#path, Buffer.concat(this.#pieces).toString());
  }
}

class Unpacked implements Blob {
  readonly #inner: Blob;
  readonly #gunzip: Gunzip;
  readonly #ended: Promise<unknown>;
  #failed: unknown;

  constructor(inner: Blob) {
    this.#inner = inner;
    this.#gunzip = createGunzip();
    this.#gunzip.on('data', (bytes: Buffer) => {
      try {
        inner.write(bytes);
      } catch (error) {
        this.#gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    this.#ended = once(this.#gunzip, 'end').catch((error: unknown) => {
      this.#failed = error;
    });
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
    if (!this.#gunzip.write(Buffer.from(bytes))) await Promise.race([once(this.#gunzip, 'drain'), this.#ended]);
  }

  async end(): Promise<void> {
    this.#gunzip.end();
    await this.#ended;
    if (this.#failed !== undefined) throw this.#failed;
    await this.#inner.end();
  }
}

type FoundIn = (hit: { readonly needle: number; readonly path: string }) => void;

/** A layer: what lies in it where. */
class LayerReader implements Blob {
  readonly #archive = new TarReader();
  readonly #search: NeedleSearch | undefined;
  /** Entries that the bytes which are looked at may belong to. */
  #near: TarEntry[] = [];
  readonly #files: LayerFiles;
  readonly #found: FoundIn;

  constructor(needles: readonly string[], files: LayerFiles, found: FoundIn) {
    this.#search = needles.length === 0 ? undefined : new NeedleSearch(needles);
    this.#files = files;
    this.#found = found;
  }

  write(bytes: Buffer): undefined {
    for (const { entry, bytes: body } of this.#archive.push(bytes)) {
      if (body !== undefined) continue;
      this.#files.add(entry);
      if (this.#search !== undefined) this.#near.push(entry);
    }
    if (this.#search === undefined) return;
    for (const { needle, at } of this.#search.push(bytes)) {
      const entry = this.#near.findLast(({ begins }) => begins <= at);
      this.#found({ needle, path: `/${(entry?.path ?? '').replace(/^(?:\.?\/)+/, '')}` });
    }
    const { reached } = this.#search;
    const last = this.#near.at(-1);
    this.#near = this.#near.filter((entry) => entry === last || entry.ends > reached);
  }

  end(): undefined {
    this.#archive.end();
  }
}

/** The id of a layer by the name of its member: `blobs/sha256/HEX`, `HEX.tar`, `HEX/layer.tar`. */
function idOf(path: string): string {
  return `sha256:${/[0-9a-f]{64}/.exec(path)?.[0] ?? ''}`;
}

/** Members that are the image's layers, the lowest first. */
function layersIn(manifest: string | undefined): readonly string[] | undefined {
  try {
    const [image] = JSON.parse(manifest ?? '') as readonly { readonly Layers?: readonly string[] }[];
    return Array.isArray(image?.Layers) ? image.Layers : undefined;
  } catch {
    return undefined;
  }
}

/** Looks through what is no layer. */
function hitsInTexts(texts: ReadonlyMap<string, string>, needles: readonly string[]): readonly NeedleHit[] {
  return [...texts.values()].flatMap((text) =>
    needles.some((needle) => text.includes(needle))
      ? partsOf(text).flatMap((part) =>
          needles.flatMap((needle, index) => (part.text.includes(needle) ? [{ needle: index, in: part.in }] : [])),
        )
      : [],
  );
}

interface Part {
  readonly in: NeedleHit['in'];
  readonly text: string;
}

/** A configuration has a history; older engines write one of each layer, without. */
function partsOf(text: string): readonly Part[] {
  let found: Readonly<Record<string, unknown>>;
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    return [{ in: 'manifest', text }];
  }
  if (found.predicateType !== undefined) return [{ in: 'attestation', text }];
  const { history = [], ...rest } = found;
  return [
    { in: 'history', text: JSON.stringify(history) },
    { in: rest.config === undefined ? 'manifest' : 'configuration', text: JSON.stringify(rest) },
  ];
}
