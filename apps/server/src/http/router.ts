import { contract } from '@drover/contract';
import { implement } from '@orpc/server';
import type { Domain } from '../domain/domain.ts';
import { blobRoutes } from './blob.ts';
import { clusterRoutes } from './cluster.ts';
import { containerRoutes } from './container.ts';
import type { RequestContext } from './context.ts';
import { registryRoutes, variableRoutes } from './credential.ts';
import { deploymentRoutes } from './deployment.ts';
import { environmentRoutes } from './environment.ts';
import { hostRoutes } from './host.ts';
import { diskRoutes, imageRoutes, networkRoutes, volumeRoutes } from './resource.ts';
import { sessionRoutes } from './session.ts';
import { stackRoutes } from './stack.ts';
import { systemRoutes } from './system.ts';

/** The contract with the context of this server; each resource's handlers grow from it. */
export const api = implement(contract).$context<RequestContext>();
export type Api = typeof api;

/** All handlers. The compiler holds every one to its schema. */
export function createRouter(domain: Domain) {
  return api.router({
    session: sessionRoutes(api, domain),
    system: systemRoutes(api, domain),
    environments: environmentRoutes(api, domain),
    stacks: stackRoutes(api),
    deployments: deploymentRoutes(api),
    cluster: clusterRoutes(api),
    containers: containerRoutes(api),
    images: imageRoutes(api),
    networks: networkRoutes(api),
    volumes: volumeRoutes(api),
    disk: diskRoutes(api),
    registries: registryRoutes(api, domain),
    variables: variableRoutes(api),
    blobs: blobRoutes(api, domain),
    hosts: hostRoutes(api, domain),
  });
}
