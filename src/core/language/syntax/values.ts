/** A field of a comma-separated value, with its place in it. */
export interface CsvField {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a flag's value as BuildKit does (go-csvvalue): commas, double quotes around a whole field, `""` for a quote in
 * one. Undefined when it is empty or its quotes are wrong.
 */
export function splitCsv(text: string): readonly CsvField[] | undefined {
  const end = text.endsWith('\r\n') ? text.length - 2 : text.endsWith('\n') ? text.length - 1 : text.length;
  if (end === 0) return undefined;
  const fields: CsvField[] = [];
  let at = 0;
  for (;;) {
    const start = at;
    if (at >= end || text.charCodeAt(at) !== 0x22) {
      const comma = text.indexOf(',', at);
      const stop = comma === -1 || comma > end ? end : comma;
      const value = text.slice(at, stop);
      if (value.includes('"')) return undefined;
      fields.push({ value, start, end: stop });
      if (stop === end) return fields;
      at = stop + 1;
      continue;
    }
    let value = '';
    at += 1;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote === -1 || quote >= end) return undefined;
      value += text.slice(at, quote);
      at = quote + 1;
      if (at >= end || text.charCodeAt(at) !== 0x22) break;
      value += '"';
      at += 1;
    }
    fields.push({ value, start, end: at });
    if (at === end) return fields;
    if (text.charCodeAt(at) !== 0x2c) return undefined;
    at += 1;
  }
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Go's largest duration, in nanoseconds. */
const MAX_DURATION = 2n ** 63n - 1n;

/** Go's `time.ParseDuration`: nanoseconds, or undefined when it is no duration. */
export function parseDuration(text: string): bigint | undefined {
  const sign = text.startsWith('-') ? -1n : 1n;
  let at = text.startsWith('-') || text.startsWith('+') ? 1 : 0;
  if (text.slice(at) === '0') return 0n;
  if (at === text.length || text.length > 1000) return undefined;
  let total = 0n;
  while (at < text.length) {
    const [all = '', whole = '', , fraction = '', unit = ''] = /^(\d*)(\.(\d*))?([^.\d]*)/.exec(text.slice(at)) ?? [];
    const scale = UNITS[unit];
    if (whole === '' && fraction === '') return undefined;
    if (scale === undefined || BigInt(whole || '0') > MAX_DURATION + 1n) return undefined;
    total += BigInt(whole || '0') * scale + (BigInt(fraction || '0') * scale) / 10n ** BigInt(fraction.length);
    if (total > MAX_DURATION + 1n) return undefined;
    at += all.length;
  }
  if (sign === 1n && total > MAX_DURATION) return undefined;
  return sign * total;
}

/** Go's `strconv.ParseInt(text, 10, 32)`; undefined when it is none. */
export function parseInt32(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= -2147483648 && value <= 2147483647 ? value : undefined;
}

/** Go's `strconv.ParseBool`; undefined when it is none. */
export function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  return undefined;
}

/** Go's `strconv.ParseUint(text, base, 32)`; undefined when it is none. */
export function parseUint32(text: string, base: 8 | 10): number | undefined {
  if (!(base === 8 ? /^[0-7]+$/ : /^\d+$/).test(text)) return undefined;
  const value = Number.parseInt(text, base);
  return value <= 0xffff_ffff ? value : undefined;
}

/** Whether it is an amount of memory to docker/go-units (`RAMInBytes`): `64m`, `1.5 GiB`. */
export function isMemorySize(text: string): boolean {
  return /^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)? ?(?:b|[kmgtp](?:i?b)?)?$/i.test(text);
}

/** Whether `--chmod` takes it: octal up to 07777, or clauses as chmod(1) reads them (github.com/tonistiigi/dchapes-mode). */
export function isFileMode(text: string): boolean {
  const octal = parseUint32(text, 8);
  if (octal !== undefined) return octal <= 0o7777;
  return /^[augo]*(?:[-+=][rstwxXugo]*)+(?:,[augo]*(?:[-+=][rstwxXugo]*)+)*$/.test(text);
}
