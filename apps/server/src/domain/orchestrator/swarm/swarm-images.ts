import { builtImageName, dropImages, keepImages, type ServiceImage } from '@drover/orchestration';
import { inspectImage } from '@drover/orchestration/images/inspect-image';
import { type PinnedImage, pinDigests } from '@drover/orchestration/images/pin-digests';
import { imageNeed } from '@drover/orchestration/images/pull-policy';
import { spreadImages } from '@drover/orchestration/images/spread';
import type { Registries } from '../../credential/registries.ts';
import type { Host } from '../../host/host.ts';
import type { BlobStore } from '../../source/blob-store.ts';
import { EngineImages } from '../engine/engine-images.ts';
import { noteOnMissing, servicesAwaitedHealthy, unknownConfig } from '../engine/look-up.ts';
import type { FoundImages, LookUpRequest, RevisionName, SettleRequest, StackImages } from '../stack-images.ts';
import { managerHost, type SwarmMembers } from './members.ts';

export interface SwarmImagesOptions {
  readonly members: SwarmMembers;
  readonly registries: Registries;
  readonly blobs: BlobStore;
  /** Where build contexts are written out. */
  readonly workFolder: string;
}

/**
 * The images of stacks on a Swarm: those of a registry by digest, so that every host runs the same; those that are built here, and
 * that no registry has, loaded into every host.
 *
 * A service whose image is named as before keeps the digest that runs, unless the pull is asked for: a deploy changes what was
 * changed.
 */
export class SwarmImages implements StackImages {
  readonly #options: SwarmImagesOptions;

  constructor(options: SwarmImagesOptions) {
    this.#options = options;
  }

  async settle(request: SettleRequest): Promise<ReadonlyMap<string, ServiceImage>> {
    const { members } = this.#options;
    const manager = managerHost(members);
    const { project } = request.loaded.result;
    const serving = await request.serving();
    const settled = new Map<string, ServiceImage>();
    const wanted = new Map<string, string[]>();
    const built: string[] = [];
    for (const [name, service] of Object.entries(project.services)) {
      if (request.services !== undefined && !request.services.includes(name)) continue;
      if (service.image === undefined && service.build === undefined) continue;
      const ref = service.image ?? builtImageName(project.name, name);
      const before = serving.get(name);
      const isKnown = before !== undefined && before.ref === ref;
      const policy = { pull: request.policy, build: request.build, now: Date.now() };
      const need = imageNeed(service, { present: isKnown, takenAt: undefined }, policy);
      if (need === 'build') built.push(name);
      else if (isKnown && need !== 'pull') settled.set(name, before);
      else wanted.set(ref, [...(wanted.get(ref) ?? []), name]);
    }
    const builds = built.length === 0 ? new Map<string, ServiceImage>() : await this.#build(manager, request, built);
    for (const [name, image] of builds) wanted.set(image.ref, [...(wanted.get(image.ref) ?? []), name]);
    const local = new Set([...builds.values()].map(({ ref }) => ref));
    const asked = new Map([...wanted].filter(([ref]) => !local.has(ref)));
    const { pinned, unpublished } = await this.#pin(manager, request, asked);
    const spread = await this.#spread(manager, request, [...local, ...unpublished]);
    for (const [ref, services] of wanted) {
      const image = await serviceImageOf(manager, ref, pinned.get(ref), spread.get(ref), request.signal);
      for (const name of services) settled.set(name, image);
      request.onEvent({ type: 'resolved', ref, services });
    }
    return settled;
  }

