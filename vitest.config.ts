import { defineConfig } from 'vitest/config';

const outside = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/*/test/**/*.test.ts',
            'apps/*/test/**/*.test.ts',
            'lab/test/**/*.test.ts',
            'test/bench/**/*.test.ts',
            'test/boundaries/**/*.test.ts',
            'test/fields/**/*.test.ts',
          ],
          exclude: ['**/*.real.test.ts', '**/*.long.test.ts', ...outside],
        },
      },
      {
        test: {
          name: 'real',
          include: ['**/*.real.test.ts'],
          exclude: outside,
          // One file at a time: on two cores two take nearly as long as one after the other, and run into time limits.
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'real-alone',
          include: ['test/scenarios/**/*.test.ts'],
          exclude: ['**/*.real.test.ts', '**/*.long.test.ts', ...outside],
          // What these measure in the browser (moves of the layout, time, memory) must not be another file's load.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'long',
          include: ['**/*.long.test.ts'],
          exclude: outside,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 3_600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
