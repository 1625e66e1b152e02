import { cluster } from './cluster.ts';
import { containers } from './container.ts';
import { registries, variables } from './credential.ts';
import { deployments } from './deployment.ts';
import { environments } from './environment.ts';
import { hosts } from './host.ts';
import { disk, images, networks, volumes } from './resource.ts';
import { session } from './session.ts';
import { stacks } from './stack.ts';
import { blobs, system } from './system.ts';

/** The HTTP API of Drover, below `/api`, and for an environment below `/api/environments/{environment}`. Server handlers, clients, OpenAPI and permissions derive from it. */
export const contract = {
  session,
  system,
  environments,
  stacks,
  deployments,
  cluster,
  containers,
  images,
  networks,
  volumes,
  disk,
  registries,
  variables,
  blobs,
  hosts,
};
export type Contract = typeof contract;
