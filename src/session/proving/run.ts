import { worksConfined } from '../../core/evidence/proof/index.ts';
import type { Json } from '../../core/vocabulary/index.ts';
import type { ProofEngine } from '../proof-engine.ts';
import { type Watch, watchConfined, watchContainer } from '../watch-container.ts';
import type { Notes } from './notes.ts';
import { type Of, type ProofOrder, tagOf } from './order.ts';

/** What a shell would say of a program that it could not start. */
const notStarted = 127;

/** A program gets this long to be ready in a confined container, beside three times what it took in the other. */
const extraSeconds = 10;

/**
 * Runs an image and notes what is seen of it.
 * @returns the last lines of a program that failed
 */
export async function run(order: ProofOrder, engine: ProofEngine, notes: Notes, of: Of, watch: Watch) {
  const started = await engine.start(tagOf(order, of === 'before-again' ? 'before' : of));
  order.signal.throwIfAborted();
  if ('missing' in started) {
    notes.value(of, 'lives', { exit: notStarted });
    for (const probe of ['uid', 'argv', 'ports', 'health', 'stop-seconds'] as const)
      notes.missing(of, probe, started.missing);
    if (watch.route !== undefined) notes.missing(of, 'http-status', started.missing, watch.route.path);
    return [started.missing];
  }
  const { observations, lines, seconds } = await watchContainer(started, watch);
  for (const one of observations) notes.all.push({ of, ...one });
  await started.remove();
  const answers = !observations.some(
    ({ probe, got }) => probe === 'http-status' && 'value' in got && got.value === null,
  );
  if (seconds !== undefined && answers && of !== 'before-again') {
    const timeout = Math.min(watch.timeout, extraSeconds + 3 * seconds);
    const [uid] = observations.flatMap(({ probe, got }) =>
      probe === 'uid' && 'value' in got ? [Number(got.value)] : [],
    );
    await runConfined(order, engine, notes, of, { ...watch, timeout }, uid);
  }
  return lines;
}

/**
 * Runs it once more, with nothing to write to and no capabilities; and again when that does not work. An entrypoint that gives root up cannot
 * without capabilities: the second time it starts as the account that it would have become, which is how such images are confined.
 * @param uid of PID 1 when nothing hindered it
 */
async function runConfined(
  order: ProofOrder,
  engine: ProofEngine,
  notes: Notes,
  of: Of,
  watch: Watch,
  uid: number | undefined,
): Promise<void> {
  const seen: Json[] = [];
  const own = uid === undefined || uid === 0 ? {} : { uid };
  for (const confined of [{}, own]) {
    order.tell(`running the ${of} with a read-only root and no capabilities`);
    const started = await engine.start(tagOf(order, of), confined);
    order.signal.throwIfAborted();
    if ('missing' in started) return notes.missing(of, 'confined', started.missing);
    const does = await watchConfined(started, watch);
    await started.remove();
    if (does === worksConfined) {
      // A run that failed as root says nothing against one that works as its own account.
      if ('uid' in confined) seen.length = 0;
      seen.push(does);
      break;
    }
    seen.push(does);
  }
  for (const does of seen) notes.value(of, 'confined', does);
}
