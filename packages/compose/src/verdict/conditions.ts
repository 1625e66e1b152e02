import { apiVersionOf, engineOf } from './host-facts.ts';
import { type Case, when } from './rule.ts';
import type { Judgement } from './verdict.ts';

/** Holds on an engine that is older than an API version, such as `1.44`. */
export function before(api: string, judgement: Judgement): Case {
  return when(`before Docker Engine ${engineOf(api)}`, (_, __, { facts }) => !hasApi(facts.apiVersion, api), judgement);
}

/** Holds where the host is not known to run Windows. */
export function onLinux(judgement: Judgement): Case {
  return when('on Linux', (_, __, { facts }) => facts.os !== 'windows', judgement);
}

export function onWindows(judgement: Judgement): Case {
  return when('on Windows', (_, __, { facts }) => facts.os === 'windows', judgement);
}

/** Holds where the host is known to have cgroup version 2, as every current distribution has. */
export function onCgroup2(judgement: Judgement): Case {
  return when('with cgroup version 2', (_, __, { facts }) => facts.cgroupVersion === 2, judgement);
}

/** Holds where builds go through the engine's classic builder. */
export function withoutBuildx(judgement: Judgement): Case {
  return when('without buildx', (_, __, { facts }) => facts.buildx === false || facts.os === 'windows', judgement);
}

/** Holds where the kernel is known to have no IPVS. */
export function withoutIpvs(judgement: Judgement): Case {
  return when('without IPVS in the kernel', (_, __, { facts }) => facts.ipvs === false, judgement);
}

/** Holds for a service that runs as a container pinned to one host. */
export function pinned(judgement: Judgement): Case {
  return when('of a pinned container', (_, __, situation) => situation.pinned, judgement);
}

/** What is not known is taken for new. */
function hasApi(version: string | undefined, wanted: string): boolean {
  if (version === undefined) return true;
  const [have, need] = [apiVersionOf(version), apiVersionOf(wanted)];
  return have[0] > need[0] || (have[0] === need[0] && have[1] >= need[1]);
}
