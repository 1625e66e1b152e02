import { contract } from '@drover/contract';
import { implement } from '@orpc/server';
import type { Domain } from '../domain/domain.ts';
import { blobRoutes } from './blob.ts';
import { containerRoutes } from './container.ts';
import type { RequestContext } from './context.ts';
import { registryRoutes, variableRoutes } from './credential.ts';
import { deploymentRoutes } from './deployment.ts';
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
    stacks: stackRoutes(api, domain),
    deployments: deploymentRoutes(api, domain),
    containers: containerRoutes(api, domain),
    images: imageRoutes(api, domain),
    networks: networkRoutes(api, domain),
    volumes: volumeRoutes(api, domain),
    disk: diskRoutes(api, domain),
    registries: registryRoutes(api, domain),
    variables: variableRoutes(api, domain),
    blobs: blobRoutes(api, domain),
  });
}
