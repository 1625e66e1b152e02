import type { Project, Service, ServiceVolume } from '@drover/compose';
import type { Mount, MountKind } from '../../model/container-body.ts';
import type { ObservedContainer } from '../../model/observed.ts';
import { speaks } from './api-version.ts';

type BindPropagation = NonNullable<NonNullable<Mount['BindOptions']>['Propagation']>;

export interface MountRequest {
  readonly project: Project;
  readonly service: Service;
  readonly apiVersion: string;
  /** Mounts of secrets and configs; a volume at the same place goes before them. */
  readonly fileMounts: readonly Mount[];
  /** Paths at which the image declares volumes. */
  readonly imageVolumes: readonly string[];
  /** The container whose anonymous volumes are taken over. */
  readonly inherit?: ObservedContainer | undefined;
}

export interface Mounts {
  /** `source:target:options`; the only form in which the engine labels for SELinux, and before API 1.42 makes a missing source. */
  readonly binds: readonly string[];
  readonly mounts: readonly Mount[];
}

/** The mounts of a service's container, sorted by target. */
export function serviceMounts(request: MountRequest): Mounts {
  const { service, inherit } = request;
  const taken = new Map<string, Mount>();
  const declared = new Map((service.volumes ?? []).map((volume) => [cleanPath(volume.target ?? ''), volume]));
  for (const mount of inherit === undefined ? [] : anonymousVolumes(inherit)) {
    const own = declared.get(mount.Target);
    const anonymous = own === undefined ? request.imageVolumes.includes(mount.Target) : isAnonymous(own);
    if (anonymous) taken.set(mount.Target, mount);
  }
  const binds = new Map<string, string>();
  for (const [target, volume] of declared) {
    if (taken.has(target)) continue;
    const bind = bindText(volume, target, request);
    if (bind === undefined) taken.set(target, volumeMount(volume, target, request.project));
    else binds.set(target, bind);
  }
  for (const mount of request.fileMounts) {
    const target = mount.Target ?? '';
    if (!taken.has(target) && !binds.has(target)) taken.set(target, mount);
  }
  return { binds: sortedValues(binds), mounts: sortedValues(taken) };
}

/** The volumes without a name of their own that a container uses, as mounts of another one. */
export function anonymousVolumes(container: ObservedContainer): (Mount & { readonly Target: string })[] {
  return container.Mounts.filter((mount) => mount.Type === 'volume' && isAnonymousName(mount.Name)).map((mount) => ({
    Type: 'volume' as const,
    Source: mount.Name ?? '',
    Target: cleanPath(mount.Destination),
    ReadOnly: !mount.RW,
  }));
}

export function isAnonymousName(name: string | undefined): boolean {
  return name !== undefined && /^[0-9a-f]{64}$/.test(name);
}

/** A path without a slash at the end, double slashes and dots, as the engine keeps it. Windows paths stay. */
export function cleanPath(path: string): string {
  if (!path.startsWith('/')) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function isAnonymous(volume: ServiceVolume): boolean {
  return volume.type === 'volume' && (volume.source ?? '') === '';
}

/** Undefined where the mount has a setting that this form has no word for. */
function bindText(volume: ServiceVolume, target: string, request: MountRequest): string | undefined {
  if (volume.type === 'bind') return pathBindText(volume, target, request.apiVersion);
  const { source = '' } = volume;
  const { labels, nocopy, subpath } = volume.volume ?? {};
  const plain = nocopy !== true && (subpath ?? '') === '' && Object.keys(labels ?? {}).length === 0;
  if (volume.type !== 'volume' || source === '' || !plain || target.includes(':')) return undefined;
  return `${volumeName(request.project, source)}:${target}:${volume.read_only === true ? 'ro' : 'rw'}`;
}

function pathBindText(volume: ServiceVolume, target: string, apiVersion: string): string | undefined {
  const { bind, source = '' } = volume;
  const plain =
    bind === undefined ||
    (bind.create_host_path === true && (bind.propagation ?? '') === '' && (bind.recursive ?? '') === '');
  if (!plain) return undefined;
  const ambiguous = source.startsWith('/') && (source.includes(':') || target.includes(':'));
  if (ambiguous && speaks(apiVersion, '1.42') && (bind?.selinux ?? '') === '') return undefined;
  const options = [volume.read_only === true ? 'ro' : 'rw', ...(bind?.selinux ? [bind.selinux] : [])];
  return `${source}:${target}:${options.join(',')}`;
}

function volumeMount(volume: ServiceVolume, target: string, project: Project): Mount {
  const type = (volume.type ?? 'volume') as MountKind;
  const source = volume.source ?? '';
  const common = { Type: type, Target: target, ReadOnly: volume.read_only === true, Consistency: volume.consistency };
  switch (type) {
    case 'bind':
      return { ...common, Source: source, BindOptions: bindOptions(volume) };
    case 'volume':
      return {
        ...common,
        ...(source === '' ? {} : { Source: volumeName(project, source) }),
        ...(volume.volume === undefined
          ? {}
          : {
              VolumeOptions: {
                NoCopy: volume.volume.nocopy === true,
                Labels: volume.volume.labels,
                Subpath: volume.volume.subpath,
              },
            }),
      };
    case 'tmpfs':
      return {
        ...common,
        ...(volume.tmpfs === undefined
          ? {}
          : { TmpfsOptions: { SizeBytes: Number(volume.tmpfs.size ?? 0), Mode: volume.tmpfs.mode ?? 0 } }),
      };
    case 'image':
      return {
        ...common,
        Source: source,
        ...(volume.image ? { ImageOptions: { Subpath: volume.image.subpath } } : {}),
      };
    default:
      return { ...common, Source: source };
  }
}

function bindOptions({ bind }: ServiceVolume): NonNullable<Mount['BindOptions']> {
  return {
    Propagation: (bind?.propagation ?? '') as BindPropagation,
    CreateMountpoint: bind === undefined || bind.create_host_path === true,
    ...(bind?.recursive === 'disabled' ? { NonRecursive: true } : {}),
    ...(bind?.recursive === 'writable' ? { ReadOnlyNonRecursive: true } : {}),
    ...(bind?.recursive === 'readonly' ? { ReadOnlyForceRecursive: true } : {}),
  };
}

/** The name in the engine of a volume that a service mounts. */
export function volumeName(project: Project, key: string): string {
  return Object.hasOwn(project.volumes, key) ? (project.volumes[key]?.name ?? key) : key;
}

function sortedValues<Value>(byTarget: ReadonlyMap<string, Value>): Value[] {
  return [...byTarget].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}
