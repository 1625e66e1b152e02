import type {
  ClusterHostFacts,
  ClusterNode,
  ClusterSpec,
  HostAvailability,
  ObservedCluster,
} from '../../src/model/cluster/observed.ts';
import type { ClusterStep } from '../../src/model/cluster/step.ts';
import { quorumOf } from '../../src/plan/cluster/quorum.ts';

export interface ModelHost {
  readonly name: string;
  readonly zone?: string;
  readonly engineVersion?: string;
  isUp: boolean;
  availability: HostAvailability;
  labels: Record<string, string>;
  nodeId: string;
  locked: boolean;
  /** In a Swarm that is not ours. */
  foreign: string;
}

interface ModelNode {
  readonly id: string;
  readonly hostname: string;
  role: 'manager' | 'worker';
  availability: HostAvailability;
  labels: { readonly [name: string]: string };
  isMember: boolean;
  downForMs: number;
}

/** A Swarm in memory that does what the real one does with each step, at once. */
export class ModelSwarm {
  readonly hosts: ModelHost[];
  nodes: ModelNode[] = [];
  spec: ClusterSpec = { heartbeatMs: 5000, taskHistory: 5, autolock: false };
  exists = false;
  #count = 0;

  constructor(names: readonly (string | { name: string; zone?: string; engineVersion?: string })[]) {
    this.hosts = names.map((each) => ({
      ...(typeof each === 'string' ? { name: each } : each),
      isUp: true,
      availability: 'active',
      labels: typeof each !== 'string' && each.zone !== undefined ? { zone: each.zone } : {},
      nodeId: '',
      locked: false,
      foreign: '',
    }));
  }

  host(name: string): ModelHost {
    return this.hosts.find((host) => host.name === name) as ModelHost;
  }

  node(name: string): ModelNode | undefined {
    return this.nodes.find(({ id }) => id === this.host(name).nodeId);
  }

  /** A host goes, with everything in it. */
  lose(name: string, forMs = 3_600_000): void {
    this.host(name).isUp = false;
    const node = this.node(name);
    if (node !== undefined) node.downForMs = forMs;
  }

  comeBack(name: string): void {
    this.host(name).isUp = true;
    const node = this.node(name);
    if (node !== undefined) node.downForMs = 0;
  }

