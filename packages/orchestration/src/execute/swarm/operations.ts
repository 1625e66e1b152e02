import { InternalError } from '@drover/base';
import { isEngineError } from '@drover/engine';
import type { OperationKind } from '../../model/operation.ts';
import type { Executor } from '../executor.ts';
import type { Run } from '../run.ts';
import { createConfig, createSecret } from './files.ts';
import { executeServiceWait } from './service-wait.ts';
import { createService, removeService, updateService } from './services.ts';
import type { SwarmRun } from './swarm-run.ts';

type SwarmKind = Extract<OperationKind, `service-${string}` | `secret-${string}` | `config-${string}`>;

/** The operations that only a manager of a Swarm can do. */
export const swarmExecutors: { readonly [Kind in SwarmKind]: Executor<Kind> } = {
  'secret-create': (run, operation) => createSecret(run, swarmOf(run), operation),
  'secret-remove': (run, { secretId, name }) =>
    removed(run.engine.secrets.remove(secretId, { signal: run.hard, doing: `removing secret ${name}` })),
  'config-create': (run, operation) => createConfig(run, swarmOf(run), operation),
  'config-remove': (run, { configId, name }) =>
    removed(run.engine.configs.remove(configId, { signal: run.hard, doing: `removing config ${name}` })),
  'service-create': (run, operation) => createService(run, swarmOf(run), operation),
  'service-update': (run, operation) => updateService(run, swarmOf(run), operation),
  'service-remove': (run, operation) => removeService(run, swarmOf(run), operation),
  'service-wait': (run, operation) => executeServiceWait(run, swarmOf(run), operation),
};

function swarmOf({ swarm, project }: Run): SwarmRun {
  if (swarm === undefined) throw new InternalError(`executing ${project}: a single engine has no services of a Swarm`);
  return swarm;
}

async function removed(call: Promise<void>): Promise<undefined> {
  try {
    await call;
  } catch (thrown) {
    if (!isEngineError(thrown, 'not-found')) throw thrown;
  }
}
