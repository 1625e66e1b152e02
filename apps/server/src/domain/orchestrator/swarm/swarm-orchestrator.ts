import type { HostFacts } from '@drover/compose';
import type { ContainerView } from '@drover/contract';
import { type ConvergenceResult, type Desired, explainMissingTasks, type Plan } from '@drover/orchestration';
import { collectSwarmObserved } from '@drover/orchestration/observe/swarm/collect';
import { planSwarmDeploy } from '@drover/orchestration/plan/swarm/deploy';
import { containersOf } from '../../container/containers.ts';
import type { Registries } from '../../credential/registries.ts';
import type { DeploymentRun, Outcome } from '../../deployment/run.ts';
import { Refusal } from '../../refusal.ts';
import type {
  ConvergeRequest,
  DeployPlanOptions,
  OperateRequest,
  Orchestrator,
  RunOnceRequest,
  Standing,
} from '../orchestrator.ts';
import type { MadeRun } from '../run-once.ts';
import type { StackImages } from '../stack-images.ts';
import { convergeOnSwarm, swarmPlanOptions } from './converge.ts';
import { currentContainers } from './current-containers.ts';
import { toSwarmDesired } from './desired.ts';
import { concernedHosts, hasManager, hostFactsOf, reachableHosts, type SwarmMembers } from './members.ts';
import { operateOnSwarm } from './operate.ts';
import { runOnceOnSwarm } from './run-once.ts';
import { standingStack } from './standing.ts';

/** How long managers may take to say why tasks are missing, in milliseconds; whoever looks at the stack waits for it. */
const explainMs = 3_000;

export interface SwarmOrchestratorOptions {
  readonly members: SwarmMembers;
  readonly images: StackImages;
  readonly registries: Registries;
}

/** A Swarm: Drover plans services and what they need, and Swarm runs the tasks. */
export class SwarmOrchestrator implements Orchestrator {
  readonly target = 'swarm';
  readonly sharesFiles = false;
  readonly images: StackImages;
  readonly #members: SwarmMembers;
  readonly #registries: Registries;

  constructor({ members, images, registries }: SwarmOrchestratorOptions) {
    this.#members = members;
    this.images = images;
    this.#registries = registries;
  }

  isConnected(): boolean {
    return hasManager(this.#members);
  }

  knownFacts(): HostFacts | undefined {
    return hostFactsOf(this.#members);
  }

  async collectFacts(): Promise<HostFacts> {
    const facts = hostFactsOf(this.#members);
    if (facts === undefined)
      throw new Refusal('not-now', 'asking the Swarm: none of its hosts can be reached; drover host ls shows why');
    return facts;
  }

  async containers(): Promise<readonly ContainerView[]> {
    const reachable = new Set(reachableHosts(this.#members).map(({ name }) => name));
    return currentContainers(await containersOf(this.#members), (host) => host !== undefined && reachable.has(host));
  }

  async explainMissing(stack: string): Promise<ReadonlyMap<string, readonly string[]>> {
    return await explainMissingTasks(this.#members.manager, stack, AbortSignal.timeout(explainMs));
  }

  invalidate(): void {
    for (const host of this.#members.hosts()) host.invalidate();
  }

  async plan(desired: Desired, options: DeployPlanOptions, signal?: AbortSignal): Promise<Plan> {
    const wanted = toSwarmDesired(desired, this.#members);
    const observed = await collectSwarmObserved(this.#members.manager, {
      project: desired.identity.name,
      desired: wanted,
      hosts: concernedHosts(this.#members, [wanted]),
      signal,
    });
    return planSwarmDeploy(wanted, observed, swarmPlanOptions(options));
  }

  async converge(run: DeploymentRun, request: ConvergeRequest): Promise<ConvergenceResult> {
    return await convergeOnSwarm(run, this.#parts(), request);
  }

  async operate(run: DeploymentRun, request: OperateRequest): Promise<Outcome> {
    return await operateOnSwarm(run, this.#parts(), request);
  }

  async standing(stack: string, signal: AbortSignal): Promise<Standing | undefined> {
    return await standingStack(this.#members, stack, signal);
  }

  async runOnce(
    desired: Desired,
    request: RunOnceRequest,
    secrets: readonly string[],
    signal?: AbortSignal,
  ): Promise<MadeRun> {
    return await runOnceOnSwarm(this.#parts(), desired, request, secrets, signal);
  }

  #parts() {
    return { members: this.#members, registries: this.#registries };
  }
}
