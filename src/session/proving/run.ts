import type { ProofEngine } from '../proof-engine.ts';
import { type Watch, watchContainer } from '../watch-container.ts';
import type { Notes } from './notes.ts';
import { type Of, type ProofOrder, tagOf } from './order.ts';

/** What a shell would say of a program that it could not start. */
const notStarted = 127;

/**
 * Runs an image and notes what is seen of it.
 * @returns the last lines of a program that failed
 */
export async function run(order: ProofOrder, engine: ProofEngine, notes: Notes, of: Of, watch: Watch) {
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
