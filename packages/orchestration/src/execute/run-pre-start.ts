import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ServiceHook } from '@drover/compose';
import type { ContainerInspect, Engine } from '@drover/engine';
import { extract } from 'tar-stream';
import type { ContainerBody, EndpointSettings } from '../model/container-body.ts';
import { composeLabel, composeVersion, droverLabel } from '../model/labels.ts';
import type { PutFile } from '../model/operation.ts';
import { lastLines } from './last-lines.ts';
import { fileArchive } from './put-files.ts';
import { StepFailure } from './step-failure.ts';

export interface PreStartRequest {
  readonly engine: Engine;
  readonly project: string;
  /** The container that the hook runs before; it stands and does not run. */
  readonly containerId: string;
  readonly service: string;
  readonly hook: ServiceHook;
  readonly number: number;
  readonly image: string | undefined;
  readonly signal: AbortSignal;
}

/** Removing what a hook left may take this long when everything else is given up, in milliseconds. */
const removalMs = 10_000;

/**
 * Runs a hook to its end in a container like the service's own, with its volumes, networks, secrets and configs. Rejects when it
 * ends with another code than 0. Nothing of it stays.
 */
export async function runPreStart(request: PreStartRequest): Promise<void> {
  const { engine, project, service, number, hook, signal } = request;
  const doing = `running pre_start ${number} of ${service}`;
  const like = await engine.containers.inspect(request.containerId, { signal, doing });
  await removeLeftovers(request, doing);
  const [[first, ...others], body] = bodyOf(request, like);
  const { Id } = await engine.containers.create(
    { ...body, NetworkingConfig: { EndpointsConfig: Object.fromEntries(first === undefined ? [] : [first]) } },
    { name: `${project}-${service}-pre_start-${number}`, signal, doing },
  );
  try {
    // Before API 1.44 an engine takes one network at the creation.
    for (const [network, endpoint] of others) await engine.networks.connect(network, Id, endpoint, { signal, doing });
    await copyFiles(engine, putPaths(like), { from: like.Id, to: Id, signal, doing });
    const ended = Promise.withResolvers<number>();
    const onRegistered = (): void => {
      engine.containers.start(Id, { signal, doing }).catch(ended.reject);
    };
    engine.containers
      .wait(Id, { condition: 'next-exit', onRegistered, signal, doing })
      .then(({ StatusCode }) => ended.resolve(StatusCode), ended.reject);
    const code = await ended.promise;
    if (code === 0) return;
    const evidence = await lastLines(engine, Id);
    throw new StepFailure('exited', `${doing}: ${hook.command?.join(' ') ?? 'it'} ended with code ${code}`, {
      evidence,
    });
  } finally {
    await engine.containers.remove(Id, { force: true, volumes: true, signal: AbortSignal.timeout(removalMs), doing });
  }
}

type Endpoints = readonly (readonly [network: string, endpoint: EndpointSettings])[];

/** The container's own settings with the hook's over them; no port, no address and no name of the service leads to it. */
function bodyOf(
  { project, service, hook, image }: PreStartRequest,
  like: ContainerInspect,
): [Endpoints, ContainerBody] {
  const { Config, HostConfig, NetworkSettings } = like;
  const { ExposedPorts: _ports, Healthcheck: _check, Volumes: _volumes, MacAddress: _mac, ...config } = Config;
  const { Binds: _binds, Mounts: _mounts, PortBindings: _bindings, Links: _links, ...host } = HostConfig;
  const revision = Config.Labels?.[droverLabel.revision];
  const variables = new Map([...(Config.Env ?? []), ...environmentOf(hook)].map((entry) => [nameOf(entry), entry]));
  const isConnected = !/^(?:host|none|container:)/.test(HostConfig.NetworkMode ?? '');
  const names = isConnected ? Object.keys(NetworkSettings.Networks ?? {}) : [];
  const body: ContainerBody = {
    ...config,
    Image: image ?? Config.Image,
    Cmd: hook.command,
    // Another image has an entry point of its own.
    ...(image === undefined ? {} : { Entrypoint: undefined }),
    ...(hook.user === undefined ? {} : { User: hook.user }),
    ...(hook.working_dir === undefined ? {} : { WorkingDir: hook.working_dir }),
    Env: [...variables.values()],
    Healthcheck: { Test: ['NONE'] },
    Labels: {
      [composeLabel.project]: project,
      [composeLabel.service]: service,
      [composeLabel.version]: composeVersion,
      [composeLabel.oneOff]: 'True',
      [composeLabel.hook]: 'pre_start',
      ...(revision === undefined ? {} : { [droverLabel.revision]: revision }),
    },
    HostConfig: {
      ...host,
      Privileged: hook.privileged === true || HostConfig.Privileged === true,
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      VolumesFrom: [...(HostConfig.VolumesFrom ?? []), like.Id],
    },
  };
  return [names.map((name) => [name, {}] as const), body];
}

function environmentOf({ environment }: ServiceHook): string[] {
  return Object.entries(environment ?? {}).map(([name, value]) => (value === null ? name : `${name}=${value}`));
}

function nameOf(variable: string): string {
  return variable.split('=', 1)[0] ?? variable;
}

/** Paths of the secrets and configs that were put into a container, of which volumes know nothing. */
function putPaths({ Config }: ContainerInspect): string[] {
  const label = Config.Labels?.[droverLabel.contents] ?? '';
  return label.split(',').flatMap((part) => /@(\/.*)=/.exec(part)?.[1] ?? []);
}

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
  readonly doing: string;
}

async function copyFiles(engine: Engine, paths: readonly string[], { from, to, ...options }: Copy): Promise<void> {
  const files: PutFile[] = [];
  for (const path of paths) {
    const { archive } = await engine.containers.getArchive(from, path, options);
    for await (const entry of Readable.from(archive).pipe(extract())) {
      const { mode = 0o444, uid = 0, gid = 0 } = entry.header;
      files.push({ path, bytes: await buffer(entry), mode, uid, gid });
    }
  }
  if (files.length === 0) return;
  await engine.containers.putArchive(to, '/', await fileArchive(files), { copyUidGid: true, ...options });
}

/** A crash in the middle of a hook leaves its container. */
async function removeLeftovers({ engine, project, service, signal }: PreStartRequest, doing: string): Promise<void> {
  const label = [
    `${composeLabel.project}=${project}`,
    `${composeLabel.service}=${service}`,
    `${composeLabel.hook}=pre_start`,
  ];
  for (const { Id } of await engine.containers.list({ all: true, filters: { label }, signal, doing }))
    await engine.containers.remove(Id, { force: true, volumes: true, signal, doing });
}
