import type { EngineSystem } from '../api/system.ts';
import { speaks } from '../api-version.ts';
import type { ContainerSummary } from '../model/container.ts';
import type { ImageSummary } from '../model/image.ts';
import type { BuildCacheRecord, DiskUsage, EngineInfo, EngineVersion } from '../model/system.ts';
import type { VolumeInspect } from '../model/volume.ts';
import type { EngineConnection } from './connection.ts';

export function createSystem(connection: EngineConnection): EngineSystem {
  return {
    ping: (options) => connection.ping(options),
    version: (options) =>
      connection.json<EngineVersion>({
        method: 'GET',
        path: '/version',
        doing: "reading the engine's version",
        options,
      }),
    info: (options) =>
      connection.json<EngineInfo>({ method: 'GET', path: '/info', doing: 'reading the state of the engine', options }),
    checkRegistryAuth: (auth, options) =>
      connection.done({
        method: 'POST',
        path: '/auth',
        json: auth,
        asksRegistry: true,
        doing: `signing in at ${auth.serveraddress ?? 'the registry'}`,
        options,
      }),
    df: async (options) => {
      const version = await connection.apiVersion(options);
      const query = {
        type: speaks(version, '1.42') ? options?.types : undefined,
        verbose: speaks(version, '1.52') ? true : undefined,
      };
      const doing = 'reading the disk usage of the engine';
      return diskUsage(
        await connection.json<AnyDiskUsage>({ method: 'GET', path: '/system/df', query, doing, options }),
      );
    },
  };
}

interface Usage<T> {
  readonly Items?: readonly T[] | null;
  readonly TotalSize?: number;
}

/** Up to API 1.51 five fields side by side, from 1.52 on one object a kind. */
interface AnyDiskUsage {
  readonly LayersSize?: number;
  readonly Images?: readonly ImageSummary[] | null;
  readonly Containers?: readonly ContainerSummary[] | null;
  readonly Volumes?: readonly VolumeInspect[] | null;
  readonly BuildCache?: readonly BuildCacheRecord[] | null;
  readonly ImageUsage?: Usage<ImageSummary> | null;
  readonly ImagesUsage?: Usage<ImageSummary> | null;
  readonly ContainerUsage?: Usage<ContainerSummary> | null;
  readonly ContainersUsage?: Usage<ContainerSummary> | null;
  readonly VolumeUsage?: Usage<VolumeInspect> | null;
  readonly VolumesUsage?: Usage<VolumeInspect> | null;
  readonly BuildCacheUsage?: Usage<BuildCacheRecord> | null;
}

function diskUsage(answer: AnyDiskUsage): DiskUsage {
  const images = answer.ImageUsage ?? answer.ImagesUsage;
  return {
    layersSize: images?.TotalSize ?? answer.LayersSize ?? -1,
    images: images?.Items ?? answer.Images ?? [],
    containers: (answer.ContainerUsage ?? answer.ContainersUsage)?.Items ?? answer.Containers ?? [],
    volumes: (answer.VolumeUsage ?? answer.VolumesUsage)?.Items ?? answer.Volumes ?? [],
    buildCache: answer.BuildCacheUsage?.Items ?? answer.BuildCache ?? [],
  };
}
