/** An entry of an archive. */
export interface TarEntry {
  /** As written. */
  readonly path: string;
  readonly type: 'file' | 'hard-link' | 'link' | 'folder' | 'other';
  /** Permission bits, with set-user-id and the like. */
  readonly mode: number;
  readonly uid: number;
  readonly size: number;
  /** What a link names. */
  readonly to: string;
  /** Where its header begins and what belongs to it ends, in bytes of the archive. */
  readonly begins: number;
  readonly ends: number;
}

export interface TarPiece {
  readonly entry: TarEntry;
  /** Undefined at the beginning of an entry. */
  readonly bytes?: Buffer;
}

const block = 512;
/** A header that goes on in an archive that nobody made by mistake. */
const longestHeader = 1024 * 1024;

const types: Readonly<Record<string, TarEntry['type']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hard-link',
  '2': 'link',
  '5': 'folder',
};

/**
 * Reads a tar archive as it comes, ustar with PAX or GNU long names, holding no more than a header of it.
 * @throws when it is none
 */
export class TarReader {
  #at = 0;
  /** What is missing of a header, and what is there. */
  #header = Buffer.alloc(block);
  #filled = 0;
  /** Bytes of the body and of the padding behind it that are still to come. */
  #body = 0;
  #padding = 0;
  #entry: TarEntry | undefined;
  /** The body of a header that speaks of the next one. */
  #extended: { readonly kind: string; readonly pieces: Buffer[] } | undefined;
  #next: { path?: string; to?: string; size?: number } = {};
  #begins = 0;
  #ended = false;

  /** The next bytes of the archive. */
  *push(chunk: Buffer): Generator<TarPiece> {
    let rest = chunk;
    const take = (most: number): Buffer => {
      const taken = rest.subarray(0, most);
      rest = rest.subarray(taken.length);
      this.#at += taken.length;
      return taken;
    };
    while (rest.length > 0 && !this.#ended) {
      if (this.#body > 0) {
        const bytes = take(this.#body);
        this.#body -= bytes.length;
        if (this.#extended !== undefined) this.#extended.pieces.push(Buffer.from(bytes));
        else if (this.#entry !== undefined) yield { entry: this.#entry, bytes };
        if (this.#body === 0) this.#endOfBody();
      } else if (this.#padding > 0) {
        this.#padding -= take(this.#padding).length;
      } else {
        if (this.#filled === 0 && this.#next.path === undefined && this.#next.size === undefined)
          this.#begins = this.#at;
        const bytes = take(block - this.#filled);
        bytes.copy(this.#header, this.#filled);
        this.#filled += bytes.length;
        if (this.#filled < block) continue;
        this.#filled = 0;
        const entry = this.#readHeader();
        if (entry !== undefined) yield { entry };
      }
    }
  }

  /** @throws when more was to come */
  end(): void {
    if (this.#body > 0 || this.#filled > 0) throw new Error('the archive is cut short');
  }

  #endOfBody(): void {
    if (this.#extended === undefined) return;
    const { kind, pieces } = this.#extended;
    this.#extended = undefined;
    const text = Buffer.concat(pieces).toString();
    if (kind === 'x') Object.assign(this.#next, paxRecords(text));
    if (kind === 'L') this.#next.path = text.replace(/\0.*$/s, '');
    if (kind === 'K') this.#next.to = text.replace(/\0.*$/s, '');
  }

  #readHeader(): TarEntry | undefined {
    const header = this.#header;
    if (header.every((byte) => byte === 0)) {
      this.#ended = true;
      return undefined;
    }
    if (checksum(header) !== octal(header, 148, 8)) throw new Error('it is no tar archive');
    const kind = String.fromCharCode(header[156] ?? 0);
    const extends_ = kind === 'x' || kind === 'g' || kind === 'L' || kind === 'K';
    const size = (extends_ ? undefined : this.#next.size) ?? octal(header, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0 || (extends_ && size > longestHeader))
      throw new Error('it is no tar archive');
    const type = types[kind] ?? 'other';
    const has = type === 'file' || type === 'other' || extends_ ? size : 0;
    this.#body = has;
    this.#padding = (block - (has % block)) % block;
    if (extends_) {
      this.#extended = { kind, pieces: [] };
      if (has === 0) this.#endOfBody();
      return undefined;
    }
    const prefix = header.toString('latin1', 257, 262) === 'ustar' ? text(header, 345, 155) : '';
    const name = text(header, 0, 100);
    this.#entry = {
      path: this.#next.path ?? (prefix ? `${prefix}/${name}` : name),
      type,
      mode: octal(header, 100, 8) & 0o7777,
      uid: octal(header, 108, 8),
      size: has,
      to: this.#next.to ?? text(header, 157, 100),
      begins: this.#begins,
      ends: this.#at + has,
    };
    this.#next = {};
    return this.#entry;
  }
}

function text(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString();
}

/** A number field: octal digits, or binary where the first bit is set (GNU, for numbers too big). */
function octal(header: Buffer, from: number, length: number): number {
  if (((header[from] ?? 0) & 0x80) !== 0) return header.readUIntBE(from + length - 6, 6);
  return Number.parseInt(text(header, from, length).trim() || '0', 8);
}

function checksum(header: Buffer): number {
  let sum = 0;
  for (let index = 0; index < block; index++) sum += index >= 148 && index < 156 ? 0x20 : (header[index] ?? 0);
  return sum;
}

/** `27 path=a/long/name`, one after the other; lengths are of bytes. */
function paxRecords(body: string): { path?: string; to?: string; size?: number } {
  const found: { path?: string; to?: string; size?: number } = {};
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString('latin1', at, space));
    if (!Number.isInteger(length) || length < 5 || at + length > bytes.length) break;
    const record = bytes.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (key === 'path') found.path = value;
    if (key === 'linkpath') found.to = value;
    if (key === 'size') found.size = Number(value);
    at += length;
  }
  return found;
}
