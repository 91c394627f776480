import { baseOf, claimsFor, installSteps, isRelative, judge, proofReport } from '../core/evidence/proof/index.ts';
import type {
  Json,
  Observation,
  Probe,
  ProofForetold,
  ProofReport,
  ProofSide,
  Verdict,
} from '../core/vocabulary/index.ts';
import { foretoldAndSeen } from './foretold.ts';
import type { BuildStep, Built, ProofEngine } from './proof-engine.ts';
import { type Watch, watchContainer } from './watch-container.ts';

export interface ProofSource {
  /** As the user would name it. */
  readonly name: string;
  readonly text: string;
  /** Absolute path where it lies for the build. */
  readonly path: string;
}

export interface ProofOrder {
  readonly before: ProofSource;
  readonly after: ProofSource;
  /** Absolute path of the context that both are built from. */
  readonly context: string;
  /** Writes a Dockerfile beside those of the sides, for what is under the image. */
  readonly write: (name: string, text: string) => Promise<string>;
  /** Changes a source file as no run has before; undefined when there is none to be changed. */
  readonly edit: { readonly file: string; readonly again: () => Promise<void> } | undefined;
  readonly target?: string;
  readonly fresh: boolean;
  readonly route: { readonly path: string; readonly port: number | undefined } | undefined;
  /** Seconds that a program has until it answers and is healthy. */
  readonly timeout: number;
  /** Tags of the run begin with it. */
  readonly tag: string;
  readonly signal: AbortSignal;
  readonly tell: (what: string) => void;
}

type Of = Observation['of'];

/** What a shell would say of a program that it could not start. */
const notStarted = 127;

/** Rebuilds go on until there are three, or until this many seconds are spent. */
const mostRebuilds = 3;
const rebuildBudget = 60;

/** Where the observations of a proof are collected. */
class Notes {
  readonly all: Observation[] = [];
  value(of: Of, probe: Probe, value: Json, where?: Json): void {
    this.all.push({ of, probe, ...(where === undefined ? {} : { where }), got: { value } });
  }
  missing(of: Of, probe: Probe, because: string, where?: Json): void {
    this.all.push({ of, probe, ...(where === undefined ? {} : { where }), got: { missing: because } });
  }
}

const tagOf = (order: ProofOrder, of: string) => `${order.tag}-${of}`;

/**
 * Builds both sides, runs both images, builds both again after an edit, and judges. What speaks against the after by comparison is
 * looked at once more on the before, to know what differs by itself.
 * @throws the reason of `order.signal` when it is aborted
 */
export async function prove(order: ProofOrder, engine: ProofEngine): Promise<ProofReport> {
  const notes = new Notes();
  const builtBefore = await buildSide(order, engine, notes, 'before', order.fresh);
  const builtAfter = await buildSide(order, engine, notes, 'after', order.fresh);
  let before = sideOf(order.before, builtBefore);
  let after = sideOf(order.after, builtAfter);
  let foretold: readonly ProofForetold[] = [];
  const report = (verdicts: readonly Verdict[], impossible?: string): ProofReport =>
    proofReport({
      engine: engine.name,
      before,
      after,
      observations: notes.all,
      verdicts,
      ...(foretold.length === 0 ? {} : { foretold }),
      ...(impossible === undefined ? {} : { impossible }),
    });
  const route = order.route?.path;
  if (!builtAfter.ok) {
    if (!builtBefore.ok) return report([], 'neither side could be built');
    if (builtAfter.outside) return report([], 'the after could not be built, and its Dockerfile is not to blame');
    return report(judge(claimsFor({ dependencySteps: [], healthCheck: false, route }, notes.all), notes.all));
  }

  const images = [builtBefore.ok ? ['before' as const] : [], ['after' as const]].flat();
  const seen = new Map<Of, Awaited<ReturnType<typeof lookAtImage>>>();
  for (const of of images) seen.set(of, await lookAtImage(order, engine, notes, of));
  const ports = order.route?.port ?? seen.get('after')?.ports[0] ?? seen.get('before')?.ports[0];
  const watch: Watch = {
    route: order.route && { path: order.route.path, port: ports },
    images: images.map((of) => tagOf(order, of)),
    timeout: order.timeout,
    signal: order.signal,
  };
  for (const of of images) {
    order.tell(`running the ${of}`);
    const lines = await run(order, engine, notes, of, watch);
    if (lines === undefined) continue;
    if (of === 'before') before = { ...before, failed: { lines } };
    else after = { ...after, failed: { lines } };
  }
  const installs = installSteps(order.after.text, order.target);
  foretold = await rebuild(order, engine, notes, images);

  const claims = claimsFor(
    {
      dependencySteps: installs.map(({ name }) => name),
      healthCheck: seen.get('after')?.healthCheck ?? false,
      route,
    },
    notes.all,
  );
  let verdicts = judge(claims, notes.all);
  const doubtful = verdicts.filter(
    ({ is, claim }) => is === 'refuted' && claim.kind === 'observed' && isRelative(claim.expect),
  );
  if (doubtful.length > 0 && builtBefore.ok) {
    await lookAgain(order, engine, notes, watch);
    verdicts = judge(claims, notes.all);
  }
  return report(verdicts);
}

