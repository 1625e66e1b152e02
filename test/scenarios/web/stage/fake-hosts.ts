import { createFakeSwarm, type FakeSwarm } from '@drover/engine/fake';
import type { ServerParts } from '@drover/server';
import { FakeAgent } from '../../../../apps/server/test/hosts/fake-agent.ts';

type HostsOf = NonNullable<ServerParts['hostsOf']>;

/** Machines whose agents really join and dial in, with engines in memory behind them. */
export class FakeHosts {
  readonly swarm: FakeSwarm = createFakeSwarm({ nodes: 3, managers: 0 });
  readonly #agents: FakeAgent[] = [];

  constructor(images: readonly string[]) {
    for (const image of images) {
      this.swarm.addImage(image, { config: { Cmd: ['run'] }, behaviour: { logs: [`${image} is ready`] } });
      this.swarm.publishImage(image, { config: { Cmd: ['run'] } });
    }
  }

  /** The hosts that joined, their engines those of the machines that they were first named after. */
  readonly hostsOf: HostsOf = (_, own) => {
    // The agents know nothing of the engines in memory, and so nothing of what changes on them.
    const { changesOf: _told, ...ways } = own;
    const machines = new Map<string, string>();
    const list = () =>
      own.list().map((host) => {
        if (!machines.has(host.id)) machines.set(host.id, host.name);
        return { ...host, address: this.swarm.addressOf(machines.get(host.id) ?? host.name) };
      });
    return {
      ...ways,
      list,
      engineOf: (id) => this.swarm.engine(machines.get(id) ?? list().find((host) => host.id === id)?.name ?? id),
    };
  };

  /** The machine `n1`, `n2` or `n3` pastes the line. */
  async paste(machine: string, line: string): Promise<FakeAgent> {
    const port = Number(/:(\d+)\/install/.exec(line)?.[1]);
    const token = /DROVER_JOIN=(\S+)/.exec(line)?.[1] ?? '';
    const agent = await FakeAgent.make(port, machine);
    this.#agents.push(agent);
    await agent.mustJoin(token);
    await agent.connect();
    return agent;
  }

  /** The sudden loss of a machine, with its agent. */
  kill(machine: string): void {
    this.swarm.kill(machine);
    this.#agents.find(({ hostname }) => hostname === machine)?.stop();
  }

  stop(): void {
    for (const agent of this.#agents) agent.stop();
  }
}
