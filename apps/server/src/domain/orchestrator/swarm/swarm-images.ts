import { setTimeout as delay } from 'node:timers/promises';
import { unreachable } from '@drover/base';
import { pinnedServices } from '@drover/compose';
import { isAway } from '@drover/engine';
import {
  builtImageName,
  dropImages,
  keepImages,
  resolveSwarmImages,
  type ServiceImage,
  type SwarmImage,
} from '@drover/orchestration';
import { inspectImage } from '@drover/orchestration/images/inspect-image';
import type { PinEvent } from '@drover/orchestration/images/pin-digests';
import { imageNeed } from '@drover/orchestration/images/pull-policy';
import type { SpreadEvent } from '@drover/orchestration/images/spread';
import type { Registries } from '../../credential/registries.ts';
import type { Host } from '../../host/host.ts';
import { Refusal } from '../../refusal.ts';
import type { BlobStore } from '../../source/blob-store.ts';
import { EngineImages } from '../engine/engine-images.ts';
import { noteOnMissing, servicesAwaitedHealthy, unknownConfig } from '../engine/look-up.ts';
import type { FoundImages, LookUpRequest, RevisionName, SettleRequest, StackImages } from '../stack-images.ts';
import { hostFactsOf, managerHost, type SwarmMembers } from './members.ts';

/** How often another manager is tried, and the milliseconds in between: longer than a loss takes to be noticed. */
const mostTries = 20;
const retryMs = 1000;

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
    const { project } = request.loaded.result;
    const serving = await request.serving();
    const settled = new Map<string, ServiceImage>();
    const asked: string[] = [];
    for (const [name, service] of Object.entries(project.services)) {
      if (request.services !== undefined && !request.services.includes(name)) continue;
      if (service.image === undefined && service.build === undefined) continue;
      const before = serving.get(name);
      const isKnown = before !== undefined && before.ref === (service.image ?? builtImageName(project.name, name));
      const policy = { pull: request.policy, build: request.build, now: Date.now() };
      if (!isKnown || imageNeed(service, { present: true, takenAt: undefined }, policy) !== 'none') asked.push(name);
      else for (const [key, image] of serving) if (key === name || key.startsWith(`${name}.`)) settled.set(key, image);
    }
    if (asked.length === 0) return settled;
    for (const [key, image] of await this.#resolve({ ...request, services: asked })) settled.set(key, image);
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

  async #resolve(request: SettleRequest): Promise<readonly (readonly [string, ServiceImage])[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#resolveOn(managerHost(this.#options.members), request);
      } catch (thrown) {
        if (tries === mostTries || !(isAway(thrown) || thrown instanceof Refusal)) throw thrown;
        // The manager was lost, and it takes a moment until another one is known to be one.
        await delay(retryMs, undefined, { signal: request.signal });
      }
    }
  }

  async #resolveOn(manager: Host, request: SettleRequest): Promise<readonly (readonly [string, ServiceImage])[]> {
    const { members, registries, blobs, workFolder } = this.#options;
    const images = new EngineImages({ engine: manager.engine, registries, blobs, workFolder });
    const resolved = await images.settleWith(request, (resolve) =>
      resolveSwarmImages({
        ...resolve,
        manager: nameOf(manager),
        hosts: this.#reachable().map((host) => ({ name: nameOf(host), engine: host.engine })),
        pinned: new Set(pinnedServices(request.loaded.result.project, hostFactsOf(members)).keys()),
        onSwarmEvent: (event) => tell(request, event),
      }),
    );
    return [...resolved].map(([key, image]) => [key, serviceImageOf(image)]);
  }
}

function nameOf({ name, endpoint }: Host): string {
  return name ?? endpoint;
}

function tell({ onEvent }: SettleRequest, event: PinEvent | SpreadEvent): void {
  switch (event.type) {
    case 'pulling':
      onEvent({ type: 'pulling', ref: event.ref, services: [] });
      break;
    case 'pinned':
      onEvent({ type: 'resolved', ref: event.ref, services: [] });
      break;
    case 'sending':
    case 'sent':
      for (const ref of event.images)
        onEvent({ type: 'progress', ref, text: `${event.type === 'sending' ? 'sending to' : 'is on'} ${event.host}` });
      break;
    case 'asking':
      break;
    default:
      unreachable(event);
  }
}

/** A revision keeps the image with its digest, whether an engine has it or not. */
function serviceImageOf({ ref, pinned, config = {}, platforms, local }: SwarmImage): ServiceImage {
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(pinned)?.[1];
  return {
    ref,
    id: local?.id ?? digest ?? pinned,
    contentDigest: local?.contentDigest ?? digest ?? '',
    runAs: pinned,
    config: local?.config ?? config,
    ...(platforms === undefined ? {} : { platforms }),
  };
}
