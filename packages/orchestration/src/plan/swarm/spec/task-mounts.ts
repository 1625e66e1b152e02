import { type Project, parseByteSize, type Service, type ServiceVolume } from '@drover/compose';
import type { Mount, MountKind } from '../../../model/container-body.ts';
import { stackLabel } from '../../../model/swarm/labels.ts';
import type { StringMap } from '../../../model/wire.ts';
import { cleanPath, volumeName } from '../../spec/mounts.ts';
import { bytes } from '../../spec/quantity.ts';
import { templateText } from './template-text.ts';

/** What is mounted into each task, by target; `tmpfs` and `shm_size` are mounts like any other here. */
export function taskMounts(project: Project, service: Service): readonly Mount[] {
  const mounts = new Map<string, Mount>();
  for (const entry of service.tmpfs ?? []) {
    const mount = temporaryFiles(entry);
    mounts.set(mount.Target ?? '', mount);
  }
  for (const volume of service.volumes ?? []) {
    const target = cleanPath(volume.target ?? '');
    mounts.set(target, volumeMount(project, volume, target));
  }
  const shared = bytes(service.shm_size);
  if (shared > 0 && !mounts.has('/dev/shm')) {
    mounts.set('/dev/shm', { Type: 'tmpfs', Target: '/dev/shm', TmpfsOptions: { SizeBytes: shared } });
  }
  return [...mounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, mount]) => mount);
}

function volumeMount(project: Project, volume: ServiceVolume, target: string): Mount {
  const type = (volume.type ?? 'volume') as MountKind;
  const source = volume.source ?? '';
  const common = {
    Type: type,
    Target: templateText(target),
    ...(volume.read_only === true ? { ReadOnly: true } : {}),
  };
  switch (type) {
    case 'bind':
      return { ...common, Source: templateText(source), ...bindOptions(volume) };
    case 'volume':
      return source === '' ? { ...common, ...volumeOptions(volume, {}) } : namedVolume(project, volume, common);
    case 'tmpfs': {
      const { size, mode } = volume.tmpfs ?? {};
      const options = {
        ...(size === undefined ? {} : { SizeBytes: bytes(size) }),
        ...(mode === undefined ? {} : { Mode: mode }),
      };
      return { ...common, ...(Object.keys(options).length > 0 ? { TmpfsOptions: options } : {}) };
    }
    case 'cluster':
      return {
        ...common,
        Source: source.startsWith('group:') ? source : volumeName(project, source),
        ClusterOptions: {},
      };
    default:
      return { ...common, Source: templateText(source) };
  }
}

/** A volume that a task makes on its host where there is none yet. */
function namedVolume(project: Project, volume: ServiceVolume, common: Mount): Mount {
  const key = volume.source ?? '';
  const declared = Object.hasOwn(project.volumes, key) ? project.volumes[key] : undefined;
  const named = { ...common, Source: templateText(volumeName(project, key)) };
  if (declared === undefined || declared.external === true) return { ...named, ...volumeOptions(volume, {}) };
  const { driver = '', driver_opts } = declared;
  return {
    ...named,
    ...volumeOptions(volume, {
      Labels: templateMap({ ...declared.labels, ...volume.volume?.labels, [stackLabel.namespace]: project.name }),
      ...(driver === '' && driver_opts === undefined
        ? {}
        : { DriverConfig: { Name: driver, Options: templateMap(driver_opts ?? {}) } }),
    }),
  };
}

function volumeOptions({ volume }: ServiceVolume, more: NonNullable<Mount['VolumeOptions']>): Mount {
  const options = {
    ...(volume?.labels === undefined ? {} : { Labels: templateMap(volume.labels) }),
    ...(volume?.nocopy === true ? { NoCopy: true } : {}),
    ...(volume?.subpath ? { Subpath: volume.subpath } : {}),
    ...more,
  };
  return Object.keys(options).length > 0 ? { VolumeOptions: options } : {};
}

function bindOptions({ bind }: ServiceVolume): Mount {
  const options = {
    ...(bind?.propagation ? { Propagation: bind.propagation as 'rprivate' } : {}),
    ...(bind?.recursive === 'disabled' ? { NonRecursive: true } : {}),
  };
  return Object.keys(options).length > 0 ? { BindOptions: options } : {};
}

/** `/run:size=64m,mode=1777,noexec`. */
function temporaryFiles(entry: string): Mount {
  const colon = entry.indexOf(':');
  const target = cleanPath(colon === -1 ? entry : entry.slice(0, colon));
  const words =
    colon === -1
      ? []
      : entry
          .slice(colon + 1)
          .split(',')
          .filter((word) => word !== '');
  const rest: string[][] = [];
  let size: number | undefined;
  let mode: number | undefined;
  let readOnly = false;
  for (const word of words) {
    const [name = '', value] = word.split('=');
    if (name === 'size' && value !== undefined) size = parseByteSize(value);
    else if (name === 'mode' && value !== undefined) mode = Number.parseInt(value, 8);
    else if (name === 'ro') readOnly = true;
    else if (name !== 'rw') rest.push(value === undefined ? [name] : [name, value]);
  }
  const options = {
    ...(size === undefined ? {} : { SizeBytes: size }),
    ...(mode === undefined || Number.isNaN(mode) ? {} : { Mode: mode }),
    ...(rest.length > 0 ? { Options: rest } : {}),
  };
  return {
    Type: 'tmpfs',
    Target: templateText(target),
    ...(readOnly ? { ReadOnly: true } : {}),
    ...(Object.keys(options).length > 0 ? { TmpfsOptions: options } : {}),
  };
}

function templateMap(values: StringMap): StringMap {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, templateText(value)]));
}
