import type { HostFactsView } from '@drover/contract';

/** What a kernel can or cannot do, and what that means for what runs there. `matters`: its lack changes how a Swarm works. */
export type Ability = {
  readonly name: string;
  readonly can: boolean;
  readonly means: string;
  readonly matters: boolean;
};

/** The abilities of a host's kernel in words, each with what its being there or its lack means. */
export function abilityWords({ ipvs, wireguard, esp, criu, cgroupVersion }: HostFactsView['abilities']): Ability[] {
  return [
    {
      name: 'IPVS',
      can: ipvs,
      matters: true,
      means: ipvs
        ? 'Swarm balances services here, and its routing mesh takes their published ports'
        : 'no routing mesh: services are found by DNS round robin, and a published port answers on the hosts of its tasks only',
    },
    {
      name: 'ESP',
      can: esp,
      matters: true,
      means: esp
        ? 'overlay networks can be encrypted'
        : 'overlay networks with the option encrypted carry no traffic to and from this host',
    },
    {
      name: 'WireGuard',
      can: wireguard,
      matters: false,
      means: wireguard ? 'the kernel can end WireGuard tunnels' : 'WireGuard tunnels need a program of their own here',
    },
    {
      name: 'CRIU',
      can: criu,
      matters: false,
      means: criu ? 'the state of a container can be saved' : 'the state of a running container cannot be saved',
    },
    {
      name: 'cgroup 2',
      can: cgroupVersion === 2,
      matters: true,
      means:
        cgroupVersion === 2
          ? 'limits of memory, CPU and disk hold as they are written'
          : 'it has version 1: limits of disk throughput do not count buffered writes, and swap may go uncounted',
    },
  ];
}
