import { defineConfig } from 'vitest/config';

// One project a kind of test: they differ in what they need (nothing, an sshd, a browser, a lab) and in how long they may take.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], testTimeout: 10_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // Real servers and real time on two cores: a second try is printed as such; what fails twice fails.
          retry: 1,
          // Two files at a time also where there are two cores: they mostly wait for servers, and for time to pass.
          maxWorkers: 2,
          // A poll ends as soon as it is true; one second, the default, is short on a machine that does other things too.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          // As above: a real browser beside a machine that does other things.
          retry: 1,
          // Files of a worker share its browser: to start one costs more than most tests.
          isolate: false,
          // More files at a time than cores: those of the demo region mostly wait.
          maxWorkers: 3,
          // Pages of one file beside each other (axe): more of them than cores only run into their deadlines together.
          maxConcurrency: 2,
          // A poll ends as soon as it is true; one second, the default, is short for a browser on a machine that does other things too.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // Flows in the demo region. Vitest takes projects by their names: this one's before `e2e`.
          name: 'demo',
          include: ['test/e2e/demo/*.test.ts'],
          retry: 1,
          isolate: false,
          // As many as there, so that both run beside each other, and these, which take longest, begin.
          maxWorkers: 3,
          // Flows beside each other, each in a region of its own: they wait for it, at the pace at which the app reads it.
          maxConcurrency: 2,
          expect: { poll: { timeout: 60_000 } },
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          retry: 1,
          // Longer than the waits of a test together: one of them says what was missing, where the test’s own end would not.
          testTimeout: 400_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
