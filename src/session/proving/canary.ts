import {
  type CanaryHit,
  type DeclaredSecret,
  declaredSecrets,
  needlesOf,
  secretLabel,
  tellHits,
  withCacheArgument,
} from '../../core/evidence/proof/index.ts';
import type { ImageSeen, ProofEngine } from '../proof-engine.ts';
import type { Notes } from './notes.ts';
import { type ProofOrder, tagOf } from './order.ts';

/** Builds that one side is given to find a secret that the build can do with a random value of. */
const mostBuilds = 8;

interface Canary {
  readonly secret: DeclaredSecret;
  readonly value: string;
}

/**
 * Builds a side with a random value in place of each secret that it declares, and looks for the values in all that the image brings
 * along. The image that is run and measured keeps what the user gave.
 * @param base the image under the target: no layer of it can hold what was made up just now
 */
export async function lookForCanaries(
  order: ProofOrder,
  engine: ProofEngine,
  notes: Notes,
  of: 'before' | 'after',
  base: Pick<ImageSeen, 'layerIds'> | { readonly missing: string } | undefined,
): Promise<void> {
  const { text } = order[of];
  const canaries = declaredSecrets(text, order.target).map((secret) => ({ secret, value: order.canary() }));
  if (canaries.length === 0) return;
  const argument = `LAYERWISE_${order.canary().toUpperCase()}`;
  const dockerfile = await order.write(`${of}-canary.Dockerfile`, withCacheArgument(text, argument, order.target));
  const lower = new Set(base !== undefined && 'layerIds' in base ? base.layerIds : []);

  /** Undefined: it was built and looked at. */
  const attempt = async (some: readonly Canary[], round: number): Promise<string | undefined> => {
    order.tell(`building the ${of} with random values for ${some.map(({ secret }) => secret.id).join(', ')}`);
    const values = (by: DeclaredSecret['by']) =>
      Object.fromEntries(some.filter(({ secret }) => secret.by === by).map(({ secret, value }) => [secret.id, value]));
    const tag = tagOf(order, `${of}-canary-${round}`);
    const built = await engine.build({
      ...{ dockerfile, context: order.context, tag },
      secrets: values('mount'),
      args: { ...values('argument'), [argument]: order.canary() },
      ...(order.target === undefined ? {} : { target: order.target }),
    });
    if (!built.ok)
      return `it does not build with a random value in its place: ${built.step ?? built.lines.at(-1) ?? ''}`;
    order.tell(`looking for them in the image of the ${of}`);
    const needles = some.flatMap((canary) => needlesOf(canary.value).map((needle) => ({ ...needle, canary })));
    const read = await engine.read(tag, { needles: needles.map((needle) => needle.text), base: lower });
    if ('missing' in read) return read.missing;
    for (const canary of some) {
      const hits = read.hits.flatMap((hit): CanaryHit[] => {
        const needle = needles[hit.needle];
        if (needle?.canary !== canary) return [];
        const { form } = needle;
        if (hit.path === undefined) return [{ form, in: `the ${hit.in}` }];
        return [{ form, in: 'a layer', path: hit.path.replaceAll(needle.text, '***') }];
      });
      // An argument's value always stands in the provenance of mode=max.
      if (canary.secret.by === 'mount')
        for (const { form, text: needle } of needles.filter((one) => one.canary === canary))
          if (built.metadata?.includes(needle)) hits.push({ form, in: 'the provenance' });
      notes.value(of, 'canary', tellHits(hits), secretLabel(canary.secret));
    }
    return undefined;
  };

  let builds = 0;
  /** One of them may be needed as it is: the others are found by halves. */
  const look = async (some: readonly Canary[]): Promise<void> => {
    const failed = builds < mostBuilds ? await attempt(some, builds++) : 'too many builds failed with random values';
    if (failed === undefined) return;
    if (some.length === 1 || builds >= mostBuilds) {
      for (const { secret } of some) notes.missing(of, 'canary', failed, secretLabel(secret));
      return;
    }
    const middle = some.length >> 1;
    await look(some.slice(0, middle));
    await look(some.slice(middle));
  };
  await look(canaries);
}