async function buildSide(order: ProofOrder, engine: ProofEngine, notes: Notes, of: Of, fresh: boolean): Promise<Built> {
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

function sideOf({ name }: ProofSource, built: Built): ProofSide {
  const steps = built.steps.flatMap(({ number, text, cached, seconds }) =>
    number === 0 ? [] : [{ text, cached, seconds }],
  );
  if (built.ok) return { name, steps };
  return { name, steps, failed: { ...(built.step === undefined ? {} : { step: built.step }), lines: built.lines } };
}

async function lookAtImage(order: ProofOrder, engine: ProofEngine, notes: Notes, of: Of) {
  const image = await engine.image(tagOf(order, of));
  if ('missing' in image) {
    notes.missing(of, 'image-bytes', image.missing);
    return undefined;
  }
  notes.value(of, 'image-bytes', image.bytes);
  notes.value(of, 'layers', image.layers);
  const base = await baseBytes(order, engine, of);
  if (typeof base === 'number') notes.value(of, 'own-bytes', image.bytes - base);
  else notes.missing(of, 'own-bytes', base.missing);
  return image;
}

/** Bytes of the image that the target stands on, built from a FROM alone by the same builder. */
async function baseBytes(
  order: ProofOrder,
  engine: ProofEngine,
  of: Of,
): Promise<number | { readonly missing: string }> {
  const { text } = of === 'after' ? order.after : order.before;
  const base = baseOf(text, order.target);
  if (base === 'scratch') return 0;
  if (base === undefined) return { missing: 'it has no stage' };
  const side = of === 'before-again' ? 'before' : of;
  const tag = tagOf(order, `${side}-base`);
  const dockerfile = await order.write(`${side}-base.Dockerfile`, base.dockerfile);
  const built = await engine.build({ dockerfile, context: order.context, tag });
  const image = built.ok ? await engine.image(tag) : { missing: built.lines.at(-1) ?? 'its base does not build alone' };
  return 'missing' in image ? image : image.bytes;
}

/** @returns the last lines of a program that failed */
async function run(order: ProofOrder, engine: ProofEngine, notes: Notes, of: Of, watch: Watch) {
  const started = await engine.start(tagOf(order, of === 'before-again' ? 'before' : of));
  order.signal.throwIfAborted();
  if ('missing' in started) {
    notes.value(of, 'lives', { exit: notStarted });
    for (const probe of ['uid', 'argv', 'health', 'stop-seconds'] as const) notes.missing(of, probe, started.missing);
    if (watch.route !== undefined) notes.missing(of, 'http-status', started.missing, watch.route.path);
    return [started.missing];
  }
  const { observations, lines } = await watchContainer(started, watch);
  for (const one of observations) notes.all.push({ of, ...one });
  await started.remove();
  return lines;
}

/** Builds both sides after an edit, more than once while that is quick. */
async function rebuild(
  order: ProofOrder,
  engine: ProofEngine,
  notes: Notes,
  images: readonly ('before' | 'after')[],
): Promise<readonly ProofForetold[]> {
  const { edit } = order;
  const foretold: ProofForetold[] = [];
  const installs = new Map(
    images.map((of) => [of, installSteps((of === 'after' ? order.after : order.before).text, order.target)] as const),
  );
  if (edit === undefined) {
    for (const of of images)
      for (const { name } of installs.get(of) ?? [])
        notes.missing(of, 'step-cached', 'there is no source file to edit: name one with --touch', name);
    return foretold;
  }
  let spent = 0;
  for (let round = 1; round <= mostRebuilds && spent < rebuildBudget; round++) {
    await edit.again();
    for (const of of images) {
      order.tell(`building the ${of} after an edit of ${edit.file}, ${round} of ${mostRebuilds}`);
      const built = await engine.build({
        dockerfile: (of === 'after' ? order.after : order.before).path,
        context: order.context,
        tag: tagOf(order, `${of}-edited-${round}`),
        ...(order.target === undefined ? {} : { target: order.target }),
      });
      spent += built.seconds;
      const { text } = of === 'after' ? order.after : order.before;
      if (built.ok && round === 1) foretold.push(foretoldAndSeen(of, text, edit.file, order.target, built.steps));
      if (built.ok) notes.value(of, 'rebuild-seconds', built.seconds);
      else notes.missing(of, 'rebuild-seconds', 'it does not build after the edit');
      for (const install of installs.get(of) ?? []) {
        const seen = cachedOrWhyNot(built, install.find(built.steps), edit.file);
        if (typeof seen === 'boolean') notes.value(of, 'step-cached', seen, install.name);
        else notes.missing(of, 'step-cached', seen, install.name);
      }
    }
  }
  return foretold;
}

function cachedOrWhyNot(built: Built, step: BuildStep | undefined, file: string): boolean | string {
  if (!built.ok) return 'it does not build after the edit';
  if (step === undefined) return 'the engine does not tell which of its steps it is';
  const reran = built.steps.some(({ number, cached, text }) => number > 0 && !cached && !/^FROM\b/i.test(text));
  return reran ? step.cached : `an edit of ${file} reruns no step: name another file with --touch`;
}

/** The before from nothing, and run once more. */
async function lookAgain(order: ProofOrder, engine: ProofEngine, notes: Notes, watch: Watch): Promise<void> {
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
    const [image, base] = [await engine.image(tag), await baseBytes(order, engine, 'before-again')];
    if (!('missing' in image) && typeof base === 'number') notes.value('before-again', 'own-bytes', image.bytes - base);
  }
  order.tell('running the before again');
  await run(order, engine, notes, 'before-again', watch);
}
