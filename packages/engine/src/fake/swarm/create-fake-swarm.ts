import { InternalError } from '@drover/base';
import type { NodeResources } from '../../model/node.ts';
import type { StringMap } from '../../model/wire.ts';
import {
  createMemberEngine,
  defaultResources,
  defaultTimeScale,
  type FakeEngine,
  type FakeEngineOptions,
} from '../create-fake-engine.ts';
import { endContainer } from '../lifecycle.ts';
import { FakeFabric, type FakeMember } from './fabric.ts';
import { initSwarm, joinSwarm } from './membership.ts';

export interface FakeSwarmOptions extends FakeEngineOptions {
  /** How many engines, `n1`, `n2`, …; at most 200. */
  readonly nodes: number;
  /** The first so many are managers (default 1); with 0 no engine is in a Swarm yet. */
  readonly managers?: number;
  /** Swarm's own times (delays, monitors, heartbeats) are multiplied by this; 0.01 when absent: 5 s are 50 ms. */
  readonly timeScale?: number;
  /** Labels of the engines, by name: `engine.labels.*` of placement constraints. */
  readonly engineLabels?: { readonly [name: string]: StringMap };
  readonly resources?: NodeResources;
}

/** Fake engines on one network. Names are `n1`, `n2`, … */
export interface FakeSwarm {
  readonly engines: readonly FakeEngine[];
  engine(name: string): FakeEngine;
  /** What other engines reach one by. */
  addressOf(name: string): string;
  /** Puts an image into all of them. */
  addImage: FakeEngine['control']['addImage'];
  /** Makes an image pullable from all of them. */
  publishImage: FakeEngine['control']['publishImage'];
  /** The sudden loss of a machine: its containers are gone and it answers nobody. */
  kill(name: string): void;
  /** The machine is back, with its stopped containers; a manager of a Swarm with autolock is locked. */
  start(name: string): void;
  /** Takes a machine off the network: its containers run and its engine can be asked, but nobody else hears from it. */
  cut(name: string): void;
  heal(name: string): void;
}

const mostNodes = 200;

/** Engines in memory that form Swarms as the real ones do, as far as the contract tests of this package reach. */
export function createFakeSwarm(options: FakeSwarmOptions): FakeSwarm {
  if (options.nodes > mostNodes) throw new InternalError(`making a fake Swarm: at most ${mostNodes} nodes`);
  const fabric = new FakeFabric(options.timeScale ?? defaultTimeScale);
  const made = Array.from({ length: options.nodes }, (_, index) => {
    const hostname = `n${index + 1}`;
    const host = {
      hostname,
      address: `192.0.2.${index + 1}`,
      engineLabels: options.engineLabels?.[hostname] ?? {},
      resources: options.resources ?? defaultResources,
    };
    return createMemberEngine(fabric, host, options);
  });
  formSwarm(
    made.map(({ member }) => member),
    options.managers ?? 1,
  );
  const of = (name: string) => {
    const found = made.find(({ member }) => member.hostname === name);
    if (found === undefined) throw new InternalError(`there is no fake engine ${name}`);
    return found;
  };
  return {
    engines: made.map(({ engine }) => engine),
    engine: (name) => of(name).engine,
    addressOf: (name) => of(name).member.address,
    addImage: (reference, definition) =>
      made.map(({ engine }) => engine.control.addImage(reference, definition)).at(-1) ?? '',
    publishImage: (reference, definition) => {
      for (const { engine } of made) engine.control.publishImage(reference, definition);
    },
    kill: (name) => {
      const { member, engine } = of(name);
      member.running = false;
      engine.control.disconnect();
      for (const container of member.world.containers.values()) {
        container.stoppedByUser = true;
        endContainer(member.world, container, 255);
      }
      member.cluster?.wake();
    },
    start: (name) => {
      const { member, engine } = of(name);
      member.running = true;
      const node = member.nodeId === null ? undefined : member.cluster?.nodes.get(member.nodeId);
      member.locked = node?.spec.Role === 'manager' && member.cluster?.spec.EncryptionConfig?.AutoLockManagers === true;
      engine.control.reconnect();
      member.cluster?.wake();
    },
    cut: (name) => setLinked(of(name).member, false),
    heal: (name) => setLinked(of(name).member, true),
  };
}

function setLinked(member: FakeMember, linked: boolean): void {
  member.linked = linked;
  member.cluster?.wake();
}

function formSwarm(members: readonly FakeMember[], managers: number): void {
  const [first, ...others] = members;
  if (first === undefined || managers === 0) return;
  initSwarm(first, { AdvertiseAddr: first.address });
  const tokens = first.cluster?.tokens;
  for (const [index, member] of others.entries()) {
    const JoinToken = index + 1 < managers ? tokens?.Manager : tokens?.Worker;
    joinSwarm(member, { RemoteAddrs: [first.address], JoinToken: JoinToken ?? '' });
  }
}
