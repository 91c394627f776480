/** Gives equal fingerprints of one file a number, in the order in which they come: `f-0`, `f-1`. */
export function ordinals(): (fingerprint: string) => string {
  const seen = new Map<string, number>();
  return (fingerprint) => {
    const ordinal = seen.get(fingerprint) ?? 0;
    seen.set(fingerprint, ordinal + 1);
    return `${fingerprint}-${ordinal}`;
  };
}
