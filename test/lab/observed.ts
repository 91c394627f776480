/** Judges the `observed` claims of a fix by what the lab saw of the two images. */
import type { Claim } from '../../src/core/vocabulary/index.ts';
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

function refute({ probe, expect }: Observed, { good, compared }: Judgement): string | undefined {
  if (probe === 'builds') return good.ok === expect ? undefined : `the fixed text does not build: ${good.error}`;
  if (compared === undefined) return 'there are no two images to compare';
  const { onlyInBad, onlyInGood, differing, packages } = compared;
  if (probe === 'packages') return packages === expect ? undefined : `packages: ${JSON.stringify(packages)}`;
  if (probe === 'paths-only-before') {
    const patterns = expect as readonly string[];
    const others = [
      ...onlyInBad.filter((path) => !patterns.some((pattern) => matches(path, pattern))),
      ...onlyInGood,
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
  return claims.flatMap((claim) => (claim.kind === 'observed' ? (refute(claim, judgement) ?? []) : []));
}
