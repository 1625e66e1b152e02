import type { VolumeView } from '@drover/contract';
import { ownerOf } from '@drover/orchestration';
import { nameOf } from '../host/container-view.ts';
import type { Host } from '../host/host.ts';
import { askHosts, findHost, type HostGroup } from '../host/host-group.ts';
import { Refusal } from '../refusal.ts';

/** The volumes of the environment's hosts; those of two hosts may have one name. */
export class Volumes {
  readonly #group: HostGroup;

  constructor(group: HostGroup) {
    this.#group = group;
  }

  async list(signal?: AbortSignal): Promise<VolumeView[]> {
    const lists = await askHosts(this.#group, async (host) => await volumesOf(host, signal));
    return lists.flatMap(({ answer }) => answer);
  }

  /** Removes a volume and its data. The name must be said twice. */
  async remove(
    name: string,
    confirm: string,
    on: string | undefined,
    signal?: AbortSignal,
  ): Promise<{ removed: string }> {
    if (confirm !== name)
      throw new Refusal('invalid', `removing the volume ${name}: its data goes with it; confirm with its name`);
    const host = await findHost(this.#group, `the volume ${name}`, on, ({ engine }) =>
      engine.volumes.inspect(name, { signal }),
    );
    await host.engine.volumes.remove(name, { signal, doing: `removing the volume ${name}` });
    return { removed: name };
  }
}

async function volumesOf(host: Host, signal: AbortSignal | undefined): Promise<VolumeView[]> {
  const [{ Volumes: volumes }, containers] = await Promise.all([
    host.engine.volumes.list({ signal }),
    host.containers(),
  ]);
  const users = new Map<string, string[]>();
  for (const container of containers)
    for (const { Name } of container.Mounts)
      if (Name !== undefined) users.set(Name, [...(users.get(Name) ?? []), nameOf(container)]);
  return volumes.map((volume) => {
    const stack = ownerOf(volume.Labels);
    return {
      name: volume.Name,
      driver: volume.Driver,
      mountpoint: volume.Mountpoint,
      ...(stack === undefined ? {} : { stack }),
      usedBy: (users.get(volume.Name) ?? []).sort(),
      ...(volume.CreatedAt === undefined ? {} : { createdAt: volume.CreatedAt }),
      ...(host.name === undefined ? {} : { host: host.name }),
    };
  });
}
