import { request } from 'node:http';
import { createEngine, dialerFor } from '@drover/engine';
import type { LabHost } from '@drover/lab';
import type { Plan } from '../../src/model/plan.ts';
import type { SwarmObserved } from '../../src/model/swarm/observed.ts';
import type { ServiceSpec } from '../../src/model/swarm/service-spec.ts';
import { collectSwarmObserved } from '../../src/observe/swarm/collect.ts';

/** The manager of a Swarm of one host, spoken to in the Engine API's own words. */
export class RealSwarm {
  readonly host: LabHost;

  constructor(host: LabHost) {
    this.host = host;
  }

  async docker(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.host.exec(['docker', ...args]);
    if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** What stands, and that all of it runs: how far tasks are is not what is planned here. */
  async observe(project: string): Promise<SwarmObserved> {
    const engine = createEngine({ dialer: dialerFor(this.host.dockerHost) });
    try {
      const observed = await collectSwarmObserved(engine, { project });
      const ids = observed.services.map(({ ID }) => ID);
      return { ...observed, tasks: new Map(ids.map((id) => [id, { running: 1, desired: 1, completed: 1 }])) };
    } finally {
      engine.close();
    }
  }

  /** Makes what the plan makes; waits for nothing. */
  async apply({ operations }: Plan): Promise<void> {
    for (const operation of operations) {
      switch (operation.kind) {
        case 'network-create':
          await this.call('POST', '/networks/create', operation.body);
          break;
        case 'secret-create':
          await this.call('POST', '/secrets/create', operation.body);
          break;
        case 'config-create':
          await this.call('POST', '/configs/create', operation.body);
          break;
        case 'service-create':
          await this.call('POST', '/services/create', await this.#withIds(operation.spec));
          break;
        case 'service-update': {
          const { serviceId, version, spec } = operation;
          await this.call('POST', `/services/${serviceId}/update?version=${version}`, await this.#withIds(spec));
          break;
        }
        case 'service-remove':
          await this.call('DELETE', `/services/${operation.serviceId}`);
          break;
        default:
      }
    }
  }

  async #withIds(spec: ServiceSpec): Promise<ServiceSpec> {
    type Named = { readonly ID: string; readonly Spec: { readonly Name: string } };
    const ids = async (path: string): Promise<ReadonlyMap<string, string>> =>
      new Map((await this.call<Named[]>('GET', path)).map(({ ID, Spec }) => [Spec.Name, ID]));
    const [secrets, configs] = [await ids('/secrets'), await ids('/configs')];
    const container = spec.TaskTemplate?.ContainerSpec ?? {};
    const ContainerSpec = {
      ...container,
      Secrets: container.Secrets?.map((each) => ({ ...each, SecretID: secrets.get(each.SecretName ?? '') })),
      Configs: container.Configs?.map((each) => ({ ...each, ConfigID: configs.get(each.ConfigName ?? '') })),
    };
    return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec } };
  }

  call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const headers = { 'content-type': 'application/json' };
    const sent = request({ socketPath: this.host.socketPath, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if ((response.statusCode ?? 500) >= 400) reject(new Error(`${method} ${path}: ${text}`));
        else resolve((text === '' ? undefined : JSON.parse(text)) as Answer);
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }
}
