import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/oracle/**/*.test.ts'],
    testTimeout: 60_000,
    // The first run on a machine compiles the oracle.
    hookTimeout: 600_000,
  },
});
