import { defineConfig } from 'vitest/config';

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
          ],
          exclude: ['**/*.real.test.ts', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'real',
          include: [
            'packages/*/test/**/*.real.test.ts',
            'apps/*/test/**/*.real.test.ts',
            'lab/test/**/*.real.test.ts',
            'test/scenarios/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
