import type { FileObject, Network, Project, Service, Volume } from '@drover/compose';
import type { ObservedNetwork, ServiceSpec, SwarmObserved } from '@drover/orchestration';
import { dropEmpty } from './drop-empty.ts';
import { ownLabels } from './own-labels.ts';
import { serviceFromSpec } from './service-from-spec.ts';

/** The words before the keys of a stack's things: `shop_`. */
const prefixOf = (stack: string) => `${stack}_`;

/**
 * The project that stands on a Swarm, told from its services alone: what adoption records where the files cannot be read. What
 * secrets hold cannot be read, so that they and configs are external.
 */
export function projectFromServices({ project: stack, services, networks }: SwarmObserved): Project {
  const prefix = prefixOf(stack);
  const keyOf = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const specs = services.map(({ Spec }) => Spec);
  const byId = new Map<string, ObservedNetwork>(
    networks.flatMap((each) => [[each.Id, each] as const, [each.Name, each] as const]),
  );
  const used = new Map<string, Network>();
  const models: Record<string, Service> = Object.create(null);
  const volumes = new Map<string, Volume>();
  const secrets = new Map<string, FileObject>();
  const configs = new Map<string, FileObject>();
  for (const spec of [...specs].sort((a, b) => ((a.Name ?? '') < (b.Name ?? '') ? -1 : 1))) {
    const name = keyOf(spec.Name ?? '');
    models[name] = serviceFromSpec(spec, {
      name,
      networkName: (target) => byId.get(target)?.Name ?? target,
      networkKey: (target) => {
        const network = byId.get(target);
        const key = keyOf(network?.Name ?? target);
        used.set(key, networkModel(network, network?.Name ?? target, stack));
        return key;
      },
      volumeKey: (mount) => {
        const key = keyOf(mount.Source ?? '');
        volumes.set(key, volumeModel(mount));
        return key;
      },
    });
    for (const { SecretName } of spec.TaskTemplate?.ContainerSpec?.Secrets ?? [])
      if (SecretName != null) secrets.set(SecretName, { name: SecretName, external: true });
    for (const { ConfigName } of spec.TaskTemplate?.ContainerSpec?.Configs ?? [])
      if (ConfigName != null) configs.set(ConfigName, { name: ConfigName, external: true });
  }
  return {
    name: stack,
    services: models,
    networks: Object.fromEntries(used),
    volumes: Object.fromEntries(volumes),
    secrets: Object.fromEntries(secrets),
    configs: Object.fromEntries(configs),
    models: {},
    disabledServices: {},
    profiles: [],
    workingDir: '/',
    composeFiles: [],
  };
}

type TaskMount = NonNullable<NonNullable<NonNullable<ServiceSpec['TaskTemplate']>['ContainerSpec']>['Mounts']>[number];

function networkModel(network: ObservedNetwork | undefined, name: string, stack: string): Network {
  if (network === undefined || network.Labels?.['com.docker.stack.namespace'] !== stack)
    return { name, external: true, ipam: {} };
  return {
    ...dropEmpty({
      name,
      driver: network.Driver === 'overlay' ? undefined : network.Driver,
      internal: network.Internal ? (true as const) : undefined,
      attachable: network.Attachable ? (true as const) : undefined,
      labels: ownLabels(network.Labels),
    }),
    // A subnet that the Swarm chose itself would be no wish of the author's.
    ipam: {},
  };
}

function volumeModel({ Source, VolumeOptions }: TaskMount): Volume {
  const { DriverConfig, Labels } = VolumeOptions ?? {};
  return dropEmpty({
    name: Source ?? '',
    driver: DriverConfig?.Name || undefined,
    driver_opts: { ...DriverConfig?.Options },
    labels: ownLabels(Labels),
  }) as Volume;
}
