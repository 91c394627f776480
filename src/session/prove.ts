import {
  claimsFor,
  declaredSecrets,
  installSteps,
  isRelative,
  judge,
  labelArgument,
  needsBuildKit,
  proofReport,
  secretLabel,
  toolBases,
} from '../core/evidence/proof/index.ts';
import type { ProofReport, Verdict } from '../core/vocabulary/index.ts';
import type { ProofEngine } from './proof-engine.ts';
import { baseImage, buildSide, lookAtImage, sideOf } from './proving/build.ts';
import { lookForCanaries } from './proving/canary.ts';
import { rebuildChanged } from './proving/changes.ts';
import { lookAtPublished, lookInside } from './proving/image.ts';
import { Notes } from './proving/notes.ts';
import { type Of, type ProofOrder, type ProofSource, tagOf } from './proving/order.ts';
import { rebuild } from './proving/rebuild.ts';
import { run } from './proving/run.ts';
import { type Spent, timed } from './proving/spent.ts';
import type { Watch } from './watch-container.ts';

/**
 * Builds both sides, runs both images, builds both again after an edit, and judges. What speaks against the after by comparison is
 * looked at once more on the before, to know what differs by itself.
 * @throws the reason of `order.signal` when it is aborted
 */
export async function prove(order: ProofOrder, untimed: ProofEngine): Promise<ProofReport> {
  if (untimed.withoutBuildKit)
    for (const { name, text } of [order.before, order.after]) {
      const need = needsBuildKit(text);
      if (need !== undefined)
        return unbuilt(order, untimed, `${name} needs BuildKit, for ${need}, and docker has no buildx`);
    }
  const begun = performance.now();
  const spent: Spent = { builds: 0, runs: 0 };
  const engine = timed(untimed, spent);
  const notes = new Notes();
  const builtBefore = await buildSide(order, engine, notes, 'before', order.fresh);
  const builtAfter = await buildSide(order, engine, notes, 'after', order.fresh);
  let before = sideOf(order.before, order.target, builtBefore);
  let after = sideOf(order.after, order.target, builtAfter);
  let changed: Awaited<ReturnType<typeof rebuildChanged>> = { changes: [], foretold: [] };
  let edited: Awaited<ReturnType<typeof rebuild>> = { rebuilds: [], foretold: [] };
  const report = (verdicts: readonly Verdict[], impossible?: string): ProofReport => {
    const foretold = [...edited.foretold, ...changed.foretold];
    return proofReport({
      engine: engine.name,
      before,
      after,
      observations: notes.all,
      verdicts,
      seconds: { all: (performance.now() - begun) / 1000, ...spent },
      ...(edited.rebuilds.length === 0 ? {} : { rebuilds: edited.rebuilds }),
      ...(changed.changes.length === 0 ? {} : { changes: changed.changes }),
      ...(foretold.length === 0 ? {} : { foretold }),
      ...(impossible === undefined ? {} : { impossible }),
    });
  };
  const route = order.route?.path;
  if (!builtAfter.ok) {
    if (!builtBefore.ok) return report([], 'neither side could be built');
    if (builtAfter.outside) return report([], 'the after could not be built, and its Dockerfile is not to blame');
    return report(
      judge(
        claimsFor({ dependencySteps: [], healthCheck: false, secrets: [], labelArgument: undefined, route }, notes.all),
        notes.all,
      ),
    );
  }

  const images = [builtBefore.ok ? ['before' as const] : [], ['after' as const]].flat();
  const seen = new Map<Of, Awaited<ReturnType<typeof lookAtImage>>>();
  for (const of of images) seen.set(of, await lookAtImage(order, engine, notes, of));
  // A change may move the service to another port, with its EXPOSE.
  const portOf = (side: Of) =>
    order.route?.port ?? [side, 'after' as const, 'before' as const].flatMap((of) => seen.get(of)?.ports ?? [])[0];
  const moreImages = once(() => toolImages(order, engine));
  const exposes = [...seen.values()].some((image) => (image?.ports.length ?? 0) > 0);
  const watchOf = (side: Of): Watch => ({
    route: order.route && { path: order.route.path, port: portOf(side) },
    images: images.map((of) => tagOf(order, of)),
    ...{ moreImages, exposes },
    timeout: order.timeout,
    signal: order.signal,
    waited: (seconds) => {
      spent.runs += seconds;
    },
  });
  for (const of of images) {
    order.tell(`running the ${of}`);
    const lines = await run(order, engine, notes, of, watchOf(of));
    if (lines === undefined) continue;
    if (of === 'before') before = { ...before, failed: { lines } };
    else after = { ...after, failed: { lines } };
  }
  for (const of of images) {
    const image = seen.get(of);
    if (image !== undefined) await lookInside(order, engine, notes, of, image);
    await lookForCanaries(order, engine, notes, of, image?.base);
    await lookAtPublished(order, engine, notes, of);
  }
  const installs = installSteps(order.after.text, order.target);
  edited = await rebuild(order, engine, notes, images);
  if (!order.sourceOnly) changed = await rebuildChanged(order, engine, notes, images);

  const claims = claimsFor(
    {
      dependencySteps: installs.map(({ name }) => name),
      healthCheck: seen.get('after')?.healthCheck ?? false,
      labelArgument:
        order.sourceOnly || installs.length === 0 ? undefined : labelArgument(order.after.text, order.target),
      secrets: declaredSecrets(order.after.text, order.target).map(secretLabel),
      statements: order.statements,
      route,
    },
    notes.all,
  );
  let verdicts = judge(claims, notes.all);
  const doubtful = verdicts.flatMap(({ is, claim }) =>
    is === 'refuted' && claim.kind === 'observed' && isRelative(claim.expect) ? claim.probe : [],
  );
  if (doubtful.length > 0 && builtBefore.ok) {
    if (doubtful.includes('own-bytes')) await weighAgain(order, engine, notes);
    if (doubtful.some((probe) => probe !== 'own-bytes')) {
      order.tell('running the before again');
      await run(order, engine, notes, 'before-again', watchOf('before'));
    }
    verdicts = judge(claims, notes.all);
  }
  return report(verdicts);
}

