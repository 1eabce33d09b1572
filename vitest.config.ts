import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        // No test is about time, so none may fail because the machine is busy: the first synth compiles an engine.
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/nightly/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        // Real brokers on two cores: one file at a time, and time to start them.
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/integration/fetch-brokers.ts'],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // CI machines are shared and may stall; vitest names what passed at the second attempt. Nobody else gets one.
          retry: process.env.CI === 'true' ? 1 : 0,
        },
      },
      {
        test: {
          name: 'nightly',
          include: ['test/nightly/**/*.test.ts'],
          globalSetup: ['test/integration/fetch-brokers.ts'],
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
