import type { ServiceVolume } from '@drover/compose';
import type { HostConfig, Mount, ObservedContainer } from '@drover/orchestration';
import { dropEmpty } from './drop-empty.ts';

/** The project's key of a volume by its name in the engine. */
export type VolumeNames = (name: string) => string;

/** The mounts that were asked for. Those that the image declares by itself are not among them. */
export function serviceVolumes(
  host: HostConfig,
  mounts: ObservedContainer['Mounts'],
  volumeKey: VolumeNames,
): ServiceVolume[] {
  const binds = (host.Binds ?? []).map((text) => fromBind(text, volumeKey));
  const others = (host.Mounts ?? []).map((mount) => fromMount(mount, volumeKey));
  const known = new Set([...binds, ...others].map(({ target }) => target));
  // An engine of before API 1.42 tells of mounts only where they stand.
  const standing = mounts
    .filter(({ Type, Name, Destination }) => Type === 'volume' && isNamed(Name) && !known.has(Destination))
    .map(
      ({ Name, Destination, RW }): ServiceVolume => ({
        type: 'volume',
        source: volumeKey(Name ?? ''),
        target: Destination,
        ...(RW ? {} : { read_only: true as const }),
        volume: {},
      }),
    );
  return [...binds, ...others, ...standing];
}

function fromBind(text: string, volumeKey: VolumeNames): ServiceVolume {
  const parts = text.split(':');
  const options = parts.length > 2 ? (parts.pop() ?? '').split(',') : [];
  const target = parts.pop() ?? '';
  const source = parts.join(':');
  const readOnly = options.includes('ro') ? { read_only: true as const } : {};
  if (!source.startsWith('/')) {
    const nocopy = options.includes('nocopy') ? { nocopy: true as const } : {};
    return { type: 'volume', source: volumeKey(source), target, ...readOnly, volume: nocopy };
  }
  const selinux = options.find((option) => option === 'z' || option === 'Z');
  const propagation = options.find((option) => /^r?(private|shared|slave)$/.test(option));
  return {
    type: 'bind',
    source,
    target,
    ...readOnly,
    bind: dropEmpty({ create_host_path: true as const, selinux, propagation }),
  };
}

function fromMount(mount: Mount, volumeKey: VolumeNames): ServiceVolume {
  const base = {
    target: mount.Target ?? '',
    ...(mount.ReadOnly ? { read_only: true as const } : {}),
    ...(mount.Consistency ? { consistency: mount.Consistency } : {}),
  };
  switch (mount.Type) {
    case 'volume':
      return {
        type: 'volume',
        ...base,
        ...(isNamed(mount.Source ?? undefined) ? { source: volumeKey(mount.Source ?? '') } : {}),
        volume: dropEmpty({
          nocopy: mount.VolumeOptions?.NoCopy === true ? (true as const) : undefined,
          subpath: mount.VolumeOptions?.Subpath || undefined,
        }),
      };
    case 'tmpfs':
      return {
        type: 'tmpfs',
        ...base,
        tmpfs: dropEmpty({
          size: mount.TmpfsOptions?.SizeBytes ? String(mount.TmpfsOptions.SizeBytes) : undefined,
          mode: mount.TmpfsOptions?.Mode || undefined,
        }),
      };
    case 'image':
      return {
        type: 'image',
        source: mount.Source ?? '',
        ...base,
        image: dropEmpty({ subpath: mount.ImageOptions?.Subpath || undefined }),
      };
    default:
      return {
        type: mount.Type ?? 'bind',
        source: mount.Source ?? '',
        ...base,
        bind: dropEmpty({
          propagation: mount.BindOptions?.Propagation || undefined,
          create_host_path: mount.BindOptions?.CreateMountpoint ? (true as const) : undefined,
        }),
      };
  }
}

// A name of 64 hex digits is the engine's own: an anonymous volume.
function isNamed(name: string | undefined): boolean {
  return name !== undefined && name !== '' && !/^[0-9a-f]{64}$/.test(name);
}
