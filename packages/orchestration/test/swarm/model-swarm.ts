import type { ObservedNetwork } from '../../src/model/observed.ts';
import type { Operation, OperationOf } from '../../src/model/operation.ts';
import type { Plan } from '../../src/model/plan.ts';
import { stackLabel } from '../../src/model/swarm/labels.ts';
import type { ObservedFile, ObservedNode, ObservedService, SwarmObserved } from '../../src/model/swarm/observed.ts';
import type { ServicePort, ServiceSpec } from '../../src/model/swarm/service-spec.ts';
import { standingMode } from '../../src/plan/swarm/spec/task-mode.ts';

/** A Swarm in memory that does what plans ask, refuses what a manager refuses, and fills in what a manager fills in. */
export class ModelSwarm {
  readonly services = new Map<string, ObservedService>();
  readonly networks = new Map<string, ObservedNetwork>();
  readonly secrets = new Map<string, ObservedFile>();
  readonly configs = new Map<string, ObservedFile>();
  nodes: ObservedNode[] = [];
  #next = 1;

  observe(project = 'shop'): SwarmObserved {
    const all = [...this.services.values()];
    const own = all.filter(({ Spec }) => Spec.Labels?.[stackLabel.namespace] === project);
    return {
      project,
      services: own,
      foreign: all
        .filter((each) => !own.includes(each))
        .map(({ ID, Spec }) => ({ id: ID, name: Spec.Name ?? '', ports: Spec.EndpointSpec?.Ports ?? [], uses: [] })),
      networks: [...this.networks.values()],
      secrets: [...this.secrets.values()].map(({ Spec, ...rest }) => {
        const { Data: _, ...told } = Spec;
        return { ...rest, Spec: told };
      }),
      configs: [...this.configs.values()],
      nodes: this.nodes,
      tasks: new Map(own.map(({ ID, Spec }) => [ID, tasksOf(Spec)])),
    };
  }

  /** Carries the plan out in its order; every operation must come after what it depends on. */
  apply(plan: Plan): void {
    const done = new Set<string>();
    for (const operation of plan.operations) {
      for (const id of operation.dependsOn) if (!done.has(id)) throw new Error(`${operation.id} comes before ${id}`);
      this.#do(operation);
      done.add(operation.id);
    }
  }

