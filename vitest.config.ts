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
            'test/boundaries/**/*.test.ts',
            'test/fields/**/*.test.ts',
          ],
          exclude: ['**/*.real.test.ts', '**/*.long.test.ts', ...outside],
        },
      },
      {
        test: {
          name: 'real',
          include: ['**/*.real.test.ts', 'test/scenarios/**/*.test.ts'],
          exclude: ['**/*.long.test.ts', ...outside],
          // Real hosts on two cores: one file at a time, so that no test waits for another's load.
          fileParallelism: false,
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
          testTimeout: 3_600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
