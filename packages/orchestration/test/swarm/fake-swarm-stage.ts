import type { Project } from '@drover/compose';
import type { Engine } from '@drover/engine';
import { createFakeSwarm, type FakeImageDefinition, type FakeSwarm } from '@drover/engine/fake';
import { resolveSwarmImages } from '../../src/images/swarm-images.ts';
import type { SwarmDesired } from '../../src/model/swarm/desired.ts';
import type { SwarmObserved } from '../../src/model/swarm/observed.ts';
import { collectSwarmObserved, type SwarmHost } from '../../src/observe/swarm/collect.ts';
import { printPlan } from '../../src/plan/print.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { explainUnplaced } from '../../src/plan/swarm/explain-unplaced.ts';
import { converge } from '../../src/reconcile/converge.ts';
import type { ConvergenceRequest, ConvergenceResult } from '../../src/reconcile/convergence.ts';
import { swarmParts } from '../../src/reconcile/swarm-parts.ts';
import { makeSwarmDesired, type SwarmSketch } from './make-swarm-desired.ts';

export type Converging = Omit<ConvergenceRequest<SwarmDesired>, 'target' | 'previous' | 'options'>;

/** A fake Swarm of three hosts with what a test does to it again and again. */
export class FakeSwarmStage {
  readonly swarm: FakeSwarm = createFakeSwarm({ nodes: 3 });

  /** The hosts by the ids of their nodes: what runs there is asked for as by the server. */
  #nodes: ReadonlyMap<string, string> = new Map();
  #hosts: readonly SwarmHost[] | undefined;

  constructor() {
    for (const ref of ['app:1', 'app:2']) this.publish(ref, { behaviour: { healthyAfter: 5 } });
  }

  get manager(): Engine {
    return this.swarm.engine('n1');
  }

  /** Asks the engines of the hosts too, so that pinned containers can be planned. */
  async lookAtHosts(): Promise<void> {
    await this.#lookAtNodes();
    this.#hosts = [...this.#nodes].map(([nodeId, name]) => ({ name, nodeId, engine: this.swarm.engine(name) }));
  }

  async #lookAtNodes(): Promise<void> {
    const nodes = await this.manager.nodes.list();
    this.#nodes = new Map(nodes.map(({ ID, Description }) => [ID, Description.Hostname ?? '']));
  }

  publish(ref: string, definition: FakeImageDefinition = {}): void {
    this.swarm.publishImage(ref, { content: ref, config: { Cmd: ['serve'] }, ...definition });
  }

  /** `pinned` names the services that run as containers on one host. */
  async desired(project: Project, sketch: SwarmSketch = {}, pinned?: ReadonlySet<string>): Promise<SwarmDesired> {
    await this.#lookAtNodes();
    const images = await resolveSwarmImages({
      engine: this.manager,
      manager: 'n1',
      hosts: this.swarm.engines.map((engine, index) => ({ name: `n${index + 1}`, engine })),
      project,
      pinned,
      now: 0,
    });
    return { ...makeSwarmDesired(project, sketch), images };
  }

  parts(engine: Engine = this.manager): ReturnType<typeof swarmParts> {
    return swarmParts({
      manager: engine,
      plan: planSwarmDeploy,
      explain: explainUnplaced,
      engineOf: (host) => this.swarm.engine(host),
      hosts: this.#hosts,
      settleMs: 20,
      swarm: {
        unplacedMs: 200,
        hostOf: (nodeId) => this.#nodes.get(nodeId),
      },
    });
  }

  converge(target: SwarmDesired, previous: SwarmDesired | null, more: Converging = {}): Promise<ConvergenceResult> {
    return converge(this.parts(), { target, previous, ...more });
  }

  observe(): Promise<SwarmObserved> {
    return collectSwarmObserved(this.manager, { project: 'shop', hosts: this.#hosts });
  }

  async plan(desired: SwarmDesired): Promise<string> {
    return printPlan(planSwarmDeploy(desired, await this.observe()));
  }

  /** Services with their images, environment and contents, and what else stands of the stack; sorted. */
  async standing(): Promise<string[]> {
    const { services, networks, secrets, configs } = await collectSwarmObserved(this.manager, { project: 'shop' });
    return [
      ...services.map(({ Spec }) => {
        const container = Spec.TaskTemplate?.ContainerSpec;
        const env = (container?.Env ?? []).join(' ');
        const files = (container?.Secrets ?? []).map(({ SecretName }) => SecretName).join(' ');
        return `${Spec.Name} ${container?.Image} ${env} ${files}`.trim();
      }),
      ...networks.filter(({ Name }) => Name.startsWith('shop_')).map(({ Name }) => Name),
      ...secrets.map(({ Spec }) => Spec.Name),
      ...configs.map(({ Spec }) => Spec.Name),
    ].sort();
  }
}
