import type { ContainerId } from '@drover/base';
import type { ContainerCreateOptions } from '../api/containers.ts';
import { speaks } from '../api-version.ts';
import type { ContainerCreateBody } from '../model/container.ts';
import type { EndpointSettings } from '../model/network.ts';
import { behaviourOf } from './behaviour.ts';
import type { FakeContainer } from './container.ts';
import { containerEvent } from './container-facts.ts';
import { conflict, Refusal } from './failure.ts';
import { completeHostConfig, joinConfig } from './join-config.ts';
import { collectMounts } from './mounts.ts';
import { OutputLog } from './output-log.ts';
import type { FakeWorld } from './world.ts';

const adjectives = ['brave', 'calm', 'eager', 'gentle', 'keen', 'merry', 'quiet', 'swift'];

/** Makes a container that does not run yet, with every refusal of the real engine that callers rely on. */
export function createContainer(
  world: FakeWorld,
  body: ContainerCreateBody,
  options: ContainerCreateOptions,
): FakeContainer {
  const image = world.image(body.Image ?? '');
  const id = world.newId() as ContainerId;
  const name = options.name ?? `${adjectives[world.containers.size % adjectives.length]}_${id.slice(0, 6)}`;
  checkName(world, name);
  const config = joinConfig(body, image, id);
  if ((config.Cmd ?? []).length === 0 && (config.Entrypoint ?? []).length === 0) {
    throw new Refusal('bad-request', 'no command specified');
  }
  const hostConfig = completeHostConfig(body.HostConfig ?? {}, world.apiVersion);
  const endpoints = collectEndpoints(world, body, hostConfig.NetworkMode ?? 'bridge');
  const container: FakeContainer = {
    id,
    name,
    image,
    config,
    hostConfig,
    created: new Date(),
    behaviour: behaviourOf(image.definition.behaviour ?? {}, config.Labels ?? {}),
    mounts: collectMounts(world, body, image),
    endpoints,
    files: new Map(),
    output: new OutputLog(),
    status: 'created',
    exitCode: 0,
    error: '',
    startedAt: null,
    finishedAt: null,
    health: null,
    restartCount: 0,
    publishedPorts: new Map(),
    process: null,
    timers: new Set(),
    stoppedByUser: false,
    waiters: new Set(),
  };
  world.containers.set(id, container);
  world.names.set(name, id);
  containerEvent(world, container, 'create');
  return container;
}

/** Refuses a name that is taken or not well formed. */
export function checkName(world: FakeWorld, name: string): void {
  if (!/^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
    throw new Refusal('bad-request', `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
  }
  const owner = world.names.get(name);
  if (owner !== undefined) {
    throw conflict(
      `Conflict. The container name "/${name}" is already in use by container "${owner}". You have to remove (or rename) that container to be able to reuse that name.`,
    );
  }
}

function collectEndpoints(
  world: FakeWorld,
  body: ContainerCreateBody,
  networkMode: string,
): Map<string, EndpointSettings> {
  const asked = Object.entries(body.NetworkingConfig?.EndpointsConfig ?? {});
  if (asked.length > 1 && !speaks(world.apiVersion, '1.44')) {
    throw new Refusal(
      'bad-request',
      `Container cannot be connected to network endpoints: ${asked.map(([name]) => name).join(', ')}`,
    );
  }
  const endpoints = new Map<string, EndpointSettings>();
  if (networkMode.startsWith('container:')) {
    world.container(networkMode.slice('container:'.length));
    if (asked.length > 0)
      throw conflict('conflicting options: cannot attach both user-defined and non-user-defined network-modes');
    return endpoints;
  }
  const primary = world.findNetwork(networkMode === 'default' ? 'bridge' : networkMode);
  endpoints.set(primary?.Id ?? networkMode, {});
  for (const [name, settings] of asked) endpoints.set(world.findNetwork(name)?.Id ?? name, settings);
  return endpoints;
}