  addNetwork(name: string, more: Partial<ObservedNetwork> = {}): void {
    const network: ObservedNetwork = {
      Id: this.#id('net'),
      Name: name,
      Driver: 'overlay',
      Scope: 'swarm',
      EnableIPv6: false,
      IPAM: { Driver: 'default', Config: [{ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1' }] },
      Internal: false,
      Attachable: false,
      Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4097' },
      Labels: null,
      ...more,
    };
    this.networks.set(network.Id, network);
  }

  addSecret(spec: ObservedFile['Spec']): void {
    const id = this.#id('sec');
    this.secrets.set(id, { ID: id, Version: { Index: this.#next }, Spec: spec });
  }

  addConfig(spec: ObservedFile['Spec']): void {
    const id = this.#id('cfg');
    this.configs.set(id, { ID: id, Version: { Index: this.#next }, Spec: spec });
  }

  addService(spec: ServiceSpec): void {
    this.#checkPorts(spec, undefined);
    if ([...this.services.values()].some(({ Spec }) => Spec.Name === spec.Name))
      throw new Error(`name conflict ${spec.Name}`);
    const id = this.#id('svc');
    this.services.set(id, { ID: id, Version: { Index: this.#next }, Spec: this.#asKept(spec) });
  }

  #do(operation: Operation): void {
    switch (operation.kind) {
      case 'network-create': {
        const { Name, Driver, Labels, Attachable, Internal, IPAM } = operation.body;
        const pools = IPAM ? { IPAM } : {};
        const Options = operation.body.Options ?? {};
        this.addNetwork(Name, {
          Driver: Driver ?? '',
          Labels: Labels ?? null,
          Attachable: Attachable === true,
          Internal: Internal === true,
          EnableIPv6: operation.body.EnableIPv6 === true,
          Options,
          ...pools,
        });
        break;
      }
      case 'network-remove':
        this.#refuseUsed(operation.networkId, operation.name);
        this.networks.delete(operation.networkId);
        break;
      case 'secret-create':
        this.addSecret(operation.body);
        break;
      case 'config-create':
        this.addConfig(operation.body);
        break;
      case 'secret-remove':
        this.#refuseUsed(operation.secretId, operation.name);
        this.secrets.delete(operation.secretId);
        break;
      case 'config-remove':
        this.#refuseUsed(operation.configId, operation.name);
        this.configs.delete(operation.configId);
        break;
      case 'service-create':
        this.addService(operation.spec);
        break;
      case 'service-update':
        this.#update(operation);
        break;
      case 'service-remove':
        this.#remove(operation.serviceId);
        break;
      case 'service-wait':
      case 'gate':
        break;
      default:
        throw new Error(`a Swarm does no ${operation.kind}`);
    }
  }

  #remove(nameOrId: string): void {
    const found = [...this.services.values()].find(({ ID, Spec }) => ID === nameOrId || Spec.Name === nameOrId);
    if (found === undefined) throw new Error(`no service ${nameOrId}`);
    this.services.delete(found.ID);
  }

  #update({ serviceId, version, spec }: OperationOf<'service-update'>): void {
    const standing = this.services.get(serviceId);
    if (standing?.Version.Index !== version) throw new Error('update out of sequence');
    if (standingMode(standing.Spec.Mode) !== standingMode(spec.Mode))
      throw new Error('service mode change is not allowed');
    this.#checkPorts(spec, serviceId);
    this.#next += 1;
    this.services.set(serviceId, {
      ID: serviceId,
      Version: { Index: this.#next },
      Spec: this.#asKept(spec),
      PreviousSpec: standing.Spec,
    });
  }

  #asKept(spec: ServiceSpec): ServiceSpec {
    const template = spec.TaskTemplate ?? {};
    const container = template.ContainerSpec ?? {};
    const job = spec.Mode?.ReplicatedJob ?? spec.Mode?.GlobalJob;
    if (job && spec.UpdateConfig) throw new Error('job may not have an update config');
    const networkId = (target: string): string => {
      const found = [...this.networks.values()].find(({ Id, Name }) => Id === target || Name === target);
      if (found === undefined) throw new Error(`network ${target} not found`);
      return found.Id;
    };
    const idOf = (kind: 'secrets' | 'configs', id: string | null | undefined, name: string): string => {
      const found = [...this[kind].values()].find((each) => (id ? each.ID === id : each.Spec.Name === name));
      if (found === undefined) throw new Error(`${kind} ${name} not found`);
      return found.ID;
    };
    return {
      ...spec,
      EndpointSpec: {
        Mode: spec.EndpointSpec?.Mode || 'vip',
        Ports: (spec.EndpointSpec?.Ports ?? []).map((port) => ({ Protocol: 'tcp', PublishMode: 'ingress', ...port })),
      },
      TaskTemplate: {
        ...template,
        Runtime: 'container',
        ForceUpdate: template.ForceUpdate ?? 0,
        Networks: (template.Networks ?? []).map((each) => ({ ...each, Target: networkId(each.Target ?? '') })),
        Resources: { Limits: {}, Reservations: {}, ...template.Resources },
        Placement: { Platforms: [{ Architecture: 'amd64', OS: 'linux' }], ...template.Placement },
        ContainerSpec: {
          ...container,
          Isolation: container.Isolation ?? 'default',
          DNSConfig: container.DNSConfig ?? {},
          Privileges: { CredentialSpec: null, SELinuxContext: null, ...container.Privileges },
          Secrets: (container.Secrets ?? []).map((each) => ({
            ...each,
            SecretID: idOf('secrets', each.SecretID, each.SecretName ?? ''),
          })),
          Configs: (container.Configs ?? []).map((each) => ({
            ...each,
            ConfigID: idOf('configs', each.ConfigID, each.ConfigName ?? ''),
          })),
        },
      },
    };
  }

  #checkPorts(spec: ServiceSpec, self: string | undefined): void {
    const key = ({ PublishedPort, Protocol }: ServicePort): string => `${PublishedPort}/${Protocol}`;
    for (const port of (spec.EndpointSpec?.Ports ?? []).filter(({ PublishedPort }) => PublishedPort)) {
      for (const other of this.services.values()) {
        const taken = (other.Spec.EndpointSpec?.Ports ?? []).some(
          (each) => key(each) === key(port) && !(each.PublishMode === 'host' && port.PublishMode === 'host'),
        );
        if (other.ID !== self && taken) throw new Error(`port ${key(port)} is already in use by ${other.Spec.Name}`);
      }
    }
  }

  #refuseUsed(id: string, name: string): void {
    const user = [...this.services.values()].find(({ Spec }) => JSON.stringify(Spec).includes(`"${id}"`));
    if (user !== undefined) throw new Error(`${name} is in use by ${user.Spec.Name}`);
  }

  #id(kind: string): string {
    this.#next += 1;
    return `${kind}-${this.#next}`;
  }
}

function tasksOf({ Mode }: ServiceSpec): { running: number; desired: number; completed: number } {
  const wanted = Mode?.Replicated?.Replicas ?? Mode?.ReplicatedJob?.TotalCompletions ?? 1;
  const job = standingMode(Mode).endsWith('job');
  return { running: job ? 0 : wanted, desired: wanted, completed: job ? wanted : 0 };
}
