import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const outside = ['**/node_modules/**', '**/dist/**'];

/** Scenarios take longest: what is begun last should be short, or one worker stands idle beside it. */
class ScenariosFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isScenario = ({ moduleId }: TestSpecification) => moduleId.includes('/test/scenarios/');
    const sorted = await super.sort(files);
    return [...sorted.filter(isScenario), ...sorted.filter((file) => !isScenario(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: ScenariosFirst },
    projects: [
      {
        test: {
          name: 'unit',
          // Files of one worker share their modules: a third of the time went into loading them anew.
          isolate: false,
          // On a slow and busy machine some take five times as long as elsewhere.
          testTimeout: 30_000,
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
          // They wait more than they compute; with three, two cores have a tenth left.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 300_000,
          hookTimeout: 600_000,
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
          testTimeout: 300_000,
          hookTimeout: 600_000,
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
