import type { Io } from './io.ts';

export interface Progress {
  /** So many files are done. */
  step(files: number): void;
  /** Removes the line, before anything else is written to the terminal. */
  clear(): void;
}

const silent: Progress = { step: () => undefined, clear: () => undefined };

/** Nothing is shown of what takes less, in milliseconds. */
const patience = 300;
const pace = 100;

/** How far a run has come, on a terminal only, and never on standard output. */
export function progress({ err, env }: Io, all: number): Progress {
  if (all < 2 || env.TERM === 'dumb' || !err.isTerminal) return silent;
  let done = 0;
  let shown = false;
  let next = performance.now() + patience;
  return {
    step(files) {
      done += files;
      if (performance.now() < next) return;
      next = performance.now() + pace;
      shown = true;
      err.write(`\r\x1b[Kchecking: ${done} of ${all} files`);
    },
    clear() {
      if (shown) err.write('\r\x1b[K');
      shown = false;
    },
  };
}
