import type { Network, Project, Service, Volume } from '@drover/compose';
import {
  composeLabel,
  type ImageConfig,
  isToolLabel,
  type Observed,
  type ObservedContainer,
} from '@drover/orchestration';
import { labelOf } from '../resource/networks.ts';
import { dropEmpty } from './drop-empty.ts';
import { serviceFromContainers } from './service-from-container.ts';

/**
 * The project that stands there, told from `inspect` alone: what adoption records where the files cannot be read. `images` gives
 * what each image gives by itself, by id.
 */
export function projectFromContainers(observed: Observed, images: ReadonlyMap<string, ImageConfig>): Project {
  const containers = observed.containers.filter(
    ({ Config }) => labelOf(Config.Labels ?? null, composeLabel.oneOff) !== 'True' && serviceName(Config) !== undefined,
  );
  const byService = Map.groupBy(containers, ({ Config }) => serviceName(Config) ?? '');
  const networks = networksOf(observed, containers);
  const volumes = volumesOf(observed, containers);
  const serviceOf = (id: string) => {
    const found = containers.find((each) => each.Id === id || each.Name === `/${id}`);
    return found === undefined ? undefined : serviceName(found.Config);
  };
  const services: Record<string, Service> = Object.create(null);
  for (const [name, own] of [...byService].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const sorted = own.sort((a, b) => numberOf(a) - numberOf(b));
    services[name] = serviceFromContainers({
      project: observed.project,
      name,
      containers: sorted,
      image: images.get(sorted[0]?.Image ?? '') ?? {},
      networkKey: (network) => networks.keys.get(network) ?? network,
      volumes: (volume) => volumes.keys.get(volume) ?? volume,
      serviceOf,
    });
  }
  const labels = containers[0]?.Config.Labels ?? {};
  return {
    name: observed.project,
    services,
    networks: networks.models,
    volumes: volumes.models,
    secrets: {},
    configs: {},
    models: {},
    disabledServices: {},
    profiles: [],
    workingDir: labels[composeLabel.workingDir] ?? '/',
    composeFiles: [],
  };
}

function networksOf(observed: Observed, containers: readonly ObservedContainer[]) {
  const used = new Set(containers.flatMap(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks)));
  const keys = new Map<string, string>();
  const models: Record<string, Network> = Object.create(null);
  for (const network of observed.networks) {
    const own = labelOf(network.Labels, composeLabel.project) === observed.project;
    if (!own && !used.has(network.Name)) continue;
    if (['bridge', 'host', 'none'].includes(network.Name)) continue;
    const key = own ? (labelOf(network.Labels, composeLabel.network) ?? network.Name) : network.Name;
    keys.set(network.Name, key);
    if (!own) {
      models[key] = { name: network.Name, external: true, ipam: {} };
      continue;
    }
    const pools = (network.IPAM.Config ?? []).map(({ Subnet, Gateway, IPRange }) =>
      dropEmpty({ subnet: Subnet ?? undefined, gateway: Gateway ?? undefined, ip_range: IPRange || undefined }),
    );
    models[key] = dropEmpty({
      name: network.Name,
      driver: network.Driver === 'bridge' ? undefined : network.Driver,
      driver_opts: { ...network.Options },
      internal: network.Internal ? (true as const) : undefined,
      attachable: network.Attachable ? (true as const) : undefined,
      enable_ipv6: network.EnableIPv6 ? true : undefined,
      labels: ownLabels(network.Labels),
      // A subnet that the engine chose itself would be no wish of the author's.
      ipam: isChosen(network.IPAM.Options) ? { config: pools } : {},
    }) as Network;
    if (models[key].ipam === undefined) models[key] = { ...models[key], ipam: {} };
  }
  return { keys, models };
}

function isChosen(options: unknown): boolean {
  return options !== null && options !== undefined && Object.keys(options).length > 0;
}

function volumesOf(observed: Observed, containers: readonly ObservedContainer[]) {
  const used = new Set(
    containers.flatMap(({ Mounts }) => Mounts.flatMap(({ Name }) => (Name === undefined ? [] : [Name]))),
  );
  const keys = new Map<string, string>();
  const models: Record<string, Volume> = Object.create(null);
  for (const volume of observed.volumes) {
    const own = labelOf(volume.Labels, composeLabel.project) === observed.project;
    const key = own ? labelOf(volume.Labels, composeLabel.volume) : undefined;
    if (key === undefined && (!used.has(volume.Name) || /^[0-9a-f]{64}$/.test(volume.Name))) continue;
    keys.set(volume.Name, key ?? volume.Name);
    models[key ?? volume.Name] =
      key === undefined
        ? { name: volume.Name, external: true }
        : (dropEmpty({
            name: volume.Name,
            driver: volume.Driver === 'local' ? undefined : volume.Driver,
            driver_opts: { ...volume.Options },
            labels: ownLabels(volume.Labels),
          }) as Volume);
  }
  return { keys, models };
}

function ownLabels(labels: Readonly<Record<string, string>> | null): Record<string, string> {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([name]) => !isToolLabel(name)));
}

function serviceName({ Labels }: ObservedContainer['Config']): string | undefined {
  return labelOf(Labels ?? null, composeLabel.service);
}

function numberOf({ Config }: ObservedContainer): number {
  return Number(labelOf(Config.Labels ?? null, composeLabel.number)) || 0;
}
