import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterView, ContainerView, DeploymentView, HostView, StackSummary, StackView } from '@drover/contract';
import { createLab, type EngineName, type ImageName, type Lab, type LabHost } from '@drover/lab';
import { EngineHttp } from '../stage/engine-http.ts';
import type { ProgramOptions, ProgramResult, RunningProgram } from '../stage/program.ts';
import { agentScript, prepareCli, repository, serverScript } from '../stage/repository.ts';
import { Stage } from '../stage/stage.ts';

const lookMs = 100;

export interface SwarmStagePlan {
  readonly engines: readonly EngineName[];
  readonly images: readonly ImageName[];
  /** A folder with the files that it starts from. */
  readonly files?: string;
}

/** The application of the scenarios: three hosts of engine 28, which manage, and one of 20.10. */
export const appPlan: SwarmStagePlan = {
  engines: ['28', '28', '28', '20.10'],
  images: ['busybox', 'echo'],
  files: join(repository, 'test', 'scenarios', 'swarm', 'app'),
};

/** A task as the Swarm's managers tell it. */
export interface SeenTask {
  readonly id: string;
  readonly nodeId: string;
  readonly state: string;
  readonly container: string;
}

/** A server on a lab's bridge, hosts that joined by the pasted line, and the environment `prod` that made them a Swarm. */
export class SwarmStage {
  readonly lab: Lab;
  readonly stage: Stage;
  readonly #engines: ReadonlyMap<string, EngineHttp>;

  private constructor(lab: Lab, stage: Stage) {
    this.lab = lab;
    this.stage = stage;
    this.#engines = new Map(lab.hosts.map((host) => [host.name, new EngineHttp(host.socketPath)]));
  }

