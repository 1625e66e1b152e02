import type { ServiceImage } from '@drover/orchestration';
import type { WorkerParts } from '../deployment/worker-parts.ts';

/** The images of the revision that serves, by service; none where none does. */
export async function servingImages(
  { stacks }: Pick<WorkerParts, 'stacks'>,
  stack: string,
  revision: number | undefined,
): Promise<ReadonlyMap<string, ServiceImage>> {
  return revision === undefined ? new Map() : new Map((await stacks.revisionContent(stack, revision)).images);
}
