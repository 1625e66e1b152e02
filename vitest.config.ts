import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const outside = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
          // One file alone leaves half of two cores idle. What is promised in seconds is measured by the benchmarks.
          maxWorkers: 2,
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
