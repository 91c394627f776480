/** Judges the `observed` claims of a fix by what the lab saw of the two images. */
import type { Claim, Json } from '../../src/core/vocabulary/index.ts';
import type { Judgement } from './effects.ts';

/** `*` takes any characters, slashes too: what lies below a directory. */
function matches(path: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return path === pattern;
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = rest.at(-1) as string;
  return path.length >= at + last.length && path.endsWith(last);
}

type Observed = Extract<Claim, { kind: 'observed' }>;

function unexpected(paths: readonly string[], expected: Json): string[] {
  const patterns = expected as readonly string[];
  return paths.filter((path) => !patterns.some((pattern) => matches(path, pattern)));
}

function refute(
  { probe, expect }: Observed,
  { good, compared }: Judgement,
  claims: readonly Observed[],
): string | undefined {
  if (probe === 'builds') return good.ok === expect ? undefined : `the fixed text does not build: ${good.error}`;
  if (compared === undefined) return 'there are no two images to compare';
  const { onlyInBad, onlyInGood, differing, packages, config } = compared;
  if (probe === 'packages') return packages === expect ? undefined : `packages: ${JSON.stringify(packages)}`;
  if (probe === 'config') {
    const others = config.filter((field) => expect === 'equal' || !(expect as readonly string[]).includes(field));
    return others.length === 0 ? undefined : `the configuration differs: ${others.join(', ')}`;
  }
  if (probe === 'paths-only-before' || probe === 'paths-only-after') {
    const before = probe === 'paths-only-before';
    const other = claims.some((claim) => claim.probe === (before ? 'paths-only-after' : 'paths-only-before'));
    const others = [
      ...unexpected(before ? onlyInBad : onlyInGood, expect),
      // A change that says nothing of the other side leaves it as it is.
      ...(other ? [] : before ? onlyInGood : onlyInBad),
      ...differing.map(({ path, in: fields }) => `${path} (${fields.join(' ')})`),
    ];
    return others.length === 0 ? undefined : `other paths differ: ${others.slice(0, 10).join(', ')}`;
  }
  return `the lab has no probe ${probe}`;
}

/**
 * Why the lab does not uphold a change: one sentence for each `observed` claim that is refuted. Where a text does not build
 * there are no images, so that claims about them are refuted too.
 */
export function refutations(claims: readonly Claim[], judgement: Judgement): string[] {
  const observed = claims.filter((claim) => claim.kind === 'observed');
  return observed.flatMap((claim) => refute(claim, judgement, observed) ?? []);
}
