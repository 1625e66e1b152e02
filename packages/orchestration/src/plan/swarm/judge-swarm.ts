import { type HostFacts, judge, type Project, pinnedServices, verdictSentence } from '@drover/compose';
import type { SwarmDesired } from '../../model/swarm/desired.ts';
import type { SwarmObserved } from '../../model/swarm/observed.ts';
import type { Findings } from '../problems.ts';
import { speaks } from '../spec/api-version.ts';

/** The facts of a Swarm as the table of verdicts asks for them. */
export function swarmFacts({ facts }: SwarmDesired, { nodes }: Pick<SwarmObserved, 'nodes'>): HostFacts {
  const { managerApi, nodeApi = managerApi, ipvs, cgroupVersion, os } = facts;
  return {
    apiVersion: speaks(nodeApi, managerApi) ? managerApi : nodeApi,
    swarm: true,
    ...(nodes.length > 0 ? { hosts: nodes.length } : {}),
    ...(ipvs === undefined ? {} : { ipvs }),
    ...(cgroupVersion === undefined ? {} : { cgroupVersion }),
    ...(os === undefined ? {} : { os }),
  };
}

/**
 * Finds every field that a Swarm does not do: a problem where it is refused, a notice where it is ignored. Answers the services that
 * run as containers pinned to a host, with the reasons.
 */
export function judgeSwarm(
  project: Project,
  facts: HostFacts,
  findings: Findings,
): ReadonlyMap<string, readonly string[]> {
  for (const field of judge(project, undefined, 'swarm', facts).fields) {
    const sentence = (): string => verdictSentence(field, 'swarm');
    if (field.verdict === 'refused') findings.problem('unsupported', sentence(), field.path);
    else if (field.verdict === 'ignored') findings.notice(sentence(), field.path);
  }
  return pinnedServices(project, facts);
}
