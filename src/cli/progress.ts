import type { Io } from './io.ts';

export interface Progress {
  /** So many are done. */
  step(more: number): void;
  /** Removes the line, before anything else is written to the terminal. */
  clear(): void;
}

const silent: Progress = { step: () => undefined, clear: () => undefined };

/** Nothing is shown of what takes less, in milliseconds. */
const patience = 300;
const pace = 100;

/**
 * How far a run has come, on a terminal only, and never on standard output.
 * @param doing what is done, and with what
 */
export function progress(
  { err, env }: Io,
  all: number,
  doing: readonly [string, string] = ['checking', 'files'],
): Progress {
  if (all < 2 || env.TERM === 'dumb' || !err.isTerminal) return silent;
  let done = 0;
  let shown = false;
  let next = performance.now() + patience;
  return {
    step(more) {
      done += more;
      if (performance.now() < next) return;
      next = performance.now() + pace;
      shown = true;
      err.write(`\r\x1b[K${doing[0]}: ${done} of ${all} ${doing[1]}`);
    },
    clear() {
      if (shown) err.write('\r\x1b[K');
      shown = false;
    },
  };
}
