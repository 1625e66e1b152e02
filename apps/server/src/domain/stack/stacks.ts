import type { ContainerView, StackSummary, StackView } from '@drover/contract';
import { containerView } from '../host/container-view.ts';
import type { Host } from '../host/host.ts';
import { Refusal } from '../refusal.ts';
import { assertStackName } from './stack-name.ts';
import { describeStack } from './stack-state.ts';
import type { StackRecord } from './stack-store.ts';

export interface StacksOptions {
  readonly host: Host;
}

/** The stacks that Drover has, and the Compose projects that it could adopt. */
export class Stacks {
  readonly #host: Host;

  constructor(options: StacksOptions) {
    this.#host = options.host;
  }

  async list(): Promise<StackSummary[]> {
    const containers = await this.#containersByStack();
    const records = new Map<string, StackRecord>();
    const names = [...new Set([...records.keys(), ...containers.keys()])].sort();
    return names.map((name) => this.#describe(name, records.get(name), containers.get(name) ?? []).summary);
  }

  async get(name: string): Promise<StackView> {
    assertStackName(name);
    const containers = (await this.#containersByStack()).get(name) ?? [];
    if (containers.length === 0)
      throw new Refusal('not-found', `looking for the stack ${name}: there is none of that name`);
    const { summary, services } = this.#describe(name, undefined, containers);
    return { ...summary, serviceStates: services, undeployedEdits: false };
  }

  #describe(name: string, record: StackRecord | undefined, containers: readonly ContainerView[]) {
    return describeStack({ name, record, containers, activeDeployment: undefined, lastDeploymentFailed: false });
  }

  async #containersByStack(): Promise<Map<string, ContainerView[]>> {
    const views = (await this.#host.containers()).map(containerView);
    return Map.groupBy(
      views.filter(({ stack }) => stack !== undefined),
      ({ stack }) => stack ?? '',
    );
  }
}
