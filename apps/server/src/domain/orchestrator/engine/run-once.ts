import { type Desired, execute, planRun } from '@drover/orchestration';
import type { Host } from '../../host/host.ts';
import type { RunOnceRequest } from '../orchestrator.ts';
import { type MadeRun, makeRun, toRunRequest } from '../run-once.ts';
import { observe, trustEvents } from './converge-run.ts';

/** Makes a one-off container of a service, with what it depends on up, and does not start it: who attaches does. */
export async function runOnce(
  host: Host,
  desired: Desired,
  request: RunOnceRequest,
  secrets: readonly string[],
  signal: AbortSignal | undefined,
): Promise<MadeRun> {
  const observed = await observe(host, desired.identity.name, desired, { trusts: trustEvents, signal });
  const plan = planRun(desired, observed, toRunRequest(request));
  return await makeRun(plan, request, (part) => execute(part, host.engine, { signal, secrets }));
}
