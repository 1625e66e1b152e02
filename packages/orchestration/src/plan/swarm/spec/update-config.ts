import type { Service, UpdateConfig } from '@drover/compose';
import type { ImageConfig } from '../../../model/container-body.ts';
import type { ServiceUpdateConfig } from '../../../model/swarm/service-spec.ts';
import { nanoseconds } from '../../spec/quantity.ts';
import { startFirst } from '../../start-first.ts';
import { isInMesh } from './endpoint.ts';

/**
 * How the tasks of a service are replaced. Where the file says nothing: all at once, as on one engine, and the new ones first where
 * both can stand side by side. A failure pauses: what becomes of the whole is Drover's decision.
 */
export function updateConfig(service: Service, image: ImageConfig, ipvs: boolean): ServiceUpdateConfig {
  const own = service.deploy?.update_config;
  return {
    ...written(own, own === undefined ? 0 : 1),
    FailureAction: 'pause',
    Order: taskOrder(service, image, ipvs).allowed ? 'start-first' : 'stop-first',
  };
}

/** What `docker service rollback` does; undefined leaves it to Swarm. */
export function rollbackConfig(service: Service): ServiceUpdateConfig | undefined {
  const own = service.deploy?.rollback_config;
  if (own === undefined) return undefined;
  return {
    ...written(own, 1),
    ...(own.failure_action ? { FailureAction: own.failure_action as 'pause' } : {}),
    ...(own.order ? { Order: own.order as 'stop-first' } : {}),
  };
}

/** Whether new tasks may run beside old ones. A port in the routing mesh and a name are the service's, not the container's. */
export function taskOrder(service: Service, image: ImageConfig, ipvs: boolean): ReturnType<typeof startFirst> {
  const { container_name: _, ports = [], ...rest } = service;
  const held = ipvs ? ports.filter((port) => !isInMesh(port)) : ports;
  return startFirst({ ...rest, ports: held }, { ref: '', id: '', contentDigest: '', runAs: '', config: image });
}

function written(config: UpdateConfig | undefined, parallelism: number): ServiceUpdateConfig {
  return {
    Parallelism: config?.parallelism ?? parallelism,
    ...(config?.delay === undefined ? {} : { Delay: nanoseconds(config.delay) }),
    ...(config?.monitor === undefined ? {} : { Monitor: nanoseconds(config.monitor) }),
    ...(config?.max_failure_ratio === undefined ? {} : { MaxFailureRatio: config.max_failure_ratio }),
  };
}
