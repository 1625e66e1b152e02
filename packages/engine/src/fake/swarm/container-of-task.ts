import type { ContainerId } from '@drover/base';
import { familiarReference } from '../../image-reference.ts';
import type { ContainerCreateBody } from '../../model/container.ts';
import type { Mount } from '../../model/host-config.ts';
import type { RegistryAuth } from '../../model/image.ts';
import type { ConfigReference, SecretReference } from '../../model/task.ts';
import { createContainer } from '../create-container.ts';
import { removeContainer } from '../lifecycle.ts';
import { connectContainer } from '../networking.ts';
import type { FakeWorld } from '../world.ts';
import type { FakeCluster } from './cluster.ts';
import type { FakeNode, FakeService, FakeTask } from './objects.ts';
import { expandTemplate, taskName, templateValues } from './template.ts';

/** Makes the container of a task on its node, pulling its image; throws why it cannot be. */
export function createTaskContainer(
  cluster: FakeCluster,
  service: FakeService,
  task: FakeTask,
  node: FakeNode,
): ContainerId {
  const { world } = node.member;
  pullIfPossible(world, withoutTag(task.spec.ContainerSpec?.Image ?? ''), service.registryAuth);
  const networks = (task.spec.Networks ?? []).map(({ Target }) => {
    const shared = cluster.networks.get(Target);
    if (shared !== undefined) world.networks.set(shared.Id, shared);
    return shared ?? world.network(Target);
  });
  const [first, ...others] = networks;
  const container = createContainer(
    world,
    { ...bodyOf(service, task, node), ...(first === undefined ? {} : networking(first.Name, task, first.Id)) },
    { name: taskName(service, task) },
  );
  for (const network of others)
    connectContainer(world, network, container, { Aliases: aliasesOf(task, network.Id, network.Name) });
  putFiles(cluster, container.files, task.spec.ContainerSpec?.Secrets ?? [], task.spec.ContainerSpec?.Configs ?? []);
  return container.id;
}

export function removeTaskContainer(world: FakeWorld, task: FakeTask): void {
  const container = task.containerId === null ? undefined : world.containers.get(task.containerId);
  if (container !== undefined) removeContainer(world, container, { force: true, volumes: true });
}

/** A node pulls what it lacks; what it cannot get shows as `No such image`, as in the real one. */
function pullIfPossible(world: FakeWorld, image: string, auth: RegistryAuth | undefined): void {
  if (world.findImage(image) !== undefined) return;
  for (const [reference, definition] of world.registry) {
    const isMeant = image.includes('@')
      ? repositoryOf(reference) === repositoryOf(image) && image.endsWith(world.imageId(reference, definition))
      : reference === familiarReference(image);
    const { credentials } = definition;
    const isAllowed =
      credentials === undefined || (credentials.username === auth?.username && credentials.password === auth.password);
    if (isMeant && isAllowed) world.addImage(reference, definition);
  }
}

function repositoryOf(reference: string): string {
  return familiarReference(reference).replace(/[:@][^/]*$/, '');
}

/** `name:tag@digest` is looked up by its digest alone. */
function withoutTag(image: string): string {
  return image.replace(/:[^/:@]+@/, '@');
}

function networking(name: string, task: FakeTask, id: string): ContainerCreateBody {
  return {
    HostConfig: { ...hostConfigOf(task), NetworkMode: name },
    NetworkingConfig: { EndpointsConfig: { [name]: { Aliases: aliasesOf(task, id, name) } } },
  };
}

function aliasesOf(task: FakeTask, id: string, name: string): readonly string[] {
  return (task.spec.Networks ?? []).find(({ Target }) => Target === id || Target === name)?.Aliases ?? [];
}

