import type { DeployOptions } from '@drover/contract';
import type { ConvergenceResult, Desired, ServiceImage } from '@drover/orchestration';
import { withDependencies } from '@drover/orchestration/plan/dependencies';
import type { DeployPlanOptions } from '../orchestrator/orchestrator.ts';
import { Refusal } from '../refusal.ts';
import type { GoodProject } from '../source/load-project.ts';
import type { Source } from '../source/source.ts';
import { acceptOrRefuse } from '../stack/accept.ts';
import { checkRelativeBinds, checkServices } from '../stack/check-target.ts';
import { collectContent, fingerprintOf, summarize } from '../stack/content.ts';
import { secretValues, toDesired } from '../stack/desired.ts';
import type { RevisionContent, RevisionRecord } from '../stack/revision.ts';
import { servingImages } from '../stack/serving-images.ts';
import { failureView } from './failure.ts';
import type { DeploymentRun, Outcome, Worker } from './run.ts';
import { reportImages, type WorkerParts, workSignal } from './worker-parts.ts';

const rollbackSeconds = 600;

/** A revision that is about to be brought about. */
interface Target {
  readonly revision: number;
  readonly content: RevisionContent;
  readonly source: Source | undefined;
  readonly loaded: GoodProject | undefined;
  /** It is the one that serves: nothing new was kept. */
  readonly isServing: boolean;
}

/** Makes a revision of files and brings it about. */
export function deployWorker(parts: WorkerParts): Worker<'deploy'> {
  return async (run, { from, options }) => {
    const began = Date.now();
    const signal = workSignal(run, options.timeout * 1000);
    const serving = await servingRevision(parts, run);
    const target =
      (await keptTarget(parts, run, serving)) ?? (await newTarget(parts, run, { from, options, serving, signal }));
    const timeoutMs = Math.max(1, options.timeout * 1000 - (Date.now() - began));
    const settleMs = options.monitor === undefined ? undefined : options.monitor * 1000;
    return await bringAbout(parts, run, { target, serving, timeoutMs, settleMs, options: planOptions(options) });
  };
}

/** Returns to an older revision: a new one with the same content. */
export function rollbackWorker(parts: WorkerParts): Worker<'rollback'> {
  return async (run, { revision, timeout = rollbackSeconds }) => {
    const { stack } = run.record;
    const serving = await servingRevision(parts, run);
    const kept = await keptTarget(parts, run, serving);
    const target = kept ?? (await rolledBack(parts, run, revision, serving));
    const outcome = await bringAbout(parts, run, { target, serving, timeoutMs: timeout * 1000, options: {} });
    if (outcome.state !== 'succeeded') return outcome;
    const { environment, variables } = target.content;
    const restored = await parts.stacks.revision(stack, target.revision);
    return { ...outcome, restore: { source: restored?.source, environment, variables } };
  };
}

interface NewTargetRequest {
  readonly from: Parameters<ReturnType<typeof deployWorker>>[1]['from'];
  readonly options: DeployOptions;
  readonly serving: RevisionRecord | undefined;
  readonly signal: AbortSignal;
}

async function newTarget(
  parts: WorkerParts,
  run: DeploymentRun,
  { from, options, serving, signal }: NewTargetRequest,
): Promise<Target> {
  const { stack } = run.record;
  run.report({ type: 'phase', phase: 'load' });
  const { target } = parts.orchestrator;
  const facts = await parts.orchestrator.collectFacts(signal);
  const whole = withScale(await parts.loader.loadGood({ stack, ...from }, signal), options.scale);
  const { loaded, accepted } = acceptOrRefuse(whole, options.accept, { target, facts });
  for (const { severity, message, origin } of loaded.result.diagnostics)
    if (severity === 'warning') {
      const place = origin === undefined ? '' : `${origin.file}:${origin.line}: `;
      run.report({ type: 'message', level: 'warning', text: `${place}${message}` });
    }
  checkServices(loaded);
  await checkRelativeBinds(loaded, from.source, parts.orchestrator.sharesFiles);
  run.report({ type: 'phase', phase: 'images' });
  const images = await settleImages(parts, run, { loaded, from, options, serving, signal });
  const content = await collectContent({ loaded, from: { stack, ...from }, images, blobs: parts.blobs, accepted });
  const fingerprint = fingerprintOf(content, from.source, loaded, parts.sealer);
  if (serving !== undefined && serving.fingerprint === fingerprint && !options.forceRecreate) {
    return { revision: serving.number, content, source: from.source, loaded, isServing: true };
  }
  const revision = await parts.deployments.addRevision(run.record.id, {
    origin: 'deploy',
    source: from.source,
    summary: summarize(content, parts.orchestrator.target),
    fingerprint,
    content,
  });
  return { revision, content, source: from.source, loaded, isServing: false };
}

