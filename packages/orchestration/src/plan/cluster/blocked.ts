import type { ClusterHostFacts, ObservedCluster } from '../../model/cluster/observed.ts';
import type { ClusterPlan, ClusterProblem, ClusterStep } from '../../model/cluster/step.ts';
import type { WantedCluster } from '../../model/cluster/wanted.ts';
import { compareVersions } from './engine-versions.ts';
import { byName } from './membership.ts';
import { quorumOf } from './quorum.ts';

/** What can be done while no manager tells of the Swarm: a first host begins, locked ones are unlocked, or nothing, and why. */
export function planWithoutSwarm({ hosts, leaderless }: ObservedCluster, wanted: WantedCluster): ClusterPlan {
  const sorted = [...hosts].sort(byName);
  const asked = sorted.filter(({ reachable, swarm }) => reachable && swarm !== undefined);
  const locked = asked.filter(({ swarm }) => swarm?.state === 'locked');
  if (locked.length > 0) return unlocking(locked, wanted);
  if (leaderless.length > 0) return withProblem(withoutLeader(sorted, leaderless));
  const inside = asked.filter(({ swarm }) => swarm?.state !== 'inactive');
  if (inside.length > 0) return withProblem(managersAway(inside));
  if (wanted.clusterId !== undefined) return withProblem(gone(asked));
  return beginning(asked, wanted);
}

/** The steps that unlock managers whose engines were restarted. */
export function unlocking(locked: readonly ClusterHostFacts[], { canUnlock }: WantedCluster): ClusterPlan {
  if (canUnlock === true) return { steps: locked.map(unlockStep), notices: [] };
  return withProblem({
    code: 'locked',
    message: `${listed(locked)} ${locked.length === 1 ? 'waits' : 'wait'} for the unlock key of the Swarm, which is not kept here; enter it with: docker swarm unlock`,
  });
}

export function unlockStep({ id, name }: ClusterHostFacts): ClusterStep {
  return { kind: 'swarm-unlock', target: name, hostId: id, causes: ['it was restarted and waits for the unlock key'] };
}

function withoutLeader(hosts: readonly ClusterHostFacts[], leaderless: readonly string[]): ClusterProblem {
  const answering = hosts.filter(({ id }) => leaderless.includes(id));
  const known = new Set(answering.flatMap(({ swarm }) => swarm?.remoteManagers ?? []));
  const managers = Math.max(known.size, answering.length);
  const away = hosts.filter(({ swarm, lastNodeId }) => swarm === undefined && known.has(lastNodeId ?? ''));
  const reach = `${answering.length} of ${managers} managers can be reached`;
  if (answering.length >= quorumOf(managers))
    return {
      code: 'electing',
      message: `the managers of the Swarm elect a leader (${reach}); nothing is changed meanwhile`,
    };
  const back = away.length === 0 ? 'bring a manager back' : `bring ${listed(away)} back`;
  return {
    code: 'quorum-lost',
    message:
      `the quorum of the Swarm is lost: ${reach}, ${quorumOf(managers)} are needed. What runs goes on; nothing can be ` +
      `changed. Either ${back}, or, where they are gone for good, recover the Swarm on ${listed(answering, 'or')}`,
  };
}

function managersAway(inside: readonly ClusterHostFacts[]): ClusterProblem {
  const failed = inside.find(({ swarm }) => swarm?.error !== undefined && swarm.error !== '');
  const why = failed === undefined ? '' : `; ${failed.name} says: ${failed.swarm?.error}`;
  return {
    code: 'managers-away',
    message: `no manager of the Swarm can be asked, so nothing is changed; ${listed(inside)} ${areOrIs(inside)} in it${why}`,
  };
}

function gone(asked: readonly ClusterHostFacts[]): ClusterProblem {
  const who = asked.length === 0 ? 'no host can be reached' : `${listed(asked)} ${areOrIs(asked)} in no Swarm`;
  return {
    code: 'swarm-gone',
    message: `no host of this environment is in its Swarm any more (${who}); a new one is made only when that is asked for`,
  };
}

function beginning(asked: readonly ClusterHostFacts[], wanted: WantedCluster): ClusterPlan {
  const staying = asked.filter(({ id }) => wanted.leaving?.includes(id) !== true);
  const [first] = staying.sort(
    (a, b) =>
      Number(b.availability === 'active') - Number(a.availability === 'active') ||
      compareVersions(b.engineVersion, a.engineVersion),
  );
  if (first === undefined)
    return withProblem({ code: 'no-host', message: 'no host can be reached that a Swarm could begin on' });
  const { id: hostId, name: target, address } = first;
  return {
    steps: [
      {
        kind: 'swarm-init',
        target,
        hostId,
        ...(address === undefined ? {} : { address }),
        autolock: wanted.autolock ?? false,
        causes: ['no host is in a Swarm yet'],
      },
    ],
    notices: [],
  };
}

function withProblem(problem: ClusterProblem): ClusterPlan {
  return { steps: [], problem, notices: [] };
}

function listed(hosts: readonly { readonly name: string }[], word = 'and'): string {
  const names = hosts.map(({ name }) => name);
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

function areOrIs(hosts: readonly unknown[]): string {
  return hosts.length === 1 ? 'is' : 'are';
}