function bodyOf(service: FakeService, task: FakeTask, node: FakeNode): ContainerCreateBody {
  const spec = task.spec.ContainerSpec ?? {};
  const values = templateValues(service, task, node);
  const grace = spec.StopGracePeriod == null ? {} : { StopTimeout: Math.floor(spec.StopGracePeriod / 1e9) };
  return {
    Image: withoutTag(spec.Image ?? ''),
    Hostname: expandTemplate(spec.Hostname ?? '', values),
    Env: (spec.Env ?? []).map((entry) => expandTemplate(entry, values)),
    ...(spec.Command == null ? {} : { Entrypoint: spec.Command }),
    ...(spec.Args == null ? {} : { Cmd: spec.Args }),
    User: spec.User ?? '',
    WorkingDir: spec.Dir ?? '',
    Tty: spec.TTY ?? false,
    OpenStdin: spec.OpenStdin ?? false,
    ...(spec.StopSignal ? { StopSignal: spec.StopSignal } : {}),
    ...grace,
    ...(spec.Healthcheck == null ? {} : { Healthcheck: spec.Healthcheck }),
    ExposedPorts: Object.fromEntries(hostPorts(task).map(([port]) => [port, {}])),
    Labels: {
      ...spec.Labels,
      'com.docker.swarm.task': '',
      'com.docker.swarm.task.id': task.id,
      'com.docker.swarm.task.name': taskName(service, task),
      'com.docker.swarm.node.id': node.id,
      'com.docker.swarm.service.id': service.id,
      'com.docker.swarm.service.name': service.spec.Name,
    },
    HostConfig: hostConfigOf(task, (text) => expandTemplate(text, values)),
  };
}

function hostConfigOf(task: FakeTask, expand: (text: string) => string = (text) => text) {
  const spec = task.spec.ContainerSpec ?? {};
  const limits = task.spec.Resources?.Limits ?? {};
  const mounts = (spec.Mounts ?? []).map(
    (mount): Mount => ({
      ...mount,
      Source: expand(mount.Source ?? ''),
      Target: expand(mount.Target ?? ''),
    }),
  );
  return {
    Mounts: mounts,
    PortBindings: Object.fromEntries(hostPorts(task)),
    ReadonlyRootfs: spec.ReadOnly ?? false,
    Init: spec.Init ?? null,
    NanoCpus: limits.NanoCPUs ?? 0,
    Memory: limits.MemoryBytes ?? 0,
    CapAdd: spec.CapabilityAdd ?? null,
    CapDrop: spec.CapabilityDrop ?? null,
    Sysctls: spec.Sysctls ?? null,
    ExtraHosts: (spec.Hosts ?? []).map((line) => line.split(/\s+/).slice(0, 2).reverse().join(':')),
  };
}

function hostPorts(task: FakeTask): readonly (readonly [string, readonly { HostPort: string }[]])[] {
  const ports: readonly { TargetPort?: number; PublishedPort?: number; Protocol?: string }[] = JSON.parse(
    task.endpoint,
  );
  return ports.map((port) => [
    `${port.TargetPort}/${port.Protocol ?? 'tcp'}`,
    [{ HostPort: port.PublishedPort ? String(port.PublishedPort) : '' }],
  ]);
}

type Files = ReturnType<typeof createContainer>['files'];

/** Lays the contents of secrets and configs where the real engine mounts them. */
function putFiles(
  cluster: FakeCluster,
  files: Files,
  secrets: readonly SecretReference[],
  configs: readonly ConfigReference[],
): void {
  const put = (folder: string, file: SecretReference['File'], data: string | null | undefined) => {
    if (file == null) return;
    const path = file.Name.startsWith('/') ? file.Name : `${folder}${file.Name}`;
    files.set(path, {
      type: 'file',
      mode: file.Mode,
      uid: Number(file.UID),
      gid: Number(file.GID),
      data: Buffer.from(data ?? '', 'base64'),
      linkTarget: '',
    });
  };
  for (const { SecretID, File } of secrets) put('/run/secrets/', File, cluster.secrets.get(SecretID)?.spec.Data);
  for (const { ConfigID, File } of configs) put('/', File, cluster.configs.get(ConfigID)?.spec.Data);
}