async function settleImages(
  parts: WorkerParts,
  run: DeploymentRun,
  { loaded, from, options, serving, signal }: NewTargetRequest & { readonly loaded: GoodProject },
): Promise<ReadonlyMap<string, ServiceImage>> {
  const { project } = loaded.result;
  const selected = options.services === undefined ? undefined : [...withDependencies(project, options.services)];
  const images = await parts.orchestrator.images.settle({
    loaded,
    source: from.source,
    id: run.record.id,
    policy: options.pull === 'policy' ? undefined : options.pull,
    build: options.build ? 'always' : undefined,
    services: selected,
    serving: () => servingImages(parts, run.record.stack, serving?.number),
    onEvent: reportImages(run),
    signal,
  });
  if (selected === undefined || serving === undefined) return images;
  // What was not asked for stays as it is: its image is that of the revision that serves.
  const before = await servingImages(parts, run.record.stack, serving.number);
  const others = [...before].filter(([name]) => Object.hasOwn(project.services, name) && !images.has(name));
  return new Map([...others, ...images]);
}

// The number of containers is part of what was asked for, and so of the revision.
function withScale(loaded: GoodProject, scale: DeployOptions['scale']): GoodProject {
  if (scale === undefined || Object.keys(scale).length === 0) return loaded;
  const { project } = loaded.result;
  const services = Object.assign(Object.create(null), project.services);
  for (const [name, replicas] of Object.entries(scale)) {
    if (!Object.hasOwn(project.services, name))
      throw new Refusal('invalid', `scaling ${name}: the stack has no service of that name`);
    services[name] = { ...project.services[name], scale: replicas };
  }
  return { ...loaded, result: { ...loaded.result, project: { ...project, services } } };
}

async function rolledBack(
  parts: WorkerParts,
  run: DeploymentRun,
  number: number,
  serving: RevisionRecord | undefined,
): Promise<Target> {
  const { stack, id } = run.record;
  const wanted = await parts.stacks.revision(stack, number);
  const content = await parts.stacks.revisionContent(stack, number);
  // Gone images are found out before anything is kept.
  const images = await parts.orchestrator.images.recall({ stack, revision: number }, new Map(content.images));
  const target = { content: { ...content, images: [...images] }, source: wanted?.source, loaded: undefined };
  if (serving !== undefined && serving.fingerprint === wanted?.fingerprint) {
    return { ...target, revision: serving.number, isServing: true };
  }
  const revision = await parts.deployments.addRevision(id, {
    origin: `rollback to ${number}`,
    source: wanted?.source,
    summary: summarize(content, parts.orchestrator.target),
    fingerprint: wanted?.fingerprint ?? '',
    content,
  });
  // The new revision finds its images by its own name from the start.
  await parts.orchestrator.images.keep({ stack, revision }, images);
  return { ...target, revision, isServing: false };
}

/** The revision that an earlier attempt at the same deployment has made already. */
async function keptTarget(
  parts: WorkerParts,
  { record }: DeploymentRun,
  serving: RevisionRecord | undefined,
): Promise<Target | undefined> {
  if (record.revision === undefined) return undefined;
  const kept = await parts.stacks.revision(record.stack, record.revision);
  if (kept === undefined) return undefined;
  const content = await parts.stacks.revisionContent(record.stack, record.revision);
  return {
    revision: kept.number,
    content,
    source: kept.source,
    loaded: undefined,
    isServing: kept.number === serving?.number,
  };
}

