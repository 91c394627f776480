import { baseOf, stepsInOrder } from '../../core/evidence/proof/index.ts';
import type { ProofSide, ProofStep } from '../../core/vocabulary/index.ts';
import type { BuildStep, Built, ImageSeen, ProofEngine } from '../proof-engine.ts';
import type { Notes } from './notes.ts';
import { type Of, type ProofOrder, type ProofSource, tagOf } from './order.ts';

/** Builds a side, and notes whether and how fast it builds. */
export async function buildSide(
  order: ProofOrder,
  engine: ProofEngine,
  notes: Notes,
  of: Of,
  fresh: boolean,
): Promise<Built> {
  order.tell(`building the ${of}`);
  const built = await engine.build({
    dockerfile: (of === 'after' ? order.after : order.before).path,
    context: order.context,
    tag: tagOf(order, of),
    fresh,
    ...(order.target === undefined ? {} : { target: order.target }),
  });
  if (built.ok) {
    notes.value(of, 'builds', true);
    notes.value(of, 'build-seconds', built.seconds);
  } else if (built.outside) notes.missing(of, 'builds', `it could not be built: ${built.lines.at(-1) ?? ''}`);
  else notes.value(of, 'builds', false);
  return built;
}

/** The steps of a Dockerfile as the report tells them, without those of the engine's own. */
export function toldSteps(text: string, target: string | undefined, steps: readonly BuildStep[]): readonly ProofStep[] {
  const own = steps.filter(({ number }) => number > 0);
  return stepsInOrder(text, target, own).map(({ stage, step }) => ({
    ...(stage === undefined ? {} : { stage }),
    text: step.text,
    cached: step.cached,
    seconds: step.seconds,
    ...(step.began === undefined ? {} : { began: step.began }),
  }));
}

/** A side as the report tells it. */
export function sideOf({ name, text }: ProofSource, target: string | undefined, built: Built): ProofSide {
  const steps = toldSteps(text, target, built.steps);
  if (built.ok) return { name, steps };
  return { name, steps, failed: { ...(built.step === undefined ? {} : { step: built.step }), lines: built.lines } };
}

/** Notes what the engine tells of an image. */
export async function lookAtImage(order: ProofOrder, engine: ProofEngine, notes: Notes, of: Of) {
  const image = await engine.image(tagOf(order, of));
  if ('missing' in image) {
    notes.missing(of, 'image-bytes', image.missing);
    return undefined;
  }
  notes.value(of, 'image-bytes', image.bytes);
  notes.value(of, 'layers', image.layers);
  const base = await baseImage(order, engine, of);
  if ('missing' in base) notes.missing(of, 'own-bytes', base.missing);
  else notes.value(of, 'own-bytes', image.bytes - base.bytes);
  return { ...image, base };
}

/** The image that the target stands on, built from a FROM alone by the same builder. */
export async function baseImage(
  order: ProofOrder,
  engine: ProofEngine,
  of: Of,
): Promise<Pick<ImageSeen, 'bytes' | 'layerIds'> | { readonly missing: string }> {
  const { text } = of === 'after' ? order.after : order.before;
  const base = baseOf(text, order.target);
  if (base === 'scratch') return { bytes: 0, layerIds: [] };
  if (base === undefined) return { missing: 'it has no stage' };
  const side = of === 'before-again' ? 'before' : of;
  const tag = tagOf(order, `${side}-base`);
  const dockerfile = await order.write(`${side}-base.Dockerfile`, base.dockerfile);
  const built = await engine.build({ dockerfile, context: order.context, tag });
  return built.ok ? engine.image(tag) : { missing: built.lines.at(-1) ?? 'its base does not build alone' };
}
