import { type Project, toYaml } from '@drover/compose';
import {
  composeLabel,
  type Desired,
  type ImageConfig,
  keepImages,
  type Observed,
  planDeploy,
  type ServiceImage,
} from '@drover/orchestration';
import { inspectImage, serviceImage } from '@drover/orchestration/images/inspect-image';
import { projectFromContainers } from '../adopt/project-from-containers.ts';
import { planView } from '../plan-view.ts';
import { Refusal } from '../refusal.ts';
import { labelOf } from '../resource/networks.ts';
import type { Source } from '../source/source.ts';
import { collectContent, fingerprintOf, summarize } from '../stack/content.ts';
import { toDesired } from '../stack/desired.ts';
import { observe } from './converge-run.ts';
import type { RequestedSource } from './request.ts';
import type { DeploymentRun, Worker } from './run.ts';
import { type WorkerParts, workSignal } from './worker-parts.ts';

/**
 * Records a project that docker compose made as revision 1, and touches nothing. Without the files, they are written from what
 * `inspect` tells.
 */
export function adoptWorker(parts: WorkerParts): Worker<'adopt'> {
  return async (run, { from }) => {
    try {
      return await adopt(parts, run, from);
    } catch (error) {
      // What was not adopted is not Drover's.
      if (!run.abandoned.aborted && (await parts.stacks.revisions(run.record.stack)).length === 0)
        await parts.stacks.forget(run.record.stack);
      throw error;
    }
  };
}

async function adopt(parts: WorkerParts, run: DeploymentRun, given: RequestedSource | undefined) {
  const { host, stacks, deployments, blobs, loader, sealer } = parts;
  const { stack, id } = run.record;
  const signal = workSignal(run);
  run.report({ type: 'phase', phase: 'load' });
  const observed = await observe(host, stack, undefined, { trusts: () => false, signal });
  if (observed.containers.length === 0)
    throw new Refusal('not-found', `adopting ${stack}: the engine has no containers of a project of that name`);
  const standing = await standingImages(parts, observed, signal);
  const from = given ?? (await writtenSource(parts, observed, standing.configs));
  const loaded = await loader.loadGood({ stack, ...from }, signal);
  const images = await imagesOf(parts, loaded.result.project, standing, signal);
  const content = await collectContent({ loaded, from: { stack, ...from }, images, blobs });
  const revision =
    run.record.revision ??
    (await deployments.addRevision(id, {
      origin: 'adopted',
      source: from.source,
      summary: summarize(content),
      fingerprint: fingerprintOf(content, from.source, loaded, sealer),
      content,
    }));
  await keepImages({ engine: host.engine, stack, revision }, images);
  if (given === undefined) await stacks.saveDraft(stack, from.source, from.environment);
  const desired = await toDesired({
    stack,
    revision,
    content,
    engine: host.engine,
    sharesFiles: host.sharesFiles,
    sealer,
    imagesAreFresh: true,
    provenance: (path) => loaded.result.provenance(path),
  });
  reportDifferences(run, desired, observed);
  const runs = observed.containers.some(({ State }) => State.Status === 'running' || State.Status === 'restarting');
  return {
    state: 'succeeded',
    revision,
    servingRevision: revision,
    wanted: runs ? 'running' : 'stopped',
  } as const;
}

function reportDifferences(run: DeploymentRun, desired: Desired, observed: Observed): void {
  const plan = planDeploy(desired, { ...observed, images: new Map() });
  if (plan.operations.length === 0) {
    run.report({ type: 'plan', purpose: 'forward', plan: planView(plan) });
    return;
  }
  const changed = plan.services.filter(({ change }) => change !== 'unchanged');
  run.report({
    type: 'message',
    level: 'warning',
    text: `adopted as it stands; the next deploy will change ${changed.map(({ service }) => service).join(', ') || 'it'} (drover plan shows why)`,
  });
}

interface StandingImages {
  readonly configs: ReadonlyMap<string, ImageConfig>;
  /** By service: the image that its containers run. */
  readonly byService: ReadonlyMap<string, ServiceImage>;
}

async function standingImages({ host }: WorkerParts, observed: Observed, signal: AbortSignal): Promise<StandingImages> {
  const configs = new Map<string, ImageConfig>();
  const byService = new Map<string, ServiceImage>();
  for (const { Image, Config } of observed.containers) {
    const service = labelOf(Config.Labels ?? null, composeLabel.service);
    const inspected = await inspectImage(host.engine, Image, signal);
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

/** The image of each service: what its containers run, by the name that the files give it; else what the name stands for now. */
async function imagesOf(
  { host }: WorkerParts,
  project: Project,
  standing: StandingImages,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ServiceImage>> {
  const images = new Map<string, ServiceImage>();
  for (const [name, { image, build }] of Object.entries(project.services)) {
    if (image === undefined && build === undefined) continue;
    const ref = image ?? `${project.name}-${name}`;
    const runs = standing.byService.get(name);
    const now = await inspectImage(host.engine, ref, signal);
    if (runs !== undefined && runs.ref === ref)
      images.set(name, { ...runs, runAs: now?.Id === runs.id ? ref : runs.id });
    else if (now !== undefined) images.set(name, serviceImage(ref, now));
  }
  return images;
}

/** A Compose file that says what stands there. */
async function writtenSource(
  { blobs }: WorkerParts,
  observed: Observed,
  images: ReadonlyMap<string, ImageConfig>,
): Promise<RequestedSource> {
  const project = projectFromContainers(observed, images);
  const text = `# Written by Drover from the containers of ${project.name}, whose own files could not be read.\n${toYaml(project)}`;
  const bytes = Buffer.from(text);
  const [sha256 = ''] = await blobs.putAll([bytes]);
  const name = 'compose.yaml';
  const source: Source = {
    ...(project.workingDir === '/' ? {} : { workingDir: project.workingDir }),
    composeFiles: [name],
    files: [{ path: name, sha256, size: bytes.length }],
  };
  return { source, environment: {}, variables: [] };
}
