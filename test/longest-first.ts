import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take a minute or more, the longest first. */
const longest = [
  'test/scenarios/swarm.real.test.ts',
  'test/scenarios/newcomer.real.test.ts',
  'test/scenarios/shop.real.test.ts',
  'test/scenarios/failing.real.test.ts',
  'test/scenarios/crash.real.test.ts',
  'apps/server/test/cluster/cluster.real.test.ts',
  'apps/cli/test/service/service.real.test.ts',
  'lab/test/lab.real.test.ts',
  'test/scenarios/hosts.real.test.ts',
];

/** Begins with the long files, so that none of them is left for the end, when the other worker has nothing to do any more. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification): number => {
      const found = longest.indexOf(relative(this.ctx.config.root, moduleId));
      return found === -1 ? longest.length : found;
    };
    return sorted.sort((one, other) => place(one) - place(other));
  }
}