  #isUp({ id }: ModelNode): boolean {
    return this.hosts.some((host) => host.nodeId === id && host.isUp && !host.locked);
  }

  get members(): readonly ModelNode[] {
    return this.nodes.filter(({ isMember }) => isMember);
  }

  get hasQuorum(): boolean {
    return !this.exists || this.members.filter((node) => this.#isUp(node)).length >= quorumOf(this.members.length);
  }

  observe(): ObservedCluster {
    const managers = this.members.map(({ id }) => id);
    const hosts = this.hosts.map((host): ClusterHostFacts => {
      const node = this.nodes.find(({ id }) => id === host.nodeId);
      const isManager = node?.isMember === true && !host.locked;
      const { foreign } = host;
      return {
        id: host.name,
        name: host.name,
        reachable: host.isUp,
        address: `10.0.0.${this.hosts.indexOf(host) + 1}`,
        labels: host.labels,
        availability: host.availability,
        ...(host.engineVersion === undefined ? {} : { engineVersion: host.engineVersion }),
        ...(host.nodeId === '' ? {} : { lastNodeId: host.nodeId }),
        ...(!host.isUp
          ? {}
          : {
              swarm: {
                nodeId: foreign === '' ? host.nodeId : 'foreign',
                state: host.locked ? 'locked' : host.nodeId === '' && foreign === '' ? 'inactive' : 'active',
                controlAvailable: isManager || foreign !== '',
                remoteManagers: foreign === '' ? managers : ['foreign'],
                ...(foreign !== '' ? { clusterId: foreign } : isManager && this.hasQuorum ? { clusterId: 'ours' } : {}),
              },
            }),
      };
    });
    const answering = this.members.filter((node) => this.#isUp(node));
    if (!this.exists || answering.length === 0) return { hosts, leaderless: [] };
    if (!this.hasQuorum) return { hosts, leaderless: answering.map(({ hostname }) => hostname) };
    return {
      hosts,
      leaderless: [],
      swarm: { id: 'ours', spec: this.spec, nodes: this.nodes.map((node) => this.#listed(node, answering[0])) },
    };
  }

  #listed(node: ModelNode, leader: ModelNode | undefined): ClusterNode {
    const isUp = this.#isUp(node);
    const place = this.hosts.findIndex(({ name }) => name === node.hostname) + 1;
    const engineVersion = this.hosts[place - 1]?.engineVersion;
    return {
      id: node.id,
      hostname: node.hostname,
      address: `10.0.0.${place}`,
      role: node.role,
      availability: node.availability,
      labels: node.labels,
      state: isUp ? 'ready' : 'down',
      ...(engineVersion === undefined ? {} : { engineVersion }),
      ...(node.isMember ? { manager: { leader: node === leader, reachable: isUp } } : {}),
      ...(isUp ? {} : { downForMs: node.downForMs }),
    };
  }

  #add(host: ModelHost, role: 'manager' | 'worker'): void {
    this.#count += 1;
    host.nodeId = `node${this.#count}`;
    const node = { id: host.nodeId, hostname: host.name, role, availability: 'active' as const, labels: {} };
    this.nodes.push({ ...node, isMember: role === 'manager', downForMs: 0 });
  }

  #known(nodeId: string): ModelNode {
    const node = this.nodes.find(({ id }) => id === nodeId);
    if (node === undefined) throw new Error(`there is no node ${nodeId}`);
    return node;
  }

  /** Carries a step out; throws where the real Swarm refuses. */
  apply(step: ClusterStep): void {
    if (this.exists && !this.hasQuorum && step.kind !== 'swarm-unlock') throw new Error(`${step.kind}: no leader`);
    switch (step.kind) {
      case 'swarm-init': {
        this.exists = true;
        this.spec = { ...this.spec, autolock: step.autolock };
        this.#add(this.host(step.hostId), 'manager');
        return;
      }
      case 'swarm-join': {
        const host = this.host(step.hostId);
        if (host.nodeId !== '' || !host.isUp || host.foreign !== '') throw new Error(`${host.name} cannot join`);
        this.#add(host, step.role);
        return;
      }
      case 'swarm-leave': {
        const host = this.host(step.hostId);
        const node = this.node(step.hostId);
        if (node?.isMember === true) throw new Error(`${host.name} is a manager`);
        if (node !== undefined) node.downForMs = 1;
        host.nodeId = '';
        return;
      }
      case 'swarm-unlock':
        this.host(step.hostId).locked = false;
        return;
      case 'swarm-update': {
        const { heartbeatMs, taskHistory, autolock } = { ...this.spec, ...step };
        this.spec = { heartbeatMs, taskHistory, autolock };
        return;
      }
      case 'swarm-rotate':
        return;
      case 'node-promote': {
        const node = this.#known(step.nodeId);
        if (!this.#isUp(node)) throw new Error(`${node.hostname} is away`);
        node.role = 'manager';
        node.isMember = true;
        return;
      }
      case 'node-demote': {
        const node = this.#known(step.nodeId);
        if (this.members.length === 1) throw new Error(`${node.hostname} is the last manager`);
        node.role = 'worker';
        node.isMember = false;
        return;
      }
      case 'node-remove': {
        const node = this.#known(step.nodeId);
        if (node.isMember) throw new Error(`${node.hostname} is a manager`);
        this.nodes = this.nodes.filter(({ id }) => id !== node.id);
        for (const host of this.hosts) if (host.nodeId === node.id && !host.isUp) host.nodeId = 'removed';
        return;
      }
      case 'node-availability':
        this.#known(step.nodeId).availability = step.availability;
        return;
      case 'node-labels':
        this.#known(step.nodeId).labels = step.labels;
        return;
    }
  }
}
