import type { DeployOptions, DiagnosticView, PlanView } from '@drover/contract';
import { builtImageName, type Plan, PlanError, type PlanOptions, type ServiceImage } from '@drover/orchestration';
import { isFor, serviceImage, takenAt } from '@drover/orchestration/images/inspect-image';
import { imageNeed } from '@drover/orchestration/images/pull-policy';
import type { RequestedSource } from '../deployment/request.ts';
import type { WorkerParts } from '../deployment/worker-parts.ts';
import { diagnosticView, problemView } from '../diagnostic-view.ts';
import { planView } from '../plan-view.ts';
import { Refusal } from '../refusal.ts';
import type { GoodProject } from '../source/load-project.ts';
import { acceptOrRefuse } from './accept.ts';
import { checkRelativeBinds, checkServices } from './check-target.ts';
import { collectContent } from './content.ts';
import { toDesired } from './desired.ts';
import type { StackRecord } from './stack-store.ts';

export interface PreviewRequest {
  readonly stack: string;
  readonly record: StackRecord | undefined;
  readonly from: RequestedSource;
  readonly loaded: GoodProject;
  readonly options: DeployOptions;
  readonly signal?: AbortSignal | undefined;
}

/** What a deploy would do now. Nothing is pulled, built or changed; what a pull or build may bring is said in words. */
export async function previewDeploy(parts: WorkerParts, asked: PreviewRequest): Promise<PlanView> {
  const { stack, record, from, options, signal } = asked;
  const { orchestrator } = parts;
  const { target } = orchestrator;
  const facts = await orchestrator.collectFacts(signal);
  const { loaded, accepted } = acceptOrRefuse(asked.loaded, options.accept, { target, facts });
  const request = { ...asked, loaded };
  checkServices(loaded);
  await checkRelativeBinds(loaded, from.source, orchestrator.sharesFiles);
  const { images, notes, unsure } = await localImages(parts, request);
  const content = await collectContent({ loaded, from: { stack, ...from }, images, blobs: parts.blobs, accepted });
  const desired = await toDesired(parts, {
    stack,
    revision: record?.servingRevision ?? 1,
    content,
    imagesAreFresh: true,
    provenance: (path) => loaded.result.provenance(path),
  });
  const plan = await planOrRefuse(orchestrator.plan(desired, planOptions(options), signal));
  const warnings = loaded.result.diagnostics.map(diagnosticView);
  const view = planView(plan, [...warnings, ...notes]);
  const services = view.services.map((each) =>
    each.change === 'unchanged' && unsure.has(each.service)
      ? { ...each, change: 'maybe-recreated' as const, causes: [unsure.get(each.service) ?? ''] }
      : each,
  );
  return { ...view, services, empty: view.empty && !services.some(({ change }) => change === 'maybe-recreated') };
}

/** What stands in the way of a plan is told with its places, like what is wrong with the files. */
async function planOrRefuse(made: Promise<Plan>): Promise<Plan> {
  try {
    return await made;
  } catch (thrown) {
    if (!(thrown instanceof PlanError)) throw thrown;
    throw new Refusal('invalid-source', thrown.message, { diagnostics: thrown.problems.map(problemView) });
  }
}

interface LocalImages {
  readonly images: ReadonlyMap<string, ServiceImage>;
  readonly notes: readonly DiagnosticView[];
  /** Services whose image a deploy asks for anew: whether it will be another one is not known yet. */
  readonly unsure: ReadonlyMap<string, string>;
}

async function localImages(parts: WorkerParts, { loaded, options, signal }: PreviewRequest): Promise<LocalImages> {
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
    const inspected = await parts.orchestrator.images.inspect(ref, signal);
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

function servicesAwaitedHealthy({ services }: GoodProject['result']['project']): ReadonlySet<string> {
  const awaited = new Set<string>();
  for (const { depends_on } of Object.values(services))
    for (const [name, { condition }] of Object.entries(depends_on ?? {}))
      if (condition === 'service_healthy') awaited.add(name);
  return awaited;
}

/** An image that is not here yet may bring the health check that another service waits for; only a deploy can tell. */
function unknownConfig(awaitedHealthy: boolean): ServiceImage['config'] {
  return awaitedHealthy ? { Healthcheck: { Test: ['CMD', 'unknown'] } } : {};
}

function noteOnMissing(service: string, ref: string, need: string, { result }: GoodProject): DiagnosticView {
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

function planOptions({ services, forceRecreate, removeOrphans, scale }: DeployOptions): PlanOptions {
  return {
    ...(services === undefined ? {} : { services }),
    ...(forceRecreate ? { recreate: 'force' } : {}),
    ...(removeOrphans ? { orphans: 'all' } : {}),
    ...(scale === undefined ? {} : { scale: new Map(Object.entries(scale)) }),
  };
}