/** The revision to put back when the new one fails: that which serves, unless the stack was taken down. */
async function servingRevision(parts: WorkerParts, { record }: DeploymentRun): Promise<RevisionRecord | undefined> {
  const stack = await parts.stacks.find(record.stack);
  if (stack?.servingRevision === undefined || stack.wanted === 'removed') return undefined;
  return await parts.stacks.revision(record.stack, stack.servingRevision);
}

interface BringAboutRequest {
  readonly target: Target;
  readonly serving: RevisionRecord | undefined;
  readonly timeoutMs: number;
  readonly settleMs?: number | undefined;
  readonly options: DeployPlanOptions;
}

async function bringAbout(
  parts: WorkerParts,
  run: DeploymentRun,
  { target, serving, timeoutMs, settleMs, options }: BringAboutRequest,
): Promise<Outcome> {
  const { stack } = run.record;
  const desired = await desiredOf(parts, stack, target);
  const { previous, previousContent } = await previousOf(parts, stack, target, serving, desired);
  if (!target.isServing) await parts.orchestrator.images.keep({ stack, revision: target.revision }, desired.images);
  await parts.files.write(stack, target.source, serving?.source);
  const result = await parts.orchestrator.converge(run, {
    target: desired,
    previous,
    options,
    timeoutMs,
    settleMs,
    secrets: [...secretValues(target.content), ...(previousContent === undefined ? [] : secretValues(previousContent))],
  });
  if (result.outcome === 'succeeded')
    return { state: 'succeeded', revision: target.revision, servingRevision: target.revision, wanted: 'running' };
  if (!target.isServing) await parts.files.write(stack, serving?.source, target.source);
  return { ...failed(result, serving), revision: target.revision };
}

function failed(
  result: Exclude<ConvergenceResult, { outcome: 'succeeded' }>,
  serving: RevisionRecord | undefined,
): Outcome {
  const { outcome, failure, rollbackFailure } = result;
  const addition =
    rollbackFailure === undefined
      ? ''
      : serving === undefined
        ? `; what was made could not be taken down: ${rollbackFailure.message}`
        : `; revision ${serving.number} could not be put back: ${rollbackFailure.message}`;
  // Even where putting it back failed, the revision before is what is wanted, and what the next deploy starts from.
  return { state: outcome, failure: failureView(failure, addition), servingRevision: serving?.number ?? null };
}

async function desiredOf(parts: WorkerParts, stack: string, target: Target): Promise<Desired> {
  const { loaded } = target;
  return await toDesired(parts, {
    stack,
    revision: target.revision,
    content: target.content,
    imagesAreFresh: loaded !== undefined,
    ...(loaded === undefined ? {} : { provenance: (path) => loaded.result.provenance(path) }),
  });
}

async function previousOf(
  parts: WorkerParts,
  stack: string,
  target: Target,
  serving: RevisionRecord | undefined,
  desired: Desired,
): Promise<{ previous: Desired | null; previousContent?: RevisionContent }> {
  if (serving === undefined) return { previous: null };
  if (target.isServing) return { previous: desired };
  const previousContent = await parts.stacks.revisionContent(stack, serving.number);
  const previous = await desiredOf(parts, stack, {
    revision: serving.number,
    content: previousContent,
    source: serving.source,
    loaded: undefined,
    isServing: true,
  });
  return { previous, previousContent };
}

function planOptions({ services, forceRecreate, removeOrphans, move }: DeployOptions): DeployPlanOptions {
  return {
    ...(services === undefined ? {} : { services }),
    ...(forceRecreate ? { recreate: 'force' } : {}),
    ...(removeOrphans ? { orphans: 'all' } : {}),
    ...(move === undefined ? {} : { move: new Set(move) }),
  };
}