/** A report without a build. */
function unbuilt({ before, after }: ProofOrder, { name }: ProofEngine, impossible: string): ProofReport {
  const side = (source: ProofSource) => ({ name: source.name, steps: [] });
  const [observations, verdicts] = [[], []];
  return proofReport({ engine: name, before: side(before), after: side(after), observations, verdicts, impossible });
}

/** Builds the images that the stages of both sides stand on: they are at hand, and one of them has tools. */
async function toolImages(order: ProofOrder, engine: ProofEngine): Promise<readonly string[]> {
  const texts = [order.after, order.before].flatMap(({ text }) => toolBases(text, order.target));
  const images: string[] = [];
  for (const [index, text] of [...new Set(texts)].entries()) {
    const tag = tagOf(order, `tools-${index}`);
    const dockerfile = await order.write(`tools-${index}.Dockerfile`, text);
    if ((await engine.build({ dockerfile, context: order.context, tag })).ok) images.push(tag);
  }
  return images;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Builds the before from nothing, for its size. */
async function weighAgain(order: ProofOrder, engine: ProofEngine, notes: Notes): Promise<void> {
  order.tell('building the before again, to know what differs by itself');
  const tag = tagOf(order, 'before-again');
  const built = await engine.build({
    dockerfile: order.before.path,
    context: order.context,
    tag,
    fresh: true,
    ...(order.target === undefined ? {} : { target: order.target }),
  });
  if (built.ok) {
    const [image, base] = [await engine.image(tag), await baseImage(order, engine, 'before-again')];
    if (!('missing' in image) && !('missing' in base))
      notes.value('before-again', 'own-bytes', image.bytes - base.bytes);
  }
}
