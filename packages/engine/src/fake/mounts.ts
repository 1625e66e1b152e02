import { posix } from 'node:path';
import type { ContainerCreateBody, MountPoint } from '../model/container.ts';
import type { StringMap } from '../model/wire.ts';
import { Refusal } from './failure.ts';
import type { FakeImage } from './image.ts';
import { createVolume } from './volumes.ts';
import type { FakeWorld } from './world.ts';

/** The mounts of a container to be, making the volumes they name and anonymous ones for the rest. */
export function collectMounts(world: FakeWorld, body: ContainerCreateBody, image: FakeImage): readonly MountPoint[] {
  const mounts = new Map<string, MountPoint>();
  for (const from of body.HostConfig?.VolumesFrom ?? []) {
    const [container = '', mode] = from.split(':');
    for (const mount of world.container(container).mounts) {
      mounts.set(mount.Destination, mode === 'ro' ? { ...mount, RW: false } : mount);
    }
  }
  const taken = new Set<string>();
  const put = (mount: MountPoint) => {
    if (taken.has(mount.Destination)) throw new Refusal('bad-request', `Duplicate mount point: ${mount.Destination}`);
    taken.add(mount.Destination);
    mounts.set(mount.Destination, mount);
  };
  for (const bind of body.HostConfig?.Binds ?? []) put(readBind(world, bind));
  for (const mount of body.HostConfig?.Mounts ?? []) {
    const destination = posix.normalize(mount.Target ?? '');
    if (!destination.startsWith('/')) {
      throw new Refusal(
        'bad-request',
        `invalid mount config for type "${mount.Type}": invalid mount path: '${mount.Target}' mount path must be absolute`,
      );
    }
    const RW = mount.ReadOnly !== true;
    if (mount.Type === 'volume') {
      put(volumeMount(world, mount.Source || null, destination, RW, mount.VolumeOptions?.Labels ?? {}));
    } else if (mount.Type === 'bind') {
      put({
        Type: 'bind',
        Source: mount.Source ?? '',
        Destination: destination,
        Mode: '',
        RW,
        Propagation: mount.BindOptions?.Propagation || 'rprivate',
      });
    } else if (mount.Type === 'tmpfs') {
      put({ Type: 'tmpfs', Source: '', Destination: destination, Mode: '', RW, Propagation: '' });
    } else {
      throw new Refusal(
        'bad-request',
        `invalid mount config for type "${mount.Type}": the fake engine does not know it`,
      );
    }
  }
  for (const path of Object.keys({ ...image.definition.config?.Volumes, ...body.Volumes })) {
    if (!mounts.has(path)) put(volumeMount(world, null, path, true, {}));
  }
  return [...mounts.values()];
}

function readBind(world: FakeWorld, bind: string): MountPoint {
  const [source = '', target = '', options = ''] = bind.split(':');
  const RW = !options.split(',').includes('ro');
  if (source.startsWith('/')) {
    return {
      Type: 'bind',
      Source: source,
      Destination: posix.normalize(target),
      Mode: options,
      RW,
      Propagation: 'rprivate',
    };
  }
  return { ...volumeMount(world, source, posix.normalize(target), RW, {}), Mode: options || 'z' };
}

function volumeMount(
  world: FakeWorld,
  name: string | null,
  destination: string,
  RW: boolean,
  labels: StringMap,
): MountPoint {
  const anonymous = name === null ? { 'com.docker.volume.anonymous': '' } : {};
  const volume = createVolume(world, { Name: name ?? world.newId(), Labels: { ...labels, ...anonymous } });
  return {
    Type: 'volume',
    Name: volume.Name,
    Source: volume.Mountpoint,
    Destination: destination,
    Driver: volume.Driver,
    Mode: name === null ? '' : 'z',
    RW,
    Propagation: '',
  };
}
