import type { ProofEngine } from '../proof-engine.ts';

/** Seconds that builds took, and programs from their start until they were ready and from the signal to their end. */
export interface Spent {
  builds: number;
  runs: number;
}

/** The same engine, whose builds, starts and stops are timed. */
export function timed(engine: ProofEngine, spent: Spent): ProofEngine {
  const during = async <T>(what: keyof Spent, promise: Promise<T>): Promise<T> => {
    const begun = performance.now();
    try {
      return await promise;
    } finally {
      spent[what] += (performance.now() - begun) / 1000;
    }
  };
  return {
    ...engine,
    build: (request) => during('builds', engine.build(request)),
    async start(tag, confined) {
      const container = await during('runs', engine.start(tag, confined));
      if ('missing' in container) return container;
      return { ...container, stop: (patience) => during('runs', container.stop(patience)) };
    },
  };
}
