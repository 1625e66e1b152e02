import { randomBytes } from 'node:crypto';
import {
  type Desired,
  type ExecutionResult,
  execute,
  type Plan,
  planRun,
  type RunRequest,
} from '@drover/orchestration';
import type { Host } from '../../host/host.ts';
import { Refusal } from '../../refusal.ts';
import type { RunOnceRequest } from '../orchestrator.ts';
import { observe, trustEvents } from './converge-run.ts';

/** Makes a one-off container of a service, with what it depends on up, and does not start it: who attaches does. */
export async function runOnce(
  host: Host,
  desired: Desired,
  request: RunOnceRequest,
  secrets: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ containerId: string; name: string }> {
  const stack = desired.identity.name;
  const observed = await observe(host, stack, desired, { trusts: trustEvents, signal });
  const { dependencies, container, create, name } = planRun(desired, observed, toRunRequest(request));
  const carryOut = async (plan: Plan): Promise<ExecutionResult> => {
    const result = await execute(plan, host.engine, { signal, secrets });
    if (result.failure !== undefined)
      throw new Refusal('not-now', `running ${request.service}: ${result.failure.message}`);
    return result;
  };
  await carryOut(dependencies);
  const { created } = await carryOut(container);
  const containerId = created.get(create);
  if (containerId === undefined) throw new Refusal('not-now', `running ${request.service}: its container was not made`);
  return { containerId, name };
}

function toRunRequest(request: RunOnceRequest): RunRequest {
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