  async lookUp({ loaded, options, serving, signal }: LookUpRequest): Promise<FoundImages> {
    const manager = managerHost(this.#options.members);
    const { project } = loaded.result;
    const awaited = servicesAwaitedHealthy(project);
    const before = await serving();
    const images = new Map<string, ServiceImage>();
    const notes: FoundImages['notes'][number][] = [];
    const unsure = new Map<string, string>();
    const policy = {
      pull: options.pull === 'policy' ? undefined : options.pull,
      build: options.build ? ('always' as const) : undefined,
      now: Date.now(),
    };
    for (const [name, service] of Object.entries(project.services)) {
      if (service.image === undefined && service.build === undefined) continue;
      const ref = service.image ?? builtImageName(project.name, name);
      const runs = before.get(name);
      const isKnown = runs !== undefined && runs.ref === ref;
      const need = imageNeed(service, { present: isKnown, takenAt: undefined }, policy);
      if (isKnown) {
        images.set(name, runs);
        if (need === 'build') unsure.set(name, 'its image is built first; its tasks may be made anew after the build');
        if (need === 'pull') unsure.set(name, 'its registry is asked first; its tasks may be made anew after that');
        continue;
      }
      const inspected = await inspectImage(manager.engine, ref, signal);
      images.set(name, {
        ref,
        id: inspected?.Id ?? '',
        contentDigest: '',
        runAs: ref,
        config: inspected?.Config ?? unknownConfig(awaited.has(name)),
      });
      if (inspected === undefined) notes.push(noteOnMissing(name, ref, need, loaded));
    }
    return { images, notes, unsure };
  }

  /** What a registry has is fetched by its digest; what only the hosts have is kept there by tags. */
  async present(): Promise<(id: string) => boolean> {
    return () => true;
  }

  async keep({ stack, revision }: RevisionName, images: ReadonlyMap<string, ServiceImage>): Promise<void> {
    const unpublished = new Map([...images].filter(([, { runAs }]) => !runAs.includes('@')));
    if (unpublished.size === 0) return;
    for (const { engine } of this.#reachable()) {
      const here = new Map<string, ServiceImage>();
      for (const [service, image] of unpublished) {
        const inspected = await inspectImage(engine, image.ref, undefined);
        if (inspected !== undefined) here.set(service, { ...image, id: inspected.Id });
      }
      await keepImages({ engine, stack, revision }, here);
    }
  }

  async recall(_: RevisionName, images: ReadonlyMap<string, ServiceImage>): Promise<ReadonlyMap<string, ServiceImage>> {
    return images;
  }

  async drop({ stack, revision }: RevisionName): Promise<void> {
    for (const { engine } of this.#reachable()) await dropImages({ engine, stack, revision });
  }

  #reachable(): readonly Host[] {
    return this.#options.members.hosts().filter(({ state }) => state.state === 'connected');
  }

  async #build(
    { engine }: Host,
    request: SettleRequest,
    services: readonly string[],
  ): Promise<ReadonlyMap<string, ServiceImage>> {
    const { registries, blobs, workFolder } = this.#options;
    const images = new EngineImages({ engine, registries, blobs, workFolder });
    return await images.settle({ ...request, services });
  }

  async #pin({ engine }: Host, request: SettleRequest, images: ReadonlyMap<string, readonly string[]>) {
    const { registries } = this.#options;
    return await pinDigests({
      engine,
      images,
      // The digest that a registry tells costs one question; what a host happens to have may be old.
      policyOf: () => (request.policy === 'never' ? 'never' : 'always'),
      credentials: (registry) => registries.credentials(registry),
      onEvent: (event) => {
        if (event.type === 'pulling')
          request.onEvent({ type: 'pulling', ref: event.ref, services: images.get(event.ref) ?? [] });
      },
      signal: request.signal,
    });
  }

  async #spread(manager: Host, { signal, onEvent }: SettleRequest, refs: readonly string[]) {
    if (refs.length === 0) return new Map<string, string>();
    const named = ({ name, endpoint, engine }: Host) => ({ name: name ?? endpoint, engine });
    return await spreadImages({
      from: named(manager),
      to: this.#reachable().map(named),
      images: refs,
      onEvent: ({ type, host, images }) => {
        for (const ref of images)
          onEvent({ type: 'progress', ref, text: type === 'sending' ? `sending to ${host}` : `${host} has it` });
      },
      signal,
    });
  }
}

async function serviceImageOf(
  { engine }: Host,
  ref: string,
  pinned: PinnedImage | undefined,
  spread: string | undefined,
  signal: AbortSignal,
): Promise<ServiceImage> {
  const inspected = (await inspectImage(engine, pinned?.pinned ?? ref, signal)) ?? undefined;
  const config = inspected?.Config ?? {};
  if (pinned === undefined)
    return { ref, id: inspected?.Id ?? '', contentDigest: inspected?.Id ?? '', runAs: spread ?? ref, config };
  const platforms = pinned.platforms.map(({ os, architecture }) => ({ OS: os, Architecture: architecture }));
  return {
    ref,
    id: inspected?.Id ?? pinned.digest,
    contentDigest: pinned.digest,
    runAs: pinned.pinned,
    config,
    ...(platforms.length === 0 ? {} : { platforms }),
  };
}
