/** What a Dockerfile takes from elsewhere: bases, `COPY --from`, `RUN --mount from=`, and the frontend. */
export interface ImagesNamed {
  /** Every image, in the order of first mention. */
  all: readonly string[];
  /** The image under the last stage. */
  finalBase: string;
}

/** Reads the images that the text names, for files as plain as the examples: no variables in image names. */
export function imagesNamed(dockerfile: string): ImagesNamed {
  const all = new Set<string>();
  const stageBases = new Map<string, string>();
  let finalBase = 'scratch';
  const syntax = /^#\s*syntax\s*=\s*(\S+)/i.exec(dockerfile)?.[1];
  if (syntax) all.add(syntax);
  const add = (name: string): void => {
    if (name !== 'scratch' && !stageBases.has(name.toLowerCase()) && !/^\d+$/.test(name)) all.add(name);
  };
  for (const line of dockerfile.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [keyword = '', ...words] = line.trim().split(/\s+/);
    if (/^from$/i.test(keyword)) {
      const [base = '', , alias] = words.filter((word) => !word.startsWith('--'));
      add(base);
      finalBase = stageBases.get(base.toLowerCase()) ?? base;
      if (alias) stageBases.set(alias.toLowerCase(), finalBase);
    } else if (/^(copy|run|add)$/i.test(keyword)) {
      for (const word of words) {
        const from = /^--(?:from=|mount=(?:.*,)?from=)([^,]+)/.exec(word)?.[1];
        if (from) add(from);
      }
    }
  }
  return { all: [...all], finalBase };
}
