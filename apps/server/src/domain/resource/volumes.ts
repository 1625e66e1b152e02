import type { VolumeView } from '@drover/contract';
import { composeLabel } from '@drover/orchestration';
import { nameOf } from '../host/container-view.ts';
import type { Host } from '../host/host.ts';
import { Refusal } from '../refusal.ts';
import { labelOf } from './networks.ts';

/** The volumes of the host. */
export class Volumes {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async list(signal?: AbortSignal): Promise<VolumeView[]> {
    const [{ Volumes: volumes }, containers] = await Promise.all([
      this.#host.engine.volumes.list({ signal }),
      this.#host.containers(),
    ]);
    const users = new Map<string, string[]>();
    for (const container of containers)
      for (const { Name } of container.Mounts)
        if (Name !== undefined) users.set(Name, [...(users.get(Name) ?? []), nameOf(container)]);
    return volumes.map((volume) => {
      const stack = labelOf(volume.Labels, composeLabel.project);
      return {
        name: volume.Name,
        driver: volume.Driver,
        mountpoint: volume.Mountpoint,
        ...(stack === undefined ? {} : { stack }),
        usedBy: (users.get(volume.Name) ?? []).sort(),
        ...(volume.CreatedAt === undefined ? {} : { createdAt: volume.CreatedAt }),
      };
    });
  }

  /** Removes a volume and its data. The name must be said twice. */
  async remove(name: string, confirm: string, signal?: AbortSignal): Promise<{ removed: string }> {
    if (confirm !== name)
      throw new Refusal('invalid', `removing the volume ${name}: its data goes with it; confirm with its name`);
    await this.#host.engine.volumes.inspect(name, { signal });
    await this.#host.engine.volumes.remove(name, { signal, doing: `removing the volume ${name}` });
    return { removed: name };
  }
}
