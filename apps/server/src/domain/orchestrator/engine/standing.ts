import type { Project } from '@drover/compose';
import { composeLabel, type ImageConfig, type Observed, planDeploy, type ServiceImage } from '@drover/orchestration';
import { inspectImage, serviceImage } from '@drover/orchestration/images/inspect-image';
import { projectFromContainers } from '../../adopt/project-from-containers.ts';
import type { Host } from '../../host/host.ts';
import { labelOf } from '../../resource/networks.ts';
import type { Standing } from '../orchestrator.ts';
import { observe } from './converge-run.ts';

/** The project of a name that docker compose made on the engine; undefined where it has no containers. */
export async function standingProject(host: Host, stack: string, signal: AbortSignal): Promise<Standing | undefined> {
  const observed = await observe(host, stack, undefined, { trusts: () => false, signal });
  if (observed.containers.length === 0) return undefined;
  const images = await standingImages(host, observed, signal);
  return {
    runs: observed.containers.some(({ State }) => State.Status === 'running' || State.Status === 'restarting'),
    writtenProject: () => projectFromContainers(observed, images.configs),
    images: (project) => imagesOf(host, project, images, signal),
    plan: (desired) => planDeploy(desired, { ...observed, images: new Map() }),
  };
}

interface StandingImages {
  readonly configs: ReadonlyMap<string, ImageConfig>;
  /** By service: the image that its containers run. */
  readonly byService: ReadonlyMap<string, ServiceImage>;
}

async function standingImages({ engine }: Host, observed: Observed, signal: AbortSignal): Promise<StandingImages> {
  const configs = new Map<string, ImageConfig>();
  const byService = new Map<string, ServiceImage>();
  for (const { Image, Config } of observed.containers) {
    const service = labelOf(Config.Labels ?? null, composeLabel.service);
    const inspected = await inspectImage(engine, Image, signal);
    configs.set(Image, inspected?.Config ?? {});
    if (service === undefined || byService.has(service)) continue;
    const ref = Config.Image ?? Image;
    const digest = labelOf(Config.Labels ?? null, composeLabel.image);
    if (inspected !== undefined)
      byService.set(service, {
        ...serviceImage(ref, inspected, ref),
        ...(digest === undefined ? {} : { contentDigest: digest }),
      });
  }
  return { configs, byService };
}

async function imagesOf(
  { engine }: Host,
  project: Project,
  standing: StandingImages,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ServiceImage>> {
  const images = new Map<string, ServiceImage>();
  for (const [name, { image, build }] of Object.entries(project.services)) {
    if (image === undefined && build === undefined) continue;
    const ref = image ?? `${project.name}-${name}`;
    const runs = standing.byService.get(name);
    const now = await inspectImage(engine, ref, signal);
    if (runs !== undefined && runs.ref === ref)
      images.set(name, { ...runs, runAs: now?.Id === runs.id ? ref : runs.id });
    else if (now !== undefined) images.set(name, serviceImage(ref, now));
  }
  return images;
}
