import { serviceShape } from '../bind/service-shape.ts';
import { networkShape, volumeShape } from '../bind/shapes.ts';
import type { Network } from '../model/network.ts';
import type { Service } from '../model/service.ts';
import type { Volume } from '../model/volume.ts';
import { structToJson } from '../print/go-json.ts';
import { sha256Hex } from './sha256.ts';

/** What docker compose knows about a service only when it hashes it. */
export interface HashContext {
  /** DOCKER_DEFAULT_PLATFORM, which a service that is built takes where it names none. */
  readonly defaultPlatform?: string | undefined;
}

/**
 * The configuration hash of a service, byte for byte docker compose's `com.docker.compose.config-hash`. Give it the service as it is
 * deployed: env files read, `service:` references replaced by `container:` ids.
 */
export function serviceHash(service: Service, context: HashContext = {}): string {
  return sha256Hex(serviceHashInput(service, context));
}

/** The text that is hashed; to compare two of them says why a hash differs. */
export function serviceHashInput(service: Service, context: HashContext = {}): string {
  const { build, pull_policy: _policy, scale: _scale, depends_on: _needs, profiles: _profiles, ...hashed } = service;
  const { deploy } = hashed;
  const { replicas: _replicas, ...deployed } = deploy ?? { replicas: undefined };
  const platform =
    build !== undefined && service.platform === undefined && context.defaultPlatform
      ? context.defaultPlatform
      : service.platform;
  return structToJson(
    {
      ...hashed,
      ...(deploy === undefined ? {} : { deploy: deployed }),
      ...(platform === undefined ? {} : { platform }),
    },
    serviceShape,
  );
}

/** The configuration hash of a network, as docker compose labels it. */
export function networkHash(network: Network): string {
  return sha256Hex(structToJson(network, networkShape));
}

/** The configuration hash of a volume, as docker compose labels it. */
export function volumeHash(volume: Volume): string {
  return sha256Hex(structToJson({ ...volume, driver: volume.driver ?? 'local' }, volumeShape));
}
