import type { Mount } from '../../../model/container-body.ts';
import { map } from '../../compare/canonical.ts';
import { cleanPath } from '../../spec/mounts.ts';

/** What is mounted, by target, in texts that are equal where the mounts mean the same. */
export function taskMountsByTarget(mounts: readonly Mount[] | null | undefined): Map<string, string> {
  return new Map((mounts ?? []).map((mount) => [cleanPath(mount.Target ?? ''), JSON.stringify(parts(mount))]));
}

function parts(mount: Mount): readonly unknown[] {
  const readOnly = mount.ReadOnly === true;
  const source = mount.Source ?? '';
  switch (mount.Type) {
    case 'bind': {
      const { Propagation, NonRecursive } = mount.BindOptions ?? {};
      return [
        'bind',
        cleanPath(source),
        readOnly,
        Propagation === 'rprivate' ? '' : (Propagation ?? ''),
        NonRecursive === true,
      ];
    }
    case 'tmpfs': {
      const { SizeBytes, Mode, Options } = mount.TmpfsOptions ?? {};
      return ['tmpfs', readOnly, SizeBytes ?? 0, Mode ?? 0, Options ?? []];
    }
    case 'volume': {
      const { NoCopy, Subpath, Labels, DriverConfig } = mount.VolumeOptions ?? {};
      const driver = DriverConfig?.Name === 'local' ? '' : (DriverConfig?.Name ?? '');
      return [
        'volume',
        source,
        readOnly,
        NoCopy === true,
        Subpath ?? '',
        map(Labels) ?? [],
        driver,
        map(DriverConfig?.Options) ?? [],
      ];
    }
    default:
      return [mount.Type ?? '', source, readOnly];
  }
}
