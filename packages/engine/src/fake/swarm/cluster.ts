import type { ConfigId, NodeId, SecretId, ServiceId, TaskId } from '@drover/base';
import type { EventType } from '../../model/event.ts';
import type { ConfigSpec, SecretSpec } from '../../model/secret.ts';
import type { SwarmSpec } from '../../model/swarm.ts';
import type { StringMap } from '../../model/wire.ts';
import type { FakeNetwork } from '../world.ts';
import type { FakeFabric, FakeMember } from './fabric.ts';
import type { FakeNode, FakeObject, FakeService, FakeTask } from './objects.ts';
import { reconcile } from './reconcile.ts';

/** A secret or config. */
export interface FakeBlob<Id extends string> extends FakeObject {
  readonly id: Id;
  spec: SecretSpec & ConfigSpec;
}

/**
 * The state that the managers of a fake Swarm share.
 * INVARIANTS: whoever changes an object calls `touch` on it; a reconciliation follows every change, one at a time, until
 * nothing changes; it reads everything again and takes no input.
 */
export class FakeCluster implements FakeObject {
  readonly id: string;
  readonly fabric: FakeFabric;
  readonly createdAt = new Date().toISOString();
  updatedAt = this.createdAt;
  version = 0;
  spec: SwarmSpec;
  tokens: { Worker: string; Manager: string };
  unlockKey: string;
  leaderId: NodeId | null = null;
  readonly nodes = new Map<NodeId, FakeNode>();
  readonly services = new Map<ServiceId, FakeService>();
  readonly tasks = new Map<TaskId, FakeTask>();
  readonly secrets = new Map<SecretId, FakeBlob<SecretId>>();
  readonly configs = new Map<ConfigId, FakeBlob<ConfigId>>();
  /** Overlay networks, by id; the engines that show one share the object. */
  readonly networks = new Map<string, FakeNetwork>();
  /** Restarts so far, in milliseconds, by service, slot and spec. */
  readonly restarts = new Map<string, number[]>();
  readonly #onChange = new Set<() => void>();
  #index = 0;
  #subnet = 0;
  #scheduled = false;

  constructor(fabric: FakeFabric, spec: SwarmSpec) {
    this.fabric = fabric;
    this.id = fabric.newId();
    this.spec = spec;
    this.tokens = { Worker: this.newToken(), Manager: this.newToken() };
    this.unlockKey = `SWMKEY-1-${fabric.newId()}`;
  }

  newToken(): string {
    return `SWMTKN-1-${this.id}-${this.fabric.newId()}`;
  }

  /** Versions and times of an object that is made. */
  born(): FakeObject {
    const now = new Date().toISOString();
    this.wake();
    return { version: this.nextIndex(), createdAt: now, updatedAt: now };
  }

  /** An object has changed. */
  touch(object: FakeObject): void {
    object.version = this.nextIndex();
    object.updatedAt = new Date().toISOString();
    this.wake();
  }

  nextIndex(): number {
    this.#index += 1;
    return this.#index;
  }

  /** Reconciles soon. */
  wake(): void {
    for (const told of [...this.#onChange]) told();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.canWork()) reconcile(this);
    });
  }

  /** Reconciles once that many milliseconds are over. */
  wakeAfter(milliseconds: number): void {
    setTimeout(() => this.wake(), Math.max(0, milliseconds)).unref();
  }

  /** Tells of every change until the answer is called. */
  onChange(told: () => void): () => void {
    this.#onChange.add(told);
    return () => this.#onChange.delete(told);
  }

  managers(): readonly FakeNode[] {
    return [...this.nodes.values()].filter((node) => node.spec.Role === 'manager');
  }

  /** Whether a node takes part now. */
  isUp(node: FakeNode): boolean {
    const { member } = node;
    return member.running && member.linked && !member.locked && member.cluster === this && member.nodeId === node.id;
  }

  /** Whether more than half of the managers reach each other, and the asked one is among them. */
  hasQuorum(asked?: FakeMember): boolean {
    const managers = this.managers();
    const [only] = managers;
    if (managers.length === 1 && only !== undefined) return only.member.running && !only.member.locked;
    if (asked?.linked === false) return false;
    return managers.filter((node) => this.isUp(node)).length * 2 > managers.length;
  }

  canWork(): boolean {
    if (!this.hasQuorum()) return false;
    const leader = this.leaderId === null ? undefined : this.nodes.get(this.leaderId);
    if (leader === undefined || leader.spec.Role !== 'manager' || !this.isUp(leader))
      this.leaderId = this.managers().find((node) => this.isUp(node))?.id ?? this.managers()[0]?.id ?? null;
    return true;
  }

  /** Tells the engines of all managers, as the real ones do. */
  publish(type: EventType, action: string, id: string, attributes: StringMap): void {
    for (const { member } of this.managers())
      if (member.running && member.cluster === this) member.world.events.publish(type, action, id, attributes, 'swarm');
  }

  /** The next free subnet of the pool that the real engine takes for overlay networks. */
  nextSubnet(): { readonly Subnet: string; readonly Gateway: string } {
    const number = this.#subnet;
    this.#subnet += 1;
    const prefix = `10.${number >> 8}.${number & 255}`;
    return { Subnet: `${prefix}.0/24`, Gateway: `${prefix}.1` };
  }
}
