import type { BuildConfig, Project, Service } from '@drover/compose';
import type { BuildRequest, BuildSecret, RegistryAuth } from '@drover/engine';
import type { DesiredContents } from '../model/desired.ts';
import { composeLabel, composeVersion } from '../model/labels.ts';
import { builtImageName } from '../model/names.ts';

export interface BuildRequestInput {
  readonly project: Project;
  readonly serviceName: string;
  readonly service: Service;
  readonly build: BuildConfig;
  readonly contents: Pick<DesiredContents, 'secrets'>;
  readonly registryAuth?: { readonly [registry: string]: RegistryAuth };
  readonly defaultPlatform?: string | undefined;
}

/** The build of a service's image, labelled as docker compose labels what it builds. */
export function buildRequest(input: BuildRequestInput): BuildRequest {
  const { project, serviceName, service, build } = input;
  const image = service.image ?? builtImageName(project.name, serviceName);
  const platform = service.platform ?? build.platforms?.[0] ?? input.defaultPlatform;
  return {
    context: build.context ?? project.workingDir,
    dockerfile: build.dockerfile_inline === undefined ? build.dockerfile : undefined,
    dockerfileInline: build.dockerfile_inline,
    tags: [image, ...(build.tags ?? [])],
    args: build.args,
    target: build.target,
    labels: Object.fromEntries([
      ...Object.entries(build.labels ?? {}),
      [composeLabel.project, project.name],
      [composeLabel.service, serviceName],
      [composeLabel.version, composeVersion],
    ]),
    cacheFrom: build.cache_from,
    cacheTo: build.cache_to,
    network: build.network,
    extraHosts: build.extra_hosts?.map((entry) => entry.replace('=', ':')),
    shmSize: build.shm_size === undefined ? undefined : Number(build.shm_size),
    platform,
    noCache: build.no_cache,
    pull: build.pull,
    registryAuth: input.registryAuth,
    additionalContexts: additionalContexts(project, build),
    secrets: buildSecrets(input),
    // The model has keys as docker compose prints them.
    ssh: build.ssh?.map((key) => key.replace(': ', '=')),
    privileged: build.privileged,
    entitlements: build.entitlements,
    noCacheFilter: build.no_cache_filter,
    provenance: build.provenance,
    sbom: build.sbom,
    ulimits: ulimits(build),
  };
}

/** The services whose images a build starts from. */
export function buildDependencies(build: BuildConfig): string[] {
  return Object.values(build.additional_contexts ?? {})
    .filter((source) => source.startsWith('service:'))
    .map((source) => source.slice('service:'.length));
}

function additionalContexts(project: Project, build: BuildConfig): BuildRequest['additionalContexts'] {
  if (build.additional_contexts === undefined) return undefined;
  const entries = Object.entries(build.additional_contexts).map(([name, source]) => {
    if (!source.startsWith('service:')) return [name, source] as const;
    const other = source.slice('service:'.length);
    return [name, `docker-image://${project.services[other]?.image ?? builtImageName(project.name, other)}`] as const;
  });
  return Object.fromEntries(entries);
}

function buildSecrets({ project, build, contents }: BuildRequestInput): readonly BuildSecret[] | undefined {
  return build.secrets?.map(({ source = '', target }) => {
    const id = target ?? source;
    const content = contents.secrets.get(source);
    if (content !== undefined) return { id, value: new TextDecoder().decode(content.bytes) };
    return { id, file: Object.hasOwn(project.secrets, source) ? (project.secrets[source]?.file ?? '') : '' };
  });
}

function ulimits(build: BuildConfig): BuildRequest['ulimits'] {
  if (build.ulimits === undefined) return undefined;
  const entries = Object.entries(build.ulimits).map(([name, limit]) => {
    const both =
      typeof limit === 'number' ? { soft: limit, hard: limit } : { soft: limit.soft ?? 0, hard: limit.hard ?? 0 };
    return [name, both] as const;
  });
  return Object.fromEntries(entries);
}
