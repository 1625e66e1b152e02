import type { Service } from '@drover/compose';
import type { PortBinding } from '../../model/container-body.ts';
import type { KeySet, StringMap } from '../../model/wire.ts';

/** Ports that the container listens on: those of `expose`, as they are written, and of `ports`. */
export function exposedPorts(service: Service): KeySet {
  const published = (service.ports ?? []).map((port) => `${port.target ?? 0}/${port.protocol ?? 'tcp'}`);
  return Object.fromEntries([...(service.expose ?? []), ...published].map((port) => [port, {}]));
}

/** Ports of the host, by port of the container. */
export function portBindings(service: Service): { readonly [port: string]: readonly PortBinding[] } {
  const bindings = new Map<string, PortBinding[]>();
  for (const port of service.ports ?? []) {
    const key = `${port.target ?? 0}/${port.protocol ?? 'tcp'}`;
    const list = bindings.get(key) ?? [];
    list.push({ HostIp: port.host_ip ?? '', HostPort: port.published ?? '' });
    bindings.set(key, list);
  }
  return Object.fromEntries(bindings);
}

/** `80` as `80/tcp`; a range stays one, which the engine takes. */
export function withProtocol(port: string): string {
  return port.includes('/') ? port : `${port}/tcp`;
}

/** `host=address` as `host:address`, which is what the engine takes. */
export function extraHosts(entries: readonly string[] | undefined): readonly string[] {
  return (entries ?? []).map((entry) => entry.replace('=', ':'));
}

/** `target[:options]` by target. */
export function tmpfsMounts(entries: readonly string[] | undefined): StringMap | undefined {
  if (entries === undefined) return undefined;
  return Object.fromEntries(
    entries.map((entry) => {
      const colon = entry.indexOf(':');
      return colon === -1 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
    }),
  );
}
