import { isEngineError } from '@drover/engine';
import type { OperationOf } from '../../model/operation.ts';
import { isContainedTree } from '../../model/swarm/current-task.ts';
import type { Run } from '../run.ts';
import type { SwarmRun } from './swarm-run.ts';

/** Makes a secret; one of the same name and labels is the same, since its name and labels hold the version of its content. */
export async function createSecret(
  run: Run,
  swarm: SwarmRun,
  { body }: OperationOf<'secret-create'>,
): Promise<undefined> {
  const options = { signal: run.hard, doing: `creating secret ${body.Name}` };
  try {
    swarm.files.set(fileKey('secret', body.Name), await run.engine.secrets.create(body, options));
  } catch (thrown) {
    if (!isEngineError(thrown, 'conflict')) throw thrown;
    const found = await run.engine.secrets.list({ ...options, filters: { name: [body.Name] } });
    const own = found.find(({ Spec }) => Spec.Name === body.Name && isContainedTree(body.Labels, Spec.Labels));
    if (own === undefined) throw thrown;
    swarm.files.set(fileKey('secret', body.Name), own.ID);
  }
}

/** Makes a config; one of the same name and content is the same. */
export async function createConfig(
  run: Run,
  swarm: SwarmRun,
  { body }: OperationOf<'config-create'>,
): Promise<undefined> {
  const options = { signal: run.hard, doing: `creating config ${body.Name}` };
  try {
    swarm.files.set(fileKey('config', body.Name), await run.engine.configs.create(body, options));
  } catch (thrown) {
    if (!isEngineError(thrown, 'conflict')) throw thrown;
    const found = await run.engine.configs.list({ ...options, filters: { name: [body.Name] } });
    const own = found.find(
      ({ Spec }) => Spec.Name === body.Name && Spec.Data === body.Data && isContainedTree(body.Labels, Spec.Labels),
    );
    if (own === undefined) throw thrown;
    swarm.files.set(fileKey('config', body.Name), own.ID);
  }
}

/** Where the id of a secret or config is kept that a run made. */
export function fileKey(kind: 'secret' | 'config', name: string): string {
  return `${kind} ${name}`;
}
