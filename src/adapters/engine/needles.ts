/** A needle that was found, and where in the stream. */
export interface Found {
  readonly needle: number;
  readonly at: number;
}

/** Looks for texts in bytes that come piece by piece, also across their borders. */
export class NeedleSearch {
  readonly #needles: readonly Buffer[];
  readonly #overlap: number;
  #tail: Buffer = Buffer.alloc(0);
  #before = 0;

  /** @param needles ASCII, none empty */
  constructor(needles: readonly string[]) {
    this.#needles = needles.map((needle) => Buffer.from(needle, 'latin1'));
    this.#overlap = Math.max(0, ...this.#needles.map(({ length }) => length - 1));
  }

  /** What comes before this byte is looked at no more. */
  get reached(): number {
    return this.#before - this.#tail.length;
  }

  /** The needles that the stream has, once its next bytes are these; each once for these bytes. */
  push(chunk: Buffer): readonly Found[] {
    const bytes = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    const start = this.#before - this.#tail.length;
    this.#before += chunk.length;
    const found: Found[] = [];
    this.#needles.forEach((needle, index) => {
      // What lies wholly in the tail was found before.
      const from = Math.max(0, this.#tail.length - needle.length + 1);
      const at = bytes.indexOf(needle, from);
      if (at >= 0) found.push({ needle: index, at: start + at });
    });
    this.#tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - this.#overlap)));
    return found;
  }
}
