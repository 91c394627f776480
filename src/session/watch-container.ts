import { endedWith, noPorts, patience, worksConfined } from '../core/evidence/proof/index.ts';
import type { Json, Observation, Probe } from '../core/vocabulary/index.ts';
import type { ContainerState, RunningContainer } from './proof-engine.ts';

export interface Watch {
  readonly route: { readonly path: string; readonly port: number | undefined } | undefined;
  /** The image, or the one that it is compared with, says a port. */
  readonly exposes: boolean;
  /** Images that may bring a program to ask with. */
  readonly images: readonly string[];
  /** Others, where none of these does. */
  readonly moreImages: () => Promise<readonly string[]>;
  /** Seconds until it must answer and be healthy. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Told how long a program was waited for. */
  readonly waited?: (seconds: number) => void;
}

type Seen = Omit<Observation, 'of'>;

/** A program that has nothing to be asked runs when it still does after so many seconds. */
const settled = 3;
/** Paths of an observation. */
const mostPaths = 20;
/** Seconds that a program of an image that says a port has until it listens at one. */
const portPatience = 20;
/** Milliseconds between two looks at the same. */
const between = 1000;
/** Requests between two looks at log files. */
const requests = 5;
const pace = 250;
const fewLines = 10;

/** Waits until a program answers, is healthy, or ends; looks at it; stops it. */
export async function watchContainer(
  container: RunningContainer,
  watch: Watch,
): Promise<{
  readonly observations: readonly Seen[];
  readonly lines: readonly string[] | undefined;
  /** Until it was ready; undefined when it has ended. */
  readonly seconds: number | undefined;
}> {
  const observations: Seen[] = [];
  const value = (probe: Probe, got: Json, where?: string) =>
    observations.push({ probe, ...(where === undefined ? {} : { where }), got: { value: got } });
  const missing = (probe: Probe, because: string, where?: string) =>
    observations.push({ probe, ...(where === undefined ? {} : { where }), got: { missing: because } });

  const { state, answer, seconds } = await wait(container, watch);
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
    for (const probe of ['uid', 'argv', 'ports', 'health', 'stop-seconds', 'stop-exit'] as const) missing(probe, gone);
    const failed = exit !== 0 ? await container.lines(fewLines) : undefined;
    return { observations, lines: failed, seconds: undefined };
  }
  if (state.health === 'starting' && state.sick !== undefined)
    value('health', `no success in ${watch.timeout} s${state.sick === '' ? '' : `: ${state.sick}`}`);
  else if (state.health === 'starting')
    missing('health', `it is still starting after ${watch.timeout} s: see --timeout`);
  else if (state.health !== undefined) value('health', state.health);
  const written = await container.written();
  if ('missing' in written) missing('written', written.missing);
  else {
    value('written', written.paths.slice(0, mostPaths));
    value('growing-logs', await growing(container, watch, written.paths));
  }
  const inside = await lookInside(container, watch);
  if ('missing' in inside) missing('ports', inside.missing);
  else {
    value('ports', inside.ports.length === 0 ? noPorts : inside.ports.join(', '));
    value('zombies', inside.zombies.length);
  }
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
  return { observations, lines, seconds };
}

/** What a program does that may write nowhere but to /tmp and has no capabilities. */
export async function watchConfined(container: RunningContainer, watch: Watch): Promise<Json> {
  const { state, answer } = await wait(container, { ...watch, health: false });
  if (!state.running) return `ends with exit ${state.exit}`;
  if (watch.route === undefined || 'missing' in answer) return worksConfined;
  return answer.status === null ? 'gives no answer' : worksConfined;
}

/** Looks more than once where the first look may have come too early: at a port to come, at a process that is just being reaped. */
async function lookInside(container: RunningContainer, watch: Watch) {
  const look = () => withTools(watch, (images) => container.inside(images));
  const begun = performance.now();
  const most = Math.min(watch.timeout, portPatience) * 1000;
  let seen = await look();
  while (watch.exposes && !('missing' in seen) && seen.ports.length === 0 && performance.now() - begun < most) {
    await orAbort(new Promise((resolve) => setTimeout(resolve, between)), watch.signal);
    seen = await look();
  }
  if ('missing' in seen || seen.zombies.length === 0) return seen;
  await orAbort(new Promise((resolve) => setTimeout(resolve, between)), watch.signal);
  const again = await look();
  const still = 'missing' in again ? [] : again.zombies;
  return { ...seen, zombies: seen.zombies.filter((id) => still.includes(id)) };
}

/** Asks with images at hand first, then with others. */
async function withTools<T extends object>(
  { images, moreImages }: Watch,
  look: (images: readonly string[]) => Promise<T | { readonly missing: string }>,
): Promise<T | { readonly missing: string }> {
  const found = await look(images);
  if (!('missing' in found)) return found;
  const more = await moreImages();
  return more.length === 0 ? found : look(more);
}

const logFile = /\.(?:log|out|err)$|\/logs?\//i;

/** Log files that are longer after the program was asked for something. */
async function growing(container: RunningContainer, { route, images }: Watch, paths: readonly string[]) {
  const sizes = new Map<string, number>();
  for (const path of paths.filter((one) => logFile.test(one)).slice(0, mostPaths)) {
    const size = await container.sizeOf(path);
    if (size !== undefined) sizes.set(path, size);
  }
  if (sizes.size === 0) return [];
  if (route?.port !== undefined)
    for (let times = 0; times < requests; times++) await container.ask(route.port, route.path, images);
  const longer: string[] = [];
  for (const [path, size] of sizes) if (((await container.sizeOf(path)) ?? 0) > size) longer.push(path);
  return longer;
}

type Answer = { readonly status: number | null } | { readonly missing: string };

async function wait(
  container: RunningContainer,
  watch: Watch & { readonly health?: false },
): Promise<{ readonly state: ContainerState; readonly answer: Answer; readonly seconds: number }> {
  const { route, timeout, signal } = watch;
  const begun = performance.now();
  const passed = () => (performance.now() - begun) / 1000;
  let answer: Answer =
    route !== undefined && route.port === undefined
      ? { missing: 'neither image says a port by EXPOSE: name it with --port' }
      : { status: null };
  const ready = async (state: Promise<ContainerState>) => {
    watch.waited?.(passed());
    return { state: await state, answer, seconds: passed() };
  };
  for (;;) {
    signal.throwIfAborted();
    const state = await container.state();
    if (!state.running) return ready(Promise.resolve(state));
    const open = 'status' in answer && answer.status === null;
    const { port, path } = route ?? {};
    if (port !== undefined && path !== undefined && open)
      answer = await withTools(watch, (images) => container.ask(port, path, images));
    const answered = route === undefined || !('status' in answer) || answer.status !== null;
    const healthy = watch.health === false || state.health !== 'starting';
    const told = route !== undefined && 'status' in answer;
    const settledDown = answered && healthy && (told || passed() >= settled);
    if (settledDown || passed() >= timeout) return ready(container.state());
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
