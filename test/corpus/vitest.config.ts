import { defineConfig } from 'vitest/config';

/** Tests of the judges themselves, over the real oracle: they need Go. */
export default defineConfig({
  test: {
    include: ['test/**/*.judged.ts'],
    testTimeout: 300_000,
    // The first run on a machine compiles the oracle.
    hookTimeout: 600_000,
  },
});
