import type { DeviceRequest, HealthConfig, HostConfig, Mount } from '../../model/container-body.ts';
import type { StringMap } from '../../model/wire.ts';
import { capabilityName } from '../spec/capabilities.ts';
import { cleanPath, isAnonymousName } from '../spec/mounts.ts';
import { withProtocol } from '../spec/ports.ts';
import type { ContainerView } from './container-view.ts';

/** A value that can be compared by its JSON; undefined is what a container has that nothing was asked for. */
export type Canonical =
  | string
  | number
  | boolean
  | readonly unknown[]
  | { readonly [key: string]: unknown }
  | undefined;

export function text(value: string | null | undefined): Canonical {
  return value === null || value === '' ? undefined : value;
}

export function count(value: number | null | undefined): Canonical {
  return value === null || value === 0 ? undefined : value;
}

export function flag(value: boolean | null | undefined): Canonical {
  return value === true ? true : undefined;
}

/** A list whose order means something. */
export function list(values: readonly string[] | null | undefined): Canonical {
  return values === null || values === undefined || values.length === 0 ? undefined : values;
}

/** A list whose order means nothing. */
export function set(values: readonly string[] | null | undefined): Canonical {
  return list(values === null || values === undefined ? undefined : [...new Set(values)].sort());
}

export function map(values: StringMap | null | undefined): Canonical {
  const entries = Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : entries;
}

/** `NET_ADMIN`, `net_admin` and `CAP_NET_ADMIN` are one. */
export function capabilities(values: readonly string[] | null | undefined): Canonical {
  return set(values?.map(capabilityName));
}

export function health(check: HealthConfig | null | undefined): Canonical {
  if (check === null || check === undefined) return undefined;
  if (check.Test?.[0] === 'NONE') return ['NONE'];
  const parts = [
    check.Test ?? [],
    check.Interval,
    check.Timeout,
    check.Retries,
    check.StartPeriod,
    check.StartInterval,
  ];
  const known = parts.map((part) => part ?? 0);
  return known.every((part) => part === 0 || (Array.isArray(part) && part.length === 0)) ? undefined : known;
}

export function ports(exposed: { readonly [port: string]: unknown } | null | undefined): Canonical {
  return set(Object.keys(exposed ?? {}).flatMap(expandRange));
}

/** `3000-3002/tcp` as three ports. */
function expandRange(port: string): string[] {
  const match = /^(\d+)-(\d+)(\/.*)?$/.exec(port);
  if (match === null) return [withProtocol(port)];
  const [, first = '0', last = '0', protocol = '/tcp'] = match;
  const length = Math.min(Number(last) - Number(first) + 1, 65_536);
  return Array.from({ length: Math.max(length, 0) }, (_, index) => `${Number(first) + index}${protocol}`);
}

/** `8080:80/tcp`, with the address in front where there is one. */
export function publishedPorts(bindings: HostConfig['PortBindings']): string[] {
  return Object.entries(bindings ?? {})
    .flatMap(([port, targets]) =>
      (targets ?? []).map(({ HostIp, HostPort }) => {
        const published = HostPort === '0' || !HostPort ? '' : HostPort;
        return `${HostIp ? `${HostIp}:` : ''}${published}:${withProtocol(port)}`;
      }),
    )
    .sort();
}

export function limits(values: HostConfig['Ulimits']): Canonical {
  return list(values?.map(({ Name, Soft, Hard }) => `${Name}=${Soft}:${Hard}`).sort());
}

export function devices(values: HostConfig['Devices']): Canonical {
  return list(
    values?.map(({ PathOnHost, PathInContainer, CgroupPermissions }) =>
      [PathOnHost, PathInContainer || PathOnHost, CgroupPermissions || 'rwm'].join(':'),
    ),
  );
}

export function deviceRequests(values: readonly DeviceRequest[] | null | undefined): Canonical {
  return list(
    values?.map((request) =>
      JSON.stringify([
        request.Driver ?? '',
        request.Count ?? 0,
        request.DeviceIDs ?? [],
        (request.Capabilities ?? []).map((group) => [...group].sort()),
        map(request.Options) ?? [],
      ]),
    ),
  );
}

export function throttles(values: HostConfig['BlkioDeviceReadBps']): Canonical {
  return set(values?.map(({ Path, Rate }) => `${Path}=${Rate}`));
}

export function weights(values: HostConfig['BlkioWeightDevice']): Canonical {
  return set(values?.map(({ Path, Weight }) => `${Path}=${Weight}`));
}

/** The mounts that were asked for, by target; anonymous volumes have no source. */
export function mountsByTarget(view: ContainerView): Map<string, string> {
  const mounts = new Map<string, string>();
  const add = (target: string, parts: readonly unknown[]): void => {
    mounts.set(cleanPath(target), JSON.stringify(parts));
  };
  for (const bind of view.host.Binds ?? []) {
    const { source, target, options } = parseBind(bind);
    const readOnly = options.includes('ro');
    const selinux = options.find((option) => option === 'z' || option === 'Z') ?? '';
    const propagation = options.find((option) => /^r?(shared|slave|private)$/.test(option)) ?? '';
    const named = !/^([/\\]|[a-zA-Z]:)/.test(source);
    if (!named) add(target, ['bind', cleanPath(source), readOnly, normalPropagation(propagation), '', selinux]);
    else if (isAnonymousName(source)) add(target, ['volume', '', readOnly, options.includes('nocopy'), '']);
    else add(target, ['volume', source, readOnly, options.includes('nocopy'), '']);
  }
  for (const mount of view.host.Mounts ?? []) add(mount.Target ?? '', mountParts(mount));
  return mounts;
}

function mountParts(mount: Mount): readonly unknown[] {
  const readOnly = mount.ReadOnly === true;
  const source = mount.Source ?? '';
  switch (mount.Type) {
    case 'bind': {
      const options = mount.BindOptions;
      const recursive = [options?.NonRecursive, options?.ReadOnlyNonRecursive, options?.ReadOnlyForceRecursive];
      const word = recursive.map((on, index) => (on === true ? String(index) : '')).join('');
      return ['bind', cleanPath(source), readOnly, normalPropagation(options?.Propagation ?? ''), word, ''];
    }
    case 'volume': {
      const { NoCopy, Subpath } = mount.VolumeOptions ?? {};
      return ['volume', isAnonymousName(source) ? '' : source, readOnly, NoCopy === true, Subpath ?? ''];
    }
    case 'tmpfs':
      return ['tmpfs', readOnly, mount.TmpfsOptions?.SizeBytes ?? 0, mount.TmpfsOptions?.Mode ?? 0];
    case 'image':
      return ['image', source, mount.ImageOptions?.Subpath ?? ''];
    default:
      return [mount.Type ?? '', source, readOnly];
  }
}

function normalPropagation(word: string): string {
  return word === 'rprivate' ? '' : word;
}

/** `source:target[:options]`, where a Windows path may begin with a drive. */
export function parseBind(bind: string): { source: string; target: string; options: readonly string[] } {
  const match = /^((?:[a-zA-Z]:)?[^:]*):((?:[a-zA-Z]:)?[^:]*)(?::(.*))?$/.exec(bind);
  const [, source = '', target = '', options = ''] = match ?? [];
  return { source, target, options: options === '' ? [] : options.split(',') };
}
