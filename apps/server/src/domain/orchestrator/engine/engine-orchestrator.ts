import type { HostFacts } from '@drover/compose';
import type { ContainerView } from '@drover/contract';
import { type ConvergenceResult, type Desired, type Plan, type PlanOptions, planDeploy } from '@drover/orchestration';
import { containersOf } from '../../container/containers.ts';
import type { DeploymentRun, Outcome } from '../../deployment/run.ts';
import type { Host } from '../../host/host.ts';
import type { ConvergeRequest, OperateRequest, Orchestrator, RunOnceRequest, Standing } from '../orchestrator.ts';
import type { MadeRun } from '../run-once.ts';
import type { StackImages } from '../stack-images.ts';
import { convergeRun, factsOf, knownFacts, observe, trustEvents } from './converge-run.ts';
import { operate } from './operate.ts';
import { runOnce } from './run-once.ts';
import { standingProject } from './standing.ts';

/** One Docker Engine: containers are planned and made by Drover itself. */
export class EngineOrchestrator implements Orchestrator {
  readonly target = 'engine';
  readonly images: StackImages;
  readonly #host: Host;

  constructor(host: Host, images: StackImages) {
    this.#host = host;
    this.images = images;
  }

  get sharesFiles(): boolean {
    return this.#host.sharesFiles;
  }

  isConnected(): boolean {
    return this.#host.state.state === 'connected';
  }

  knownFacts(): HostFacts | undefined {
    return knownFacts(this.#host);
  }

  async collectFacts(signal?: AbortSignal): Promise<HostFacts> {
    return await factsOf(this.#host, signal);
  }

  async containers(): Promise<readonly ContainerView[]> {
    return await containersOf({ hosts: () => [this.#host] });
  }

  async explainMissing(): Promise<ReadonlyMap<string, readonly string[]>> {
    return new Map();
  }

  invalidate(): void {
    this.#host.invalidate();
  }

  async plan(desired: Desired, options: PlanOptions, signal?: AbortSignal): Promise<Plan> {
    const observed = await observe(this.#host, desired.identity.name, desired, { trusts: trustEvents, signal });
    return planDeploy(desired, observed, options);
  }

  async converge(run: DeploymentRun, request: ConvergeRequest): Promise<ConvergenceResult> {
    return await convergeRun(run, this.#host, request);
  }

  async operate(run: DeploymentRun, request: OperateRequest): Promise<Outcome> {
    return await operate(run, this.#host, request);
  }

  async standing(stack: string, signal: AbortSignal): Promise<Standing | undefined> {
    return await standingProject(this.#host, stack, signal);
  }

  async runOnce(
    desired: Desired,
    request: RunOnceRequest,
    secrets: readonly string[],
    signal?: AbortSignal,
  ): Promise<MadeRun> {
    return await runOnce(this.#host, desired, request, secrets, signal);
  }
}
