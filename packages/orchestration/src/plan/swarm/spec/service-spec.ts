import type { Project, Service } from '@drover/compose';
import { droverLabel } from '../../../model/labels.ts';
import type { SwarmImage } from '../../../model/swarm/desired.ts';
import { stackLabel } from '../../../model/swarm/labels.ts';
import type { ServiceSpec } from '../../../model/swarm/service-spec.ts';
import { endpointSpec } from './endpoint.ts';
import { taskContainer } from './task-container.ts';
import type { FilesByKey } from './task-files.ts';
import { isJob, type ModeName, serviceMode } from './task-mode.ts';
import { taskNetworks } from './task-networks.ts';
import { taskPlacement } from './task-placement.ts';
import { taskResources } from './task-resources.ts';
import { taskRestart } from './task-restart.ts';
import { rollbackConfig, updateConfig } from './update-config.ts';

export interface ServiceSpecRequest {
  readonly project: Project;
  readonly serviceName: string;
  readonly service: Service;
  readonly image: SwarmImage;
  readonly mode: ModeName;
  readonly revision: number;
  readonly ipvs: boolean;
  readonly scale?: number | undefined;
  readonly secrets: FilesByKey;
  readonly configs: FilesByKey;
  /** Constraints that Drover adds to the author's. */
  readonly constraints?: readonly string[];
  /** The id of a network that stands, by its name. */
  readonly networkId: (name: string) => string | undefined;
}

/** The name of a service in the Swarm, as `docker stack deploy` gives it. */
export function stackName(project: Project, key: string): string {
  return `${project.name}_${key}`;
}

/** The service of a Swarm, as a manager is asked for it. `ForceUpdate` is what stands, so it is not here. */
export function serviceSpec(request: ServiceSpecRequest): ServiceSpec {
  const { project, serviceName, service, image, mode, ipvs } = request;
  const restart = taskRestart(service, mode);
  const resources = taskResources(service);
  const placement = taskPlacement(service, image.platforms ?? [], request.constraints);
  const networks = taskNetworks(project, serviceName, service, request.networkId);
  const rollback = isJob(mode) ? undefined : rollbackConfig(service);
  return {
    Name: stackName(project, serviceName),
    Labels: {
      ...service.deploy?.labels,
      [stackLabel.namespace]: project.name,
      [stackLabel.image]: image.ref,
      [droverLabel.revision]: String(request.revision),
    },
    TaskTemplate: {
      ContainerSpec: taskContainer({ ...request, image: image.pinned }),
      ...(resources === undefined ? {} : { Resources: resources }),
      ...(restart === undefined ? {} : { RestartPolicy: restart }),
      ...(Object.keys(placement).length > 0 ? { Placement: placement } : {}),
      ...(networks.length > 0 ? { Networks: networks } : {}),
      ...(service.logging === undefined
        ? {}
        : { LogDriver: { Name: service.logging.driver ?? '', Options: service.logging.options ?? {} } }),
    },
    Mode: serviceMode(mode, service, request.scale),
    ...(isJob(mode) ? {} : { UpdateConfig: updateConfig(service, image.config ?? {}, ipvs) }),
    ...(rollback === undefined ? {} : { RollbackConfig: rollback }),
    EndpointSpec: endpointSpec(service, ipvs),
  };
}
