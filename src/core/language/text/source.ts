/** A file's text, decoded so that encoding gives every byte back. */
export interface Source {
  /** Each byte b that is not valid UTF-8 stands as U+DC00+b. A byte order mark is kept as U+FEFF. */
  readonly text: string;
  /** False when the bytes were not valid UTF-8: such a file is checked, never fixed. */
  readonly utf8: boolean;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Length of the well-formed UTF-8 sequence at `i` (Unicode 15, table 3-7), or 0. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i] as number;
  if (lead < 0x80) return 1;
  const continuation = (at: number, low = 0x80, high = 0xbf) => {
    const byte = bytes[at];
    return byte !== undefined && byte >= low && byte <= high;
  };
  if (lead >= 0xc2 && lead <= 0xdf) return continuation(i + 1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return continuation(i + 1, low, high) && continuation(i + 2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const low = lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xf4 ? 0x8f : 0xbf;
    return continuation(i + 1, low, high) && continuation(i + 2) && continuation(i + 3) ? 4 : 0;
  }
  return 0;
}

/** Decodes UTF-8 reversibly: `encode(decode(bytes).text)` equals `bytes` for any bytes. */
export function decode(bytes: Uint8Array): Source {
  try {
    return { text: strict.decode(bytes), utf8: true };
  } catch {
    const parts: string[] = [];
    let valid = 0;
    for (let i = 0; i < bytes.length; ) {
      const length = sequenceLength(bytes, i);
      if (length > 0) {
        i += length;
        continue;
      }
      if (i > valid) parts.push(strict.decode(bytes.subarray(valid, i)));
      parts.push(String.fromCharCode(0xdc00 + (bytes[i] as number)));
      i += 1;
      valid = i;
    }
    if (valid < bytes.length) parts.push(strict.decode(bytes.subarray(valid)));
    return { text: parts.join(''), utf8: false };
  }
}

/** The bytes of a decoded text; a lone U+DC80–U+DCFF becomes the byte that it stands for. */
export function encode(text: string): Uint8Array {
  const invalid = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;
  if (!invalid.test(text)) return encoder.encode(text);
  invalid.lastIndex = 0;
  const parts: Uint8Array[] = [];
  let size = 0;
  const add = (part: Uint8Array) => {
    parts.push(part);
    size += part.length;
  };
  let start = 0;
  for (let match = invalid.exec(text); match !== null; match = invalid.exec(text)) {
    if (match.index > start) add(encoder.encode(text.slice(start, match.index)));
    add(Uint8Array.of(text.charCodeAt(match.index) - 0xdc00));
    start = match.index + 1;
  }
  add(encoder.encode(text.slice(start)));
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
