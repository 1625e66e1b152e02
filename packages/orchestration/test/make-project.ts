import type { Project, Service } from '@drover/compose';
import type { ImageConfig } from '../src/model/container-body.ts';
import type { Desired, DesiredContents, ServiceImage } from '../src/model/desired.ts';

export type ServiceSketch = Partial<Service>;

/** A service in canonical form from the few keys that a test is about. */
export function makeService(sketch: ServiceSketch = {}): Service {
  const networks = sketch.network_mode === undefined ? { networks: { default: null } } : {};
  return { command: null, entrypoint: null, image: 'app:1', ...networks, ...sketch };
}

/** A project in canonical form, named `shop`. */
export function makeProject(services: Record<string, ServiceSketch>, rest: Partial<Project> = {}): Project {
  return {
    name: 'shop',
    services: Object.fromEntries(Object.entries(services).map(([name, sketch]) => [name, makeService(sketch)])),
    networks: { default: { name: 'shop_default', ipam: {} } },
    volumes: {},
    secrets: {},
    configs: {},
    models: {},
    disabledServices: {},
    profiles: [],
    workingDir: '/srv/shop',
    composeFiles: ['/srv/shop/compose.yaml'],
    ...rest,
  };
}

export interface DesiredSketch {
  readonly revision?: number;
  readonly contents?: Partial<DesiredContents>;
  /** The engine's ids and settings by reference. */
  readonly images?: ReadonlyMap<string, { readonly id: string; readonly config: ImageConfig }>;
}

/** A revision of a project; images that nobody describes have the id `sha256:REFERENCE`. */
export function makeDesired(project: Project, sketch: DesiredSketch = {}): Desired {
  const image = (ref: string): ServiceImage => {
    const { id, config } = sketch.images?.get(ref) ?? { id: `sha256:${ref}`, config: {} };
    return { ref, id, contentDigest: id, runAs: ref, config };
  };
  return {
    identity: { name: project.name, workingDir: project.workingDir, configFiles: project.composeFiles, envFiles: [] },
    revision: sketch.revision ?? 1,
    project,
    images: new Map(
      Object.entries(project.services).map(([name, service]) => [
        name,
        image(service.image ?? `${project.name}-${name}`),
      ]),
    ),
    contents: { secrets: new Map(), configs: new Map(), files: new Map(), ...sketch.contents },
  };
}
