import type { ImageInspect } from '@drover/engine';
import type { ImageEvent, ServiceImage } from '@drover/orchestration';
import type { GoodProject } from '../source/load-project.ts';
import type { Source } from '../source/source.ts';

export interface SettleRequest {
  readonly loaded: GoodProject;
  readonly source: Source;
  /** Names the work, so that its folder is its own. */
  readonly id: string;
  readonly policy?: 'always' | 'missing' | 'never' | undefined;
  readonly build?: 'always' | 'missing' | 'never' | undefined;
  readonly noCache?: boolean | undefined;
  readonly pullBases?: boolean | undefined;
  readonly services?: readonly string[] | undefined;
  readonly onEvent: (event: ImageEvent) => void;
  readonly signal: AbortSignal;
}

/** A revision of a stack, whose images are kept. */
export interface RevisionName {
  readonly stack: string;
  readonly revision: number;
}

/** The images of stacks: pulled, built, kept for rollbacks, and let go of. */
export interface StackImages {
  /** The image of every service. Throws `ImageError` for those that cannot be had. */
  settle(request: SettleRequest): Promise<ReadonlyMap<string, ServiceImage>>;
  /** What a reference names now, without asking a registry; undefined when there is nothing of that name. */
  inspect(ref: string, signal?: AbortSignal): Promise<ImageInspect | undefined>;
  /** The ids that are there. */
  ids(): Promise<ReadonlySet<string>>;
  /** Keeps the images of a revision until `drop`. */
  keep(of: RevisionName, images: ReadonlyMap<string, ServiceImage>): Promise<void>;
  /** Finds the images of a revision as they were. Throws `ImageError` for those that are gone. */
  recall(
    of: RevisionName,
    images: ReadonlyMap<string, ServiceImage>,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, ServiceImage>>;
  drop(of: RevisionName): Promise<void>;
}
