import { defineConfig } from 'vitest/config';

/** Everything but what a change to the core needs: stacks, other targets, long loads. CI runs them, `npm test -- --all` too. */
const system = [
  'test/integration/{aws-doubles,calibrate,catch-up,cdk-app,disk,drill,ec2-boot,experiment,k6,limit,monitoring,runbook-tools}.test.ts',
  'test/integration/{nightly-entry,nightly-states,package,prove-existing,scenarios,security}.test.ts',
  'test/stacks/{examples,nag}.test.ts',
];

/** Two minutes of little CPU: in CI beside the unit tests. */
const soak = 'test/soak/memory.test.ts';

/** Real brokers on two cores: one file at a time, and time to start them. */
const onBrokers = {
  globalSetup: ['test/integration/fetch-brokers.ts'],
  fileParallelism: false,
  testTimeout: 240_000,
  hookTimeout: 240_000,
  // CI machines are shared and may stall; vitest names what passed at the second attempt. Nobody else gets one.
  retry: process.env.CI === 'true' ? 1 : 0,
};

export default defineConfig({
  test: {
    // A core less is the default, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        // No test is about time, so none may fail because the machine is busy: the first synth compiles an engine.
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/nightly/**', soak, ...system],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      { test: { ...onBrokers, name: 'integration', include: ['test/integration/**/*.test.ts'], exclude: system } },
      { test: { ...onBrokers, name: 'system', include: system } },
      { test: { name: 'soak', include: [soak], testTimeout: 240_000 } },
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
