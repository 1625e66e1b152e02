import { builtImageName, type ServiceImage } from '@drover/orchestration';
import { collectSwarmObserved } from '@drover/orchestration/observe/swarm/collect';
import { planSwarmDeploy } from '@drover/orchestration/plan/swarm/deploy';
import { projectFromServices } from '../../adopt/project-from-services.ts';
import type { Standing } from '../orchestrator.ts';
import { toSwarmDesired } from './desired.ts';
import { reachableHosts, type SwarmMembers } from './members.ts';

/** The stack of a name that `docker stack deploy` made; undefined where the Swarm has no services of it. */
export async function standingStack(
  members: SwarmMembers,
  stack: string,
  signal: AbortSignal,
): Promise<Standing | undefined> {
  const observed = await collectSwarmObserved(members.manager, {
    project: stack,
    hosts: reachableHosts(members),
    signal,
  });
  if (observed.services.length === 0) return undefined;
  const running = new Map(
    observed.services.map(({ Spec }) => [Spec.Name ?? '', Spec.TaskTemplate?.ContainerSpec?.Image ?? '']),
  );
  return {
    // A Swarm has no services that stand and do not run.
    runs: true,
    writtenProject: () => projectFromServices(observed),
    async images({ services }) {
      const images = new Map<string, ServiceImage>();
      for (const [name, { image, build }] of Object.entries(services)) {
        if (image === undefined && build === undefined) continue;
        const ref = image ?? builtImageName(stack, name);
        const runs = running.get(`${stack}_${name}`);
        images.set(name, standingImage(ref, runs === undefined || !namesSame(runs, ref) ? ref : runs));
      }
      return images;
    },
    plan: (desired) => planSwarmDeploy(toSwarmDesired(desired, members), observed),
  };
}

function standingImage(ref: string, runAs: string): ServiceImage {
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(runAs)?.[1] ?? '';
  return { ref, id: digest, contentDigest: digest, runAs, config: {} };
}

/** Whether a pinned reference is one of this name. */
function namesSame(pinned: string, ref: string): boolean {
  const [name = ''] = pinned.split('@');
  return pinned === ref || name === ref || name === `${ref}:latest` || name.endsWith(`/${ref}`);
}
