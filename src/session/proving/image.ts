import { boundStatement } from '../../core/evidence/proof/index.ts';
import type { ImageSeen, ProofEngine } from '../proof-engine.ts';
import type { Notes } from './notes.ts';
import { type Of, type ProofOrder, tagOf } from './order.ts';

const ofOci = 'org.opencontainers.image.';
const listed = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));

/** Notes what lies in an image: files of all its layers, labels, statements about it. */
export async function lookInside(
  order: ProofOrder,
  engine: ProofEngine,
  notes: Notes,
  of: Of,
  image: ImageSeen & { readonly base: Pick<ImageSeen, 'layerIds'> | { readonly missing: string } },
): Promise<void> {
  const labels = image.labels.filter((name) => name.startsWith(ofOci)).map((name) => name.slice(ofOci.length));
  notes.value(of, 'oci-labels', listed(labels));
  order.tell(`looking into the image of the ${of}`);
  const base = new Set('layerIds' in image.base ? image.base.layerIds : []);
  const read = await engine.read(tagOf(order, of), { needles: [], base });
  if ('missing' in read) {
    for (const probe of ['libc', 'tools', 'cache-bytes', 'setuid'] as const) notes.missing(of, probe, read.missing);
    return;
  }
  const { libc, tools, caches, setuid } = read.files;
  notes.value(of, 'libc', listed(libc));
  notes.value(of, 'tools', listed(tools));
  for (const { name, bytes } of caches) notes.value(of, 'cache-bytes', bytes, name);
  notes.value(of, 'setuid', setuid);
  if (read.attestations.length > 0)
    notes.value(
      of,
      'attestations',
      listed([...new Set(read.attestations.map(({ kind, bound }) => (bound ? kind : `${kind}, not of its digest`)))]),
    );
}

/** Notes what a registry would be given of a side, where the engine can tell. Before any edit: it is built from the context as it is. */
export async function lookAtPublished(
  order: ProofOrder,
  engine: ProofEngine,
  notes: Notes,
  of: 'before' | 'after',
): Promise<void> {
  if (engine.published === undefined) return;
  order.tell(`packing the image of the ${of}`);
  const published = await engine.published({
    dockerfile: order[of].path,
    context: order.context,
    ...(order.target === undefined ? {} : { target: order.target }),
  });
  if ('missing' in published) {
    notes.missing(of, 'packed-bytes', published.missing);
    for (const kind of order.statements) notes.missing(of, 'attestation', published.missing, kind);
    return;
  }
  notes.value(of, 'packed-bytes', published.bytes);
  for (const kind of order.statements) {
    const found = published.attestations.filter((one) => one.kind === kind);
    const bound = found.some((one) => one.bound);
    notes.value(of, 'attestation', bound ? boundStatement : found.length > 0 ? 'not of its digest' : 'none', kind);
  }
}
