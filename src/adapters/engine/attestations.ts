import type { Attested } from '../../session/index.ts';

interface Descriptor {
  readonly digest?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Document {
  readonly manifests?: readonly Descriptor[];
  readonly layers?: readonly Descriptor[];
  readonly predicateType?: string;
  /** Of a statement a list, of a manifest what it is attached to. */
  readonly subject?: Descriptor | readonly { readonly digest?: Readonly<Record<string, string>> }[];
}

const kindOf = (predicate: string) =>
  /provenance/.test(predicate) ? 'provenance' : /spdx|cyclonedx/i.test(predicate) ? 'SBOM' : 'another statement';

/**
 * Statements that an image brings along, and whether they speak of it: the manifest of each names the image's, and so does its
 * subject, or the statement's own. Source of the format: docs/attestations/attestation-storage.md of github.com/moby/buildkit.
 * @param texts members of an OCI layout by their names
 */
export function attestationsIn(texts: ReadonlyMap<string, string>): readonly Attested[] {
  const documents = new Map<string, Document>();
  for (const [path, text] of texts) {
    const [, hex] = /([0-9a-f]{64})$/.exec(path) ?? [];
    if (hex === undefined && path !== 'index.json') continue;
    try {
      const found: unknown = JSON.parse(text);
      if (typeof found === 'object' && found !== null) documents.set(hex === undefined ? path : `sha256:${hex}`, found);
    } catch {
      // what is none is no index
    }
  }
  const indexes = [...documents.values()].filter(({ manifests }) => Array.isArray(manifests));
  const found = new Map<string, Attested>();
  for (const { manifests = [] } of indexes) {
    const images = new Set(
      manifests.flatMap(({ digest, annotations }) => (isStatement(annotations) ? [] : (digest ?? []))),
    );
    for (const { digest = '', annotations } of manifests) {
      if (!isStatement(annotations)) continue;
      const image = annotations?.['vnd.docker.reference.digest'] ?? '';
      for (const layer of documents.get(digest)?.layers ?? []) {
        const { predicateType, subject } = documents.get(layer.digest ?? '') ?? {};
        const kind = kindOf(predicateType ?? layer.annotations?.['in-toto.io/predicate-type'] ?? '');
        const named = Array.isArray(subject) ? subject.map((one) => `sha256:${one.digest?.sha256}`) : [];
        const attached = documents.get(digest)?.subject;
        // An image that was given no name is the subject of the manifest alone.
        const names = named.includes(image) || (named.length === 0 && digestOf(attached) === image);
        found.set(`${kind} ${digest}`, { kind, bound: names && images.has(image) });
      }
    }
  }
  return [...found.values()];
}

const digestOf = (subject: Document['subject']) =>
  subject !== undefined && 'digest' in subject ? subject.digest : undefined;

const isStatement = (annotations: Descriptor['annotations']) =>
  annotations?.['vnd.docker.reference.type'] === 'attestation-manifest';
