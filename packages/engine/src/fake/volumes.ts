import type { EngineVolumes } from '../api/volumes.ts';
import type { VolumeCreateBody, VolumeInspect } from '../model/volume.ts';
import { conflict, notFound, Refusal } from './failure.ts';
import { applyFilters, type FilterTests, labelsMatch } from './filters.ts';
import type { Gate } from './gate.ts';
import type { FakeWorld } from './world.ts';

/** Makes a volume, or answers the one of that name. */
export function createVolume(world: FakeWorld, body: VolumeCreateBody): VolumeInspect {
  const name = body.Name || world.newId();
  const driver = body.Driver || 'local';
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) {
    throw new Refusal(
      'bad-request',
      `create ${name}: "${name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
    );
  }
  const existing = world.volumes.get(name);
  if (existing !== undefined) {
    if (existing.Driver === driver) return existing;
    throw conflict(`create ${name}: conflict: volume name must be unique`);
  }
  if (driver !== 'local')
    throw notFound(`create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`);
  const volume: VolumeInspect = {
    Name: name,
    Driver: driver,
    Mountpoint: `/var/lib/docker/volumes/${name}/_data`,
    CreatedAt: new Date().toISOString(),
    Labels: body.Labels ?? null,
    Options: body.DriverOpts ?? null,
    Scope: 'local',
  };
  world.volumes.set(name, volume);
  world.events.publish('volume', 'create', name, { driver });
  return volume;
}

/** The ids of the containers that mount a volume. */
export function usersOf(world: FakeWorld, name: string): readonly string[] {
  return [...world.containers.values()]
    .filter((container) => container.mounts.some((mount) => mount.Name === name))
    .map((container) => container.id);
}

/** Removes a volume that nothing uses. */
export function removeVolume(world: FakeWorld, name: string): void {
  const users = usersOf(world, name);
  if (users.length > 0) throw conflict(`remove ${name}: volume is in use - [${users.join(', ')}]`);
  world.volumes.delete(name);
  world.events.publish('volume', 'destroy', name, { driver: 'local' });
}

function isAnonymous(volume: VolumeInspect): boolean {
  return Object.hasOwn(volume.Labels ?? {}, 'com.docker.volume.anonymous');
}

export function createFakeVolumes(world: FakeWorld, gate: Gate): EngineVolumes {
  const tests: FilterTests<VolumeInspect> = {
    label: (volume, wanted) => labelsMatch(volume.Labels, wanted),
    name: (volume, wanted) => wanted.some((name) => volume.Name.includes(name)),
    driver: (volume, wanted) => wanted.includes(volume.Driver),
    dangling: (volume, [wanted]) =>
      (usersOf(world, volume.Name).length === 0) === (wanted === 'true' || wanted === '1'),
  };
  return {
    list: (options) =>
      gate.pass({ name: 'volumes.list', target: '' }, 'listing volumes', options, () => ({
        Volumes: applyFilters([...world.volumes.values()], options?.filters, tests),
        Warnings: [],
      })),
    inspect: (name, options) =>
      gate.pass({ name: 'volumes.inspect', target: name }, `reading volume ${name}`, options, () => {
        const volume = world.volumes.get(name);
        if (volume === undefined) throw notFound(`get ${name}: no such volume`);
        return volume;
      }),
    create: (body, options) =>
      gate.pass(
        { name: 'volumes.create', target: body.Name ?? '' },
        `creating volume ${body.Name ?? ''}`,
        options,
        () => createVolume(world, body),
      ),
    remove: (name, options) =>
      gate.pass({ name: 'volumes.remove', target: name }, `removing volume ${name}`, options, () => {
        if (world.volumes.has(name)) removeVolume(world, name);
        else if (options?.force !== true) throw notFound(`get ${name}: no such volume`);
      }),
    prune: (options) =>
      gate.pass({ name: 'volumes.prune', target: '' }, 'removing unused volumes', options, () => {
        const all = options?.filters?.all?.includes('true') === true;
        const removed = [...world.volumes.values()].filter(
          (volume) =>
            (all || isAnonymous(volume)) &&
            usersOf(world, volume.Name).length === 0 &&
            labelsMatch(volume.Labels, options?.filters?.label ?? []),
        );
        for (const volume of removed) removeVolume(world, volume.Name);
        return { removed: removed.map((volume) => volume.Name), spaceReclaimed: 0 };
      }),
  };
}
