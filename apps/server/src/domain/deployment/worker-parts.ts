import type { ImageEvent } from '@drover/orchestration';
import type { Sealer } from '../../seal/sealer.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { BlobStore } from '../source/blob-store.ts';
import type { ProjectLoader } from '../source/load-project.ts';
import type { StackFiles } from '../stack/stack-files.ts';
import type { StackStore } from '../stack/stack-store.ts';
import type { DeploymentStore } from './deployment-store.ts';
import type { DeploymentRun } from './run.ts';

/** What the workers of deployments work with. */
export interface WorkerParts {
  readonly orchestrator: Orchestrator;
  readonly stacks: StackStore;
  readonly deployments: DeploymentStore;
  readonly blobs: BlobStore;
  readonly loader: ProjectLoader;
  readonly files: StackFiles;
  readonly sealer: Sealer;
}

/** Fires when the work must end: cancelled, out of time, or the server stops. */
export function workSignal(run: DeploymentRun, timeoutMs?: number): AbortSignal {
  const signals = [run.cancelled, run.abandoned];
  return AbortSignal.any(timeoutMs === undefined ? signals : [...signals, AbortSignal.timeout(timeoutMs)]);
}

const progressMs = 200;

/** Tells subscribers of pulls and builds; figures of one image at most a few times a second. */
export function reportImages(run: DeploymentRun): (event: ImageEvent) => void {
  const lastFigures = new Map<string, number>();
  const building = new Set<string>();
  const busy = new Set<string>();
  return (event) => {
    const { ref } = event;
    if (event.type === 'progress') {
      const status = building.has(ref) ? 'building' : 'pulling';
      const now = Date.now();
      if (status === 'pulling' && now - (lastFigures.get(ref) ?? 0) < progressMs) return;
      lastFigures.set(ref, now);
      const { text, current, total } = event;
      run.report({
        type: 'image',
        ref,
        status,
        text,
        ...(current === undefined ? {} : { current }),
        ...(total === undefined ? {} : { total }),
      });
      return;
    }
    const [service] = event.services;
    const named = { type: 'image', ref, ...(service === undefined ? {} : { service }) } as const;
    if (event.type === 'resolved') {
      // An image that was there all along is no news.
      if (busy.has(ref)) run.report({ ...named, status: 'done' });
      return;
    }
    busy.add(ref);
    if (event.type === 'building') building.add(ref);
    run.report({ ...named, status: event.type });
  };
}
