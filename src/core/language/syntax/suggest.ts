/** Levenshtein distance of two short texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const below = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      below.push(Math.min(replaced, (row[j] as number) + 1, (below[j - 1] as number) + 1));
    }
    row = below;
  }
  return row[b.length] as number;
}

/**
 * The name that `written` most likely meant; undefined when there is none.
 * @param most letters that may differ; BuildKit suggests names up to two away
 */
export function suggest(written: string, names: Iterable<string>, most = 2): string | undefined {
  let best: string | undefined;
  let least = most + 1;
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= least) continue;
    const far = distance(written, name);
    if (far < least) {
      best = name;
      least = far;
    }
  }
  return best;
}
