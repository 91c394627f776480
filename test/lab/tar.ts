import { createHash } from 'node:crypto';

const BLOCK = 512;
const TYPES: Readonly<Record<string, Entry['type']>> = {
  '2': 'link',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '6': 'pipe',
};

export interface Entry {
  /** Absolute, without a final slash. */
  path: string;
  type: 'file' | 'folder' | 'link' | 'device' | 'pipe';
  mode: number;
  uid: number;
  gid: number;
  size: number;
  /** Of a file's content. */
  sha256?: string;
  /** Where a symbolic link points. */
  to?: string;
  /** The content, of files that the reader was told to keep. */
  text?: string;
}

/**
 * Reads the stream of a tar archive (ustar with PAX or GNU long names, as `docker export` writes) entry by entry.
 * A hard link is told as the file it names.
 * @throws when the stream is cut short or is no tar archive
 */
export async function* readTar(
  stream: AsyncIterable<Buffer>,
  keep: (path: string) => boolean = () => false,
): AsyncGenerator<Entry> {
  const take = taker(stream);
  const files = new Map<string, Entry>();
  let longer: { path?: string; linkpath?: string; size?: string } = {};
  for (;;) {
    const header = await collect(take(BLOCK));
    if (header.length === 0 || header.every((byte) => byte === 0)) break;
    if (header.length < BLOCK || checksum(header) !== octal(header, 148, 8)) throw new Error('not a tar archive');
    const kind = String.fromCharCode(header[156] ?? 0);
    const size = Number(longer.size ?? octal(header, 124, 12));
    const body = take(size);
    const skipPadding = () => collect(take((BLOCK - (size % BLOCK)) % BLOCK));
    if (kind === 'x' || kind === 'g' || kind === 'L' || kind === 'K') {
      const text = (await collect(body)).toString();
      await skipPadding();
      if (kind === 'x') longer = { ...longer, ...paxRecords(text) };
      if (kind === 'L') longer.path = text.replace(/\0.*$/s, '');
      if (kind === 'K') longer.linkpath = text.replace(/\0.*$/s, '');
      continue;
    }
    const prefix = string(header, 345, 155);
    const name = string(header, 0, 100);
    const path = absolute(longer.path ?? (prefix ? `${prefix}/${name}` : name));
    const to = longer.linkpath ?? string(header, 157, 100);
    longer = {};
    const owner = {
      path,
      mode: octal(header, 100, 8) & 0o7777,
      uid: octal(header, 108, 8),
      gid: octal(header, 116, 8),
    };
    if (kind === '1') {
      const named = files.get(absolute(to));
      if (!named) throw new Error(`hard link to nothing: ${path}`);
      yield { ...named, path };
      continue;
    }
    const type = TYPES[kind] ?? 'file';
    if (type !== 'file') {
      yield { ...owner, type, size: 0, ...(type === 'link' && { to }) };
      continue;
    }
    const hash = createHash('sha256');
    const kept: Buffer[] | undefined = keep(path) ? [] : undefined;
    for await (const piece of body) {
      hash.update(piece);
      kept?.push(piece);
    }
    await skipPadding();
    const entry: Entry = {
      ...owner,
      type,
      size,
      sha256: hash.digest('hex'),
      ...(kept && { text: Buffer.concat(kept).toString() }),
    };
    files.set(path, entry);
    yield entry;
  }
}

/** Gives the stream's next bytes, in pieces as they come. */
function taker(stream: AsyncIterable<Buffer>): (bytes: number) => AsyncGenerator<Buffer> {
  const source = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async function* take(bytes) {
    while (bytes > 0) {
      if (rest.length === 0) {
        const next = await source.next();
        if (next.done) {
          if (bytes === BLOCK) return;
          throw new Error('the archive is cut short');
        }
        rest = next.value;
      }
      const piece = rest.subarray(0, bytes);
      rest = rest.subarray(piece.length);
      bytes -= piece.length;
      yield piece;
    }
  };
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

function string(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString();
}

/** A number field: octal digits, or binary where the first bit is set (GNU, for numbers too big). */
function octal(header: Buffer, from: number, length: number): number {
  if (((header[from] ?? 0) & 0x80) !== 0) return header.readUIntBE(from + length - 6, 6);
  return Number.parseInt(string(header, from, length).trim() || '0', 8);
}

function checksum(header: Buffer): number {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return sum;
}

function absolute(path: string): string {
  return `/${path.replace(/^(\.?\/)+|^\.$|\/+$/g, '')}`;
}

/** `length key=value\n` records, where the length counts bytes. */
function paxRecords(text: string): Record<string, string> {
  const bytes = Buffer.from(text);
  const records: Record<string, string> = {};
  for (let at = 0; at < bytes.length; ) {
    const length = Number.parseInt(bytes.subarray(at, at + 20).toString(), 10);
    if (!(length > 0)) break;
    const [, key, value] = /^\d+ ([^=]+)=(.*)\n$/s.exec(bytes.subarray(at, at + length).toString()) ?? [];
    if (key !== undefined && value !== undefined) records[key] = value;
    at += length;
  }
  return records;
}