  /** Starts everything and resolves once every host has joined and the Swarm takes changes. */
  static async open({ engines, images, files }: SwarmStagePlan): Promise<SwarmStage> {
    const [lab] = await Promise.all([
      createLab({ hosts: engines.map((engine) => ({ engine })), images }),
      serverScript(),
      prepareCli(),
      agentScript(),
    ]);
    let opened: SwarmStage | undefined;
    try {
      const bridge = lab.registryAddress.split(':')[0];
      const stage = await Stage.open({
        host: lab.hosts[0]!,
        oracle: lab.oracle,
        sharedDir: lab.sharedDir,
        serverEnv: { DROVER_AGENT_LISTEN: `${bridge}:8421` },
        ...(files === undefined ? {} : { files }),
      });
      opened = new SwarmStage(lab, stage);
      await opened.#join();
      return opened;
    } catch (error) {
      await opened?.stage.server.stop();
      await lab.down();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.stage.server.stop();
    for (const engine of this.#engines.values()) engine.close();
    this.stage.engine.http.close();
    await this.lab.down();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The engine of a host by its own socket, past Drover. */
  engine(host: string): EngineHttp {
    const found = this.#engines.get(host);
    if (found === undefined) throw new Error(`there is no host ${host}`);
    return found;
  }

  /** `drover -E prod …`, which has to end with this code. */
  drover(args: readonly string[], exitCode = 0, options: ProgramOptions = {}): Promise<ProgramResult> {
    return this.stage.mustDrover(['-E', 'prod', ...args], exitCode, options);
  }

  startDrover(args: readonly string[]): RunningProgram {
    return this.stage.startDrover(['-E', 'prod', ...args]);
  }

  hosts(): Promise<HostView[]> {
    return this.stage.server.get('/hosts?environment=prod');
  }

  swarm(): Promise<ClusterView> {
    return this.#get('/swarm');
  }

  /** Containers that were made for one command. */
  async runs(stack: string): Promise<readonly ContainerView[]> {
    const all = await this.#get<readonly ContainerView[]>(`/containers?stack=${stack}`);
    return all.filter(({ oneOff }) => oneOff);
  }

  async containers(stack: string): Promise<readonly ContainerView[]> {
    return (await this.stateOf(stack)).serviceStates.flatMap(({ containers }) => containers);
  }

  stacks(): Promise<readonly StackSummary[]> {
    return this.#get('/stacks');
  }

  stateOf(stack: string): Promise<StackView> {
    return this.#get(`/stacks/${stack}`);
  }

  /** The newest first. */
  deployments(stack: string): Promise<DeploymentView[]> {
    return this.#get(`/stacks/${stack}/deployments`);
  }

  /** Tasks of a service that run and are to run, by a manager's own word. */
  async running(service: string, manager = 'n1'): Promise<SeenTask[]> {
    const filters = encodeURIComponent(JSON.stringify({ service: [service], 'desired-state': ['running'] }));
    const tasks = await this.engine(manager).json<Task[]>('GET', `/tasks?filters=${filters}`);
    return tasks
      .map(({ ID, NodeID, Status }) => ({
        id: ID,
        nodeId: NodeID ?? '',
        state: Status.State,
        container: Status.ContainerStatus?.ContainerID ?? '',
      }))
      .filter(({ state }) => state === 'running');
  }

  /** What became of all tasks that the Swarm remembers of a service, for a message; times are those of `/proc/uptime`. */
  async history(service: string): Promise<string[]> {
    const bootedAt = Date.now() - uptime() * 1000;
    const filters = encodeURIComponent(JSON.stringify({ service: [service] }));
    const tasks = await this.engine('n1').json<Task[]>('GET', `/tasks?filters=${filters}`);
    return tasks
      .toSorted((a, b) => a.CreatedAt.localeCompare(b.CreatedAt))
      .map(({ Slot, NodeID, CreatedAt, DesiredState, Status, NetworksAttachments }) => {
        const since = (time: string) => ((Date.parse(time) - bootedAt) / 1000).toFixed(2);
        const addresses = NetworksAttachments?.flatMap(({ Addresses }) => Addresses ?? []) ?? [];
        const made = `task ${Slot} on ${NodeID} with ${addresses.join(', ')}, made at ${since(CreatedAt)}`;
        return `${made}: ${Status.State} since ${since(Status.Timestamp)}, wanted ${DesiredState}`;
      });
  }

  /** Containers of a service that run, on every host, asked of its engine. */
  async containersOf(service: string): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.swarm.service.name=${service}`] }));
    const path = `/containers/json?filters=${filters}`;
    const found = await Promise.all(
      [...this.#engines.values()].map((engine) => engine.json<{ Id: string }[]>('GET', path)),
    );
    return found.flat().map(({ Id }) => Id);
  }

  /** All of a stack that stands in the Swarm, by a manager's own word: `service app_web`, `secret …`. */
  async standing(stack: string, manager = 'n1'): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.stack.namespace=${stack}`] }));
    const kinds = ['services', 'secrets', 'configs', 'networks'] as const;
    const found = await Promise.all(
      kinds.map(async (kind) => {
        const all = await this.engine(manager).json<Named[]>('GET', `/${kind}?filters=${filters}`);
        return all.map(({ Spec, Name }) => `${kind.slice(0, -1)} ${Spec?.Name ?? Name}`);
      }),
    );
    return found.flat().sort();
  }

  /** Seconds until it holds; at most `limit`. */
  async until(what: string, holds: () => Promise<boolean>, limit = 30): Promise<number> {
    const began = performance.now();
    for (;;) {
      if (await holds().catch(() => false)) return (performance.now() - began) / 1000;
      if (performance.now() - began > limit * 1000) throw new Error(`${what}: not so within ${limit} s`);
      await sleep(lookMs);
    }
  }

  async untilHost(name: string, state: HostView['state'], limit?: number): Promise<number> {
    const isSo = async () => (await this.hosts()).some((host) => host.name === name && host.state === state);
    return await this.until(`${name} is ${state}`, isSo, limit);
  }

  /** Waits until the Swarm is whole: so many nodes, or one for each host, are there and nothing is left to do. */
  async untilWhole(wanted = this.lab.hosts.length): Promise<number> {
    let last: ClusterView | undefined;
    const isWhole = async (): Promise<boolean> => {
      last = await this.swarm();
      const { state, nodes } = last;
      return state === 'ready' && nodes.length === wanted && nodes.every((node) => node.state === 'ready');
    };
    try {
      return await this.until('the Swarm is whole', isWhole, 60);
    } catch (error) {
      const said = this.stage.server.output.split('\n').slice(-40);
      throw new Error([(error as Error).message, JSON.stringify(last), ...said].join('\n'), { cause: error });
    }
  }

  /** A power failure: not even a last word of its connections reaches anybody. */
  async lose(host: LabHost): Promise<void> {
    await host.cut();
    await host.kill();
  }

  /** Boots a host that was lost. No init system runs in it: the agent's start script is what is to run at boot. */
  async boot(host: LabHost): Promise<void> {
    await host.start();
    await inHost(host, '/usr/local/lib/drover-agent/start');
  }

  async #get<Answer>(path: string): Promise<Answer> {
    return await this.stage.server.get(`/environments/prod${path}`);
  }

  async #join(): Promise<void> {
    await this.stage.mustDrover(['environment', 'create', '--kind', 'swarm', 'prod']);
    const line = (await this.drover(['host', 'add'])).stdout.trim();
    // One kind of engine after the other, so that who manages does not depend on which host is the quickest.
    let joined = 0;
    for (const hosts of Map.groupBy(this.lab.hosts, ({ engine }) => engine).values()) {
      await Promise.all(hosts.map((host) => inHost(host, line)));
      joined += hosts.length;
      await this.untilWhole(joined);
    }
  }
}

interface Task {
  ID: string;
  NodeID?: string;
  Slot?: number;
  CreatedAt: string;
  DesiredState: string;
  Status: { State: string; Timestamp: string; ContainerStatus?: { ContainerID?: string } };
  NetworksAttachments?: { Addresses?: string[] }[];
}

interface Named {
  Name?: string;
  Spec?: { Name: string };
}

/** Runs a line in a host and demands that it succeeds. */
export async function inHost(host: LabHost, line: string): Promise<string> {
  const { exitCode, stdout, stderr } = await host.exec(['sh', '-c', line]);
  if (exitCode !== 0) throw new Error(`in ${host.name}: ${line}\nended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout + stderr;
}
