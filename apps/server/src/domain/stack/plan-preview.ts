import type { DeployOptions, PlanView } from '@drover/contract';
import { type Plan, PlanError } from '@drover/orchestration';
import type { RequestedSource } from '../deployment/request.ts';
import type { WorkerParts } from '../deployment/worker-parts.ts';
import { diagnosticView, problemView } from '../diagnostic-view.ts';
import type { DeployPlanOptions } from '../orchestrator/orchestrator.ts';
import { planView } from '../plan-view.ts';
import { Refusal } from '../refusal.ts';
import type { GoodProject } from '../source/load-project.ts';
import { acceptOrRefuse } from './accept.ts';
import { checkRelativeBinds, checkServices } from './check-target.ts';
import { collectContent } from './content.ts';
import { toDesired } from './desired.ts';
import { servingImages } from './serving-images.ts';
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
  const serving = () => servingImages(parts, stack, record?.servingRevision);
  checkServices(loaded);
  await checkRelativeBinds(loaded, from.source, orchestrator.sharesFiles);
  const { images, notes, unsure } = await orchestrator.images.lookUp({ loaded, options, serving, signal });
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

function planOptions({ services, forceRecreate, removeOrphans, scale, move }: DeployOptions): DeployPlanOptions {
  return {
    ...(services === undefined ? {} : { services }),
    ...(forceRecreate ? { recreate: 'force' } : {}),
    ...(removeOrphans ? { orphans: 'all' } : {}),
    ...(move === undefined ? {} : { move: new Set(move) }),
    ...(scale === undefined ? {} : { scale: new Map(Object.entries(scale)) }),
  };
}
