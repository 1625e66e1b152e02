import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { load, type Project } from '@drover/compose';
import { projectInput } from '@drover/compose/node/project-input';
import { createEngine, dialerFor, type Engine } from '@drover/engine';
import type { Lab } from '@drover/lab';
import { execute } from '../../src/execute/execute.ts';
import type { ExecutionResult } from '../../src/execute/execution.ts';
import { resolveSwarmImages } from '../../src/images/swarm-images.ts';
import type { FileContent } from '../../src/model/desired.ts';
import type { SwarmDesired } from '../../src/model/swarm/desired.ts';
import type { SwarmObserved } from '../../src/model/swarm/observed.ts';
import { collectSwarmObserved } from '../../src/observe/swarm/collect.ts';
import { printPlan } from '../../src/plan/print.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { planSwarmDown } from '../../src/plan/swarm/down.ts';
import { explainUnplaced } from '../../src/plan/swarm/explain-unplaced.ts';
import { converge } from '../../src/reconcile/converge.ts';
import type { ConvergenceEvent, ConvergenceResult } from '../../src/reconcile/convergence.ts';
import { swarmParts } from '../../src/reconcile/swarm-parts.ts';

/** A stack on the real Swarm of a lab, for Drover and for the real `docker stack` alike. */
export class RealSwarm {
  readonly engines: readonly Engine[];
  readonly #lab: Lab;
  readonly #nodes = new Map<string, string>();
  #revision = 0;

  private constructor(lab: Lab) {
    this.#lab = lab;
    this.engines = lab.hosts.map(({ dockerHost }) => createEngine({ dialer: dialerFor(dockerHost), buildx: null }));
  }

  /** Makes a Swarm of all hosts; the first is its manager. */
  static async create(lab: Lab): Promise<RealSwarm> {
    const swarm = new RealSwarm(lab);
    const [manager, ...others] = swarm.engines as readonly [Engine, ...Engine[]];
    const address = (index: number): string => lab.hosts[index]?.address ?? '';
    await manager.swarm.init({ ListenAddr: '0.0.0.0:2377', AdvertiseAddr: address(0) });
    const { JoinTokens } = await manager.swarm.inspect();
    for (const [index, engine] of others.entries()) {
      await engine.swarm.join({
        ListenAddr: '0.0.0.0:2377',
        AdvertiseAddr: address(index + 1),
        RemoteAddrs: [`${address(0)}:2377`],
        JoinToken: JoinTokens.Worker,
      });
    }
    for (const { ID, Description } of await manager.nodes.list()) swarm.#nodes.set(ID, Description.Hostname ?? '');
    return swarm;
  }

  get manager(): Engine {
    return this.engines[0] as Engine;
  }

  /** The file as a new revision of the stack. */
  async desired(stack: string, text: string): Promise<SwarmDesired> {
    const cwd = `${this.#lab.sharedDir}/${stack}`;
    await mkdir(cwd, { recursive: true });
    await writeFile(`${cwd}/compose.yaml`, text);
    const found = await projectInput({ cwd, environment: {}, profiles: [] });
    const loaded = found.ok ? await load(found.input) : { ok: false as const, diagnostics: found.diagnostics };
    if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
    const { project, contents, provenance } = loaded;
    this.#revision += 1;
    return {
      identity: { name: project.name, workingDir: cwd, configFiles: project.composeFiles, envFiles: [] },
      revision: this.#revision,
      project,
      images: await this.#images(project),
      contents: { secrets: filesOf(contents.secrets), configs: filesOf(contents.configs), files: new Map() },
      facts: { managerApi: await this.manager.apiVersion(), ipvs: false },
      provenance,
    };
  }

  #images(project: Project): Promise<SwarmDesired['images']> {
    const hosts = this.#lab.hosts.map(({ name }, index) => ({ name, engine: this.engines[index] as Engine }));
    return resolveSwarmImages({ engine: this.manager, manager: hosts[0]?.name ?? '', hosts, project, now: Date.now() });
  }

  converge(
    target: SwarmDesired,
    previous: SwarmDesired | null,
    more: {
      readonly onEvent?: (event: ConvergenceEvent) => void;
      readonly timeoutMs?: number;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<ConvergenceResult> {
    return converge(this.parts(), { target, previous, timeoutMs: 60_000, ...more });
  }

  parts(): ReturnType<typeof swarmParts> {
    const engineOf = (host: string): Engine => {
      const index = this.#lab.hosts.findIndex(({ name }) => name === host);
      const engine = this.engines[index];
      if (engine === undefined) throw new Error(`there is no host ${host}`);
      return engine;
    };
    return swarmParts({
      manager: this.manager,
      plan: planSwarmDeploy,
      explain: explainUnplaced,
      engineOf,
      swarm: { hostOf: (nodeId) => this.#nodes.get(nodeId), unplacedMs: 2_000 },
    });
  }

  observe(stack: string): Promise<SwarmObserved> {
    return collectSwarmObserved(this.manager, { project: stack });
  }

  async plan(desired: SwarmDesired): Promise<string> {
    return printPlan(planSwarmDeploy(desired, await this.observe(desired.identity.name)));
  }

  async down(stack: string): Promise<ExecutionResult> {
    return await execute(planSwarmDown(await this.observe(stack)), this.manager, { swarm: {} });
  }

  /** Everything in the Swarm and on its hosts that has the stack's name, one a line. */
  async standing(stack: string): Promise<string[]> {
    const { services, networks, secrets, configs } = await this.observe(stack);
    const isOwn = (name: string): boolean => name.startsWith(`${stack}_`);
    const containers = await Promise.all(
      this.engines.map((engine) =>
        engine.containers.list({ all: true, filters: { label: [`com.docker.stack.namespace=${stack}`] } }),
      ),
    );
    return [
      ...services.map(({ Spec }) => `service ${Spec.Name}`),
      ...networks.filter(({ Name }) => isOwn(Name)).map(({ Name }) => `network ${Name}`),
      ...secrets.filter(({ Spec }) => isOwn(Spec.Name)).map(({ Spec }) => `secret ${Spec.Name}`),
      ...configs.filter(({ Spec }) => isOwn(Spec.Name)).map(({ Spec }) => `config ${Spec.Name}`),
      ...containers.flat().map(({ Names }) => `container ${Names[0]}`),
    ].sort();
  }

  /** What stands once hosts have put away the containers of ended tasks, or 10 s later. */
  async settled(stack: string): Promise<string[]> {
    for (let tries = 0; ; tries += 1) {
      const left = await this.standing(stack);
      if (left.length === 0 || tries === 50) return left;
      await sleep(200);
    }
  }

  close(): void {
    for (const engine of this.engines) engine.close();
  }
}

function filesOf(texts: ReadonlyMap<string, string>): ReadonlyMap<string, FileContent> {
  const encoder = new TextEncoder();
  return new Map([...texts].map(([key, text]) => [key, { bytes: encoder.encode(text), version: hashOf(text) }]));
}

/** Short, and different for the texts of these tests. */
function hashOf(text: string): string {
  return Buffer.from(text).toString('hex').slice(0, 12);
}
