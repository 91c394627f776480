import { endedWith, patience } from '../core/evidence/proof/index.ts';
import type { Json, Observation, Probe } from '../core/vocabulary/index.ts';
import type { ContainerState, RunningContainer } from './proof-engine.ts';

export interface Watch {
  readonly route: { readonly path: string; readonly port: number | undefined } | undefined;
  /** Images that may bring a program to ask with. */
  readonly images: readonly string[];
  /** Seconds until it must answer and be healthy. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

type Seen = Omit<Observation, 'of'>;

/** A program that has nothing to be asked runs when it still does after so many seconds. */
const settled = 3;
const pace = 250;
const fewLines = 10;

/** Waits until a program answers, is healthy, or ends; looks at it; stops it. */
export async function watchContainer(
  container: RunningContainer,
  watch: Watch,
): Promise<{ readonly observations: readonly Seen[]; readonly lines: readonly string[] | undefined }> {
  const observations: Seen[] = [];
  const value = (probe: Probe, got: Json, where?: string) =>
    observations.push({ probe, ...(where === undefined ? {} : { where }), got: { value: got } });
  const missing = (probe: Probe, because: string, where?: string) =>
    observations.push({ probe, ...(where === undefined ? {} : { where }), got: { missing: because } });

  const { state, answer } = await wait(container, watch);
  const lives: Json = state.running ? 'running' : { exit: state.exit };
  value('lives', lives);
  const exit = endedWith(lives);
  const gone = exit === undefined ? undefined : `it ended by itself with exit ${exit}`;
  const { route } = watch;
  if (route !== undefined) {
    if ('missing' in answer) missing('http-status', answer.missing, route.path);
    else value('http-status', answer.status, route.path);
  }
  if (gone !== undefined) {
    for (const probe of ['uid', 'argv', 'health', 'stop-seconds', 'stop-exit'] as const) missing(probe, gone);
    const failed = exit !== 0 ? await container.lines(fewLines) : undefined;
    return { observations, lines: failed };
  }
  if (state.health === 'starting' && state.sick !== undefined)
    value('health', `no success in ${watch.timeout} s${state.sick === '' ? '' : `: ${state.sick}`}`);
  else if (state.health === 'starting')
    missing('health', `it is still starting after ${watch.timeout} s: see --timeout`);
  else if (state.health !== undefined) value('health', state.health);
  const first = await container.first();
  if ('missing' in first) {
    missing('uid', first.missing);
    missing('argv', first.missing);
  } else {
    value('uid', first.uid);
    value('argv', first.argv);
  }
  const silent = route !== undefined && 'status' in answer && answer.status === null;
  const lines = silent ? await container.lines(fewLines) : undefined;
  const stopped = await orAbort(container.stop(patience), watch.signal);
  value('stop-seconds', stopped.seconds);
  value('stop-exit', stopped.exit);
  return { observations, lines };
}

type Answer = { readonly status: number | null } | { readonly missing: string };

async function wait(
  container: RunningContainer,
  { route, images, timeout, signal }: Watch,
): Promise<{ readonly state: ContainerState; readonly answer: Answer }> {
  const begun = performance.now();
  const passed = () => (performance.now() - begun) / 1000;
  let answer: Answer =
    route !== undefined && route.port === undefined
      ? { missing: 'neither image says a port by EXPOSE: name it with --port' }
      : { status: null };
  for (;;) {
    signal.throwIfAborted();
    const state = await container.state();
    if (!state.running) return { state, answer };
    const open = 'status' in answer && answer.status === null;
    if (route?.port !== undefined && open) answer = await container.ask(route.port, route.path, images);
    const answered = route === undefined || !('status' in answer) || answer.status !== null;
    const ready = answered && state.health !== 'starting' && (answered && route ? true : passed() >= settled);
    if (ready || passed() >= timeout) return { state: await container.state(), answer };
    await orAbort(new Promise((resolve) => setTimeout(resolve, pace)), signal);
  }
}

/** Goes on at once when it is interrupted, whatever takes its time. */
function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
