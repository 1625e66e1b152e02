export type { FakeBehaviour } from './fake/behaviour.ts';
export {
  createFakeEngine,
  type FakeControl,
  type FakeEngine,
  type FakeEngineOptions,
} from './fake/create-fake-engine.ts';
export type { FakeCall, FakeCallName, FakeFault, FakeLatency } from './fake/gate.ts';
export type { FakeImageDefinition } from './fake/image.ts';
export { createFakeSwarm, type FakeSwarm, type FakeSwarmOptions } from './fake/swarm/create-fake-swarm.ts';
