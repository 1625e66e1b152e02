import { randomBytes } from 'node:crypto';
import type { ExecutionResult, Plan, RunPlan, RunRequest } from '@drover/orchestration';
import { Refusal } from '../refusal.ts';
import type { RunOnceRequest } from './orchestrator.ts';

/** A one-off container that was made and waits to be started. */
export interface MadeRun {
  readonly containerId: string;
  readonly name: string;
}

/** Makes what a run needs, then its container. A failure is a `Refusal` with its reason. */
export async function makeRun(
  { dependencies, container, create, name }: RunPlan,
  { service }: RunOnceRequest,
  execute: (plan: Plan) => Promise<ExecutionResult>,
): Promise<MadeRun> {
  const carryOut = async (plan: Plan): Promise<ExecutionResult> => {
    const result = await execute(plan);
    if (result.failure !== undefined) throw new Refusal('not-now', `running ${service}: ${result.failure.message}`);
    return result;
  };
  await carryOut(dependencies);
  const { created } = await carryOut(container);
  const containerId = created.get(create);
  if (containerId === undefined) throw new Refusal('not-now', `running ${service}: its container was not made`);
  return { containerId, name };
}

export function toRunRequest(request: RunOnceRequest): RunRequest {
  return {
    service: request.service,
    slug: randomBytes(6).toString('hex'),
    tty: request.tty,
    interactive: request.interactive,
    servicePorts: request.servicePorts,
    withoutDependencies: !request.dependencies,
    ...(request.command === undefined ? {} : { command: request.command }),
    ...(request.entrypoint === undefined ? {} : { entrypoint: request.entrypoint }),
    ...(request.environment === undefined ? {} : { environment: request.environment }),
    ...(request.user === undefined ? {} : { user: request.user }),
    ...(request.workdir === undefined ? {} : { workingDir: request.workdir }),
  };
}
