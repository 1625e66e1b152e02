import type { DiagnosticView } from '@drover/contract';
import type { Engine } from '@drover/engine';
import { builtImageName, type ServiceImage } from '@drover/orchestration';
import { inspectImage, isFor, serviceImage, takenAt } from '@drover/orchestration/images/inspect-image';
import { imageNeed } from '@drover/orchestration/images/pull-policy';
import type { GoodProject } from '../../source/load-project.ts';
import type { FoundImages, LookUpRequest } from '../stack-images.ts';

/** What one engine has of the images of a project; what a pull or build may bring is said in words. */
export async function lookUpImages(engine: Engine, { loaded, options, signal }: LookUpRequest): Promise<FoundImages> {
  const { project } = loaded.result;
  const awaited = servicesAwaitedHealthy(project);
  const images = new Map<string, ServiceImage>();
  const notes: DiagnosticView[] = [];
  const unsure = new Map<string, string>();
  const policy = {
    pull: options.pull === 'policy' ? undefined : options.pull,
    build: options.build ? ('always' as const) : undefined,
    now: Date.now(),
  };
  const look = async ([name, service]: [string, (typeof project.services)[string]]) => {
    if (service.image === undefined && service.build === undefined) return;
    const ref = service.image ?? builtImageName(project.name, name);
    const inspected = await inspectImage(engine, ref, signal);
    const platform = service.platform ?? loaded.environment.get('DOCKER_DEFAULT_PLATFORM');
    const present = inspected !== undefined && (!platform || isFor(platform, inspected));
    const need = imageNeed(
      service,
      { present, takenAt: inspected === undefined ? undefined : takenAt(inspected) },
      policy,
    );
    if (inspected !== undefined) {
      images.set(name, serviceImage(ref, inspected));
      if (need === 'build') unsure.set(name, 'its image is built first; it may be recreated after the build');
      if (need === 'pull') unsure.set(name, 'its image is pulled first; it may be recreated after the pull');
      return;
    }
    images.set(name, {
      ref,
      id: `sha256:${'0'.repeat(64)}`,
      contentDigest: '',
      runAs: ref,
      config: unknownConfig(awaited.has(name)),
    });
    notes.push(noteOnMissing(name, ref, need, loaded));
  };
  await Promise.all(Object.entries(project.services).map(look));
  return { images, notes, unsure };
}

/** The services that another one waits for to be healthy. */
export function servicesAwaitedHealthy({ services }: GoodProject['result']['project']): ReadonlySet<string> {
  const awaited = new Set<string>();
  for (const { depends_on } of Object.values(services))
    for (const [name, { condition }] of Object.entries(depends_on ?? {}))
      if (condition === 'service_healthy') awaited.add(name);
  return awaited;
}

/** An image that is not here yet may bring the health check that another service waits for; only a deploy can tell. */
export function unknownConfig(awaitedHealthy: boolean): ServiceImage['config'] {
  return awaitedHealthy ? { Healthcheck: { Test: ['CMD', 'unknown'] } } : {};
}

/** What is said of an image that is not there yet. */
export function noteOnMissing(service: string, ref: string, need: string, { result }: GoodProject): DiagnosticView {
  const origin = result.provenance(['services', service, 'image']);
  const what =
    need === 'build'
      ? 'is built first'
      : need === 'pull'
        ? 'is pulled first'
        : 'is not in the engine, and nothing says where it comes from';
  return {
    severity: need === 'missing' ? 'error' : 'info',
    code: 'image',
    message: `${service}: the image ${ref} ${what}`,
    path: ['services', service],
    ...(origin === undefined ? {} : { origin: { file: origin.file, line: origin.line, column: origin.column } }),
  };
}
