import type { RequestedSource } from './request.ts';
import type { DeploymentRun, Outcome, Worker } from './run.ts';
import { reportImages, type WorkerParts, workSignal } from './worker-parts.ts';

/** Pulls the images of services and changes nothing else. */
export function pullWorker(parts: WorkerParts): Worker<'pull'> {
  return (run, { from, services }) =>
    settle(
      parts,
      run,
      from,
      { policy: 'always', build: 'never', ...(services === undefined ? {} : { services }) },
      'pull',
    );
}

/** Builds the images of services and changes nothing else. */
export function buildWorker(parts: WorkerParts): Worker<'build'> {
  return (run, { from, services, noCache, pull }) =>
    settle(
      parts,
      run,
      from,
      {
        policy: 'missing',
        build: 'always',
        noCache,
        pullBases: pull,
        ...(services === undefined ? {} : { services }),
      },
      'build',
    );
}

interface SettleOptions {
  readonly policy: 'always' | 'missing';
  readonly build: 'always' | 'never';
  readonly services?: readonly string[];
  readonly noCache?: boolean;
  readonly pullBases?: boolean;
}

async function settle(
  parts: WorkerParts,
  run: DeploymentRun,
  from: RequestedSource,
  options: SettleOptions,
  what: 'pull' | 'build',
): Promise<Outcome> {
  const { stack, id } = run.record;
  const signal = workSignal(run);
  run.report({ type: 'phase', phase: 'load' });
  const loaded = await parts.loader.loadGood({ stack, ...from }, signal);
  const services = Object.entries(loaded.result.project.services)
    .filter(([name]) => options.services === undefined || options.services.includes(name))
    .filter(([, { build, image }]) =>
      what === 'build' ? build !== undefined : build === undefined && image !== undefined,
    )
    .map(([name]) => name);
  run.report({ type: 'phase', phase: 'images' });
  if (services.length > 0)
    await parts.orchestrator.images.settle({
      loaded,
      source: from.source,
      id,
      ...options,
      services,
      // Asked for anew, whatever runs.
      serving: async () => new Map(),
      onEvent: reportImages(run),
      signal,
    });
  return { state: 'succeeded' };
}
