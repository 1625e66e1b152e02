import { type Desired, execute, planSwarmRun } from '@drover/orchestration';
import { collectSwarmObserved } from '@drover/orchestration/observe/swarm/collect';
import type { RunOnceRequest } from '../orchestrator.ts';
import { type MadeRun, makeRun, toRunRequest } from '../run-once.ts';
import { executionOn, type SwarmWork } from './converge.ts';
import { toSwarmDesired } from './desired.ts';
import { reachableHosts } from './members.ts';

/** Makes a one-off container of a service on a host of the Swarm, and does not start it: who attaches does. */
export async function runOnceOnSwarm(
  work: SwarmWork,
  desired: Desired,
  request: RunOnceRequest,
  secrets: readonly string[],
  signal: AbortSignal | undefined,
): Promise<MadeRun> {
  const { members } = work;
  const wanted = toSwarmDesired(desired, members);
  const hosts = reachableHosts(members);
  const observed = await collectSwarmObserved(members.manager, {
    project: desired.identity.name,
    desired: wanted,
    hosts,
    signal,
  });
  const plan = planSwarmRun(wanted, observed, toRunRequest(request));
  // The run itself is nobody's place: only what it depends on may be pinned.
  await members.placements.note(desired.identity.name, plan.dependencies);
  const options = { signal, secrets, ...executionOn(work, observed) };
  return await makeRun(plan, request, (part) => execute(part, members.manager, options));
}
