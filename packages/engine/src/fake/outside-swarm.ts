import type { EngineConfigs } from '../api/configs.ts';
import type { EngineNodes } from '../api/nodes.ts';
import type { EngineSecrets } from '../api/secrets.ts';
import type { EngineServices } from '../api/services.ts';
import type { EngineSwarm } from '../api/swarm.ts';
import type { EngineTasks } from '../api/tasks.ts';
import type { CallOptions } from '../call-options.ts';
import { Refusal } from './failure.ts';
import type { FakeCallName, Gate } from './gate.ts';

interface SwarmCalls {
  readonly swarm: EngineSwarm;
  readonly nodes: EngineNodes;
  readonly services: EngineServices;
  readonly tasks: EngineTasks;
  readonly secrets: EngineSecrets;
  readonly configs: EngineConfigs;
}

/** The calls of an engine that is in no Swarm. */
export function createOutsideSwarm(gate: Gate): SwarmCalls {
  const refuse = (name: FakeCallName, doing: string, options: CallOptions | undefined) =>
    gate.pass({ name, target: '' }, doing, options, () => {
      throw new Refusal(
        'not-in-swarm',
        'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
      );
    });
  // biome-ignore lint/correctness/useYield: it refuses before the first line
  async function* refuseLogs(name: FakeCallName, doing: string, options: CallOptions | undefined) {
    await refuse(name, doing, options);
  }
  return {
    swarm: {
      inspect: (options) => refuse('swarm.inspect', 'reading the Swarm', options),
      init: (_, options) => refuse('swarm.init', 'making a Swarm', options),
      join: (_, options) => refuse('swarm.join', 'joining a Swarm', options),
      leave: (options) => refuse('swarm.leave', 'leaving the Swarm', options),
      update: (_version, _spec, options) => refuse('swarm.update', 'changing the Swarm', options),
      unlockKey: (options) => refuse('swarm.unlockKey', 'reading the unlock key of the Swarm', options),
      unlock: (_, options) => refuse('swarm.unlock', 'unlocking the Swarm', options),
    },
    nodes: {
      list: (options) => refuse('nodes.list', 'listing nodes', options),
      inspect: (node, options) => refuse('nodes.inspect', `reading node ${node}`, options),
      update: (node, _version, _spec, options) => refuse('nodes.update', `changing node ${node}`, options),
      remove: (node, options) => refuse('nodes.remove', `removing node ${node}`, options),
    },
    services: {
      list: (options) => refuse('services.list', 'listing services', options),
      inspect: (service, options) => refuse('services.inspect', `reading service ${service}`, options),
      create: (spec, options) => refuse('services.create', `creating service ${spec.Name}`, options),
      update: (_service, _version, spec, options) =>
        refuse('services.update', `changing service ${spec.Name}`, options),
      remove: (service, options) => refuse('services.remove', `removing service ${service}`, options),
      logs: (service, options) => refuseLogs('services.logs', `reading the log of service ${service}`, options),
    },
    tasks: {
      list: (options) => refuse('tasks.list', 'listing tasks', options),
      inspect: (task, options) => refuse('tasks.inspect', `reading task ${task}`, options),
      logs: (task, options) => refuseLogs('tasks.logs', `reading the log of task ${task}`, options),
    },
    secrets: {
      list: (options) => refuse('secrets.list', 'listing secrets', options),
      inspect: (secret, options) => refuse('secrets.inspect', `reading secret ${secret}`, options),
      create: (spec, options) => refuse('secrets.create', `creating secret ${spec.Name}`, options),
      update: (_secret, _version, spec, options) => refuse('secrets.update', `changing secret ${spec.Name}`, options),
      remove: (secret, options) => refuse('secrets.remove', `removing secret ${secret}`, options),
    },
    configs: {
      list: (options) => refuse('configs.list', 'listing configs', options),
      inspect: (config, options) => refuse('configs.inspect', `reading config ${config}`, options),
      create: (spec, options) => refuse('configs.create', `creating config ${spec.Name}`, options),
      update: (_config, _version, spec, options) => refuse('configs.update', `changing config ${spec.Name}`, options),
      remove: (config, options) => refuse('configs.remove', `removing config ${config}`, options),
    },
  };
}
