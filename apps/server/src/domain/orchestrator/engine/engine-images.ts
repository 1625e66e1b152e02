import { join } from 'node:path';
import type { Engine, RegistryAuth } from '@drover/engine';
import {
  dropImages,
  keepImages,
  type ResolveImagesRequest,
  recallImages,
  resolveImages,
  type ServiceImage,
} from '@drover/orchestration';
import type { Registries } from '../../credential/registries.ts';
import type { BlobStore } from '../../source/blob-store.ts';
import { confineBuilds } from '../../source/confined-builds.ts';
import type { GoodProject } from '../../source/load-project.ts';
import { absolutePath } from '../../source/source.ts';
import type { FoundImages, LookUpRequest, RevisionName, SettleRequest, StackImages } from '../stack-images.ts';
import { lookUpImages } from './look-up.ts';

export interface EngineImagesOptions {
  readonly engine: Engine;
  readonly registries: Registries;
  readonly blobs: BlobStore;
  /** Where build contexts are written out. */
  readonly workFolder: string;
}

/** The images of one engine: pulled and built with the accounts that are kept and from the files that were uploaded. */
export class EngineImages implements StackImages {
  readonly #options: EngineImagesOptions;

  constructor(options: EngineImagesOptions) {
    this.#options = options;
  }

  async settle(request: SettleRequest): Promise<ReadonlyMap<string, ServiceImage>> {
    return await this.settleWith(request, resolveImages);
  }

  /** Hands everything that pulls and builds need to who does them, and cleans up behind. */
  async settleWith<Images>(
    request: SettleRequest,
    resolve: (request: ResolveImagesRequest) => Promise<Images>,
  ): Promise<Images> {
    const { engine, registries, blobs, workFolder } = this.#options;
    const { loaded, source, id, signal } = request;
    const { project } = loaded.result;
    const builds = confineBuilds({
      engine,
      source,
      workingDir: loaded.workingDir,
      blobs,
      folder: join(workFolder, id),
    });
    const hasBuilds = Object.values(project.services).some(({ build }) => build !== undefined);
    try {
      return await resolve({
        engine: builds.engine,
        project: withBuildOptions(project, request),
        policy: request.policy,
        build: request.build,
        services: request.services,
        credentials: (host) => registries.credentials(host),
        buildCredentials: hasBuilds ? await this.#accounts() : undefined,
        contents: hasBuilds ? { secrets: await this.#buildSecrets(request) } : undefined,
        defaultPlatform: loaded.environment.get('DOCKER_DEFAULT_PLATFORM') || undefined,
        now: Date.now(),
        onEvent: request.onEvent,
        provenance: (path) => loaded.result.provenance(path),
        signal,
      });
    } finally {
      await builds.clean();
    }
  }

  async lookUp(request: LookUpRequest): Promise<FoundImages> {
    return await lookUpImages(this.#options.engine, request);
  }

  async present(): Promise<(id: string) => boolean> {
    const ids = new Set<string>((await this.#options.engine.images.list()).map(({ Id }) => Id));
    return (id) => ids.has(id);
  }

  async keep(of: RevisionName, images: ReadonlyMap<string, ServiceImage>): Promise<void> {
    await keepImages({ engine: this.#options.engine, ...of }, images);
  }

  async recall(
    of: RevisionName,
    images: ReadonlyMap<string, ServiceImage>,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, ServiceImage>> {
    return await recallImages({ engine: this.#options.engine, ...of, signal }, images);
  }

  async drop(of: RevisionName): Promise<void> {
    await dropImages({ engine: this.#options.engine, ...of });
  }

  async #accounts(): Promise<Record<string, RegistryAuth>> {
    const { registries } = this.#options;
    const accounts: Record<string, RegistryAuth> = {};
    for (const { server } of await registries.list()) {
      const auth = await registries.credentials(server);
      if (auth !== undefined) accounts[auth.serveraddress ?? server] = auth;
    }
    return accounts;
  }

  async #buildSecrets({ loaded, source }: SettleRequest) {
    const { project, contents } = loaded.result;
    const secrets = new Map<string, { bytes: Uint8Array; version: string }>();
    for (const [key, { file }] of Object.entries(project.secrets)) {
      const inline = contents.secrets.get(key);
      const uploaded = source.files.find((each) => absolutePath(loaded.workingDir, each.path) === file);
      if (inline !== undefined) secrets.set(key, { bytes: Buffer.from(inline), version: '' });
      else if (uploaded !== undefined && 'sha256' in uploaded)
        secrets.set(key, { bytes: await this.#options.blobs.read(uploaded.sha256), version: '' });
    }
    return secrets;
  }
}

function withBuildOptions(project: GoodProject['result']['project'], { noCache, pullBases }: SettleRequest) {
  if (noCache !== true && pullBases !== true) return project;
  const services = Object.entries(project.services).map(([name, service]) => {
    if (service.build === undefined) return [name, service] as const;
    const build = {
      ...service.build,
      ...(noCache === true ? { no_cache: true as const } : {}),
      ...(pullBases === true ? { pull: true as const } : {}),
    };
    return [name, { ...service, build }] as const;
  });
  return { ...project, services: Object.fromEntries(services) };
}
