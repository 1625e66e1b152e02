import { createLab, type EngineName, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliberate } from './stage/deliberate.ts';
import { differences } from './stage/differences.ts';
import { FieldProject } from './stage/field-project.ts';
import { changes } from './stage/made-only.ts';
import { normalise } from './stage/normalise.ts';

const editions: readonly EngineName[] = ['20.10', '26', '28'];

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({ hosts: editions.map((engine) => ({ engine })), images: ['busybox'] });
});

afterAll(() => lab?.down());

/** Makes a file's project with docker compose, then with Drover, and holds what the engine says of one against the other. */
async function holdTogether(file: string, edition: EngineName): Promise<readonly string[]> {
  const host = lab.hosts[editions.indexOf(edition)];
  if (host === undefined) throw new Error(`the lab has no engine ${edition}`);
  const project = await FieldProject.open(lab, host, file);
  try {
    await project.compose('create');
    const composed = await project.inspect();
    const desired = await project.stage.desired();
    expect(changes(await project.planToMake(desired)), 'after docker compose, Drover makes nothing').toEqual([]);

    await project.remove();
    const execution = await project.make(desired);
    expect(execution.failure?.message ?? execution.outcome).toBe('done');
    const made = await project.inspect();
    expect(changes(await project.planToMake(desired)), 'a second plan').toEqual([]);
    expect(await project.compose('create'), 'after Drover, docker compose makes nothing').not.toMatch(/Creat|Recreat/);

    const found = differences(normalise(composed), normalise(made));
    expect(found.filter((line) => !deliberate.some((difference) => difference.line.test(line)))).toEqual([]);
    return found;
  } finally {
    await project.close();
  }
}

describe('what Drover makes and what docker compose makes is the same, field for field', () => {
  it.concurrent.for<[string, EngineName]>([
    ['created', '20.10'],
    ['since-26', '26'],
    ['since-26', '28'],
    ['since-28', '28'],
  ])('%s on Docker Engine %s', async ([file, edition]) => {
    await holdTogether(file, edition);
  });

  it.concurrent('created on Docker Engine 28, where each deliberate difference is one', async () => {
    const found = await holdTogether('created', '28');
    const unused = deliberate.filter(({ line }) => !found.some((difference) => line.test(difference)));
    expect(unused).toEqual([]);
  });
});
