import { createHash } from 'node:crypto';
import type { NodeId } from '@drover/base';
import type { NodeResources } from '../../model/node.ts';
import type { StringMap } from '../../model/wire.ts';
import type { FakeWorld } from '../world.ts';
import type { FakeCluster } from './cluster.ts';

/** What a fake engine is as a possible part of a Swarm. */
export interface FakeMember {
  readonly world: FakeWorld;
  readonly fabric: FakeFabric;
  readonly hostname: string;
  readonly address: string;
  readonly engineLabels: StringMap;
  readonly resources: NodeResources;
  cluster: FakeCluster | null;
  nodeId: NodeId | null;
  /** Waits for the unlock key. */
  locked: boolean;
  /** Whether the machine runs. */
  running: boolean;
  /** Whether the other machines can reach it. */
  linked: boolean;
}

/** The network that fake engines find each other on, and the pace of its Swarms. */
export class FakeFabric {
  readonly members = new Map<string, FakeMember>();
  /** Swarm's own times are multiplied by this. */
  readonly timeScale: number;
  #counter = 0;

  constructor(timeScale: number) {
    this.timeScale = timeScale;
  }

  /** 25 digits and letters that no other call gives, as Swarm makes them. */
  newId(): string {
    this.#counter += 1;
    const digest = createHash('sha256').update(`swarm ${this.#counter}`).digest('hex');
    return BigInt(`0x${digest}`).toString(36).slice(0, 25);
  }

  /** Nanoseconds of Swarm as milliseconds of this fabric. */
  milliseconds(nanoseconds: number): number {
    return (nanoseconds / 1e6) * this.timeScale;
  }
}
