import { InternalError } from '@drover/base';
import type { ContainerInspect, ContainerSummary, Engine } from '@drover/engine';
import type { Desired } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';

export interface CollectRequest {
  readonly project: string;
  /** What will be planned against it, if anything: its images need not be read again. */
  readonly desired?: Desired;
  /** What the caller already knows of a container, as long as it is certain to be true now; saves the inspect. */
  readonly known?: (summary: ContainerSummary) => ContainerInspect | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads what stands in the engine of one project, with three lists and one inspect a container that is not known. */
export async function collectObserved(_engine: Engine, request: CollectRequest): Promise<Observed> {
  throw new InternalError(`observing ${request.project}: not built yet`);
}
