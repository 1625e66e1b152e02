import type { DeployOptions, DiagnosticView } from '@drover/contract';
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
  /** The images of the revision that serves, by service. */
  readonly serving: () => Promise<ReadonlyMap<string, ServiceImage>>;
  readonly onEvent: (event: ImageEvent) => void;
  readonly signal: AbortSignal;
}

export interface LookUpRequest {
  readonly loaded: GoodProject;
  readonly options: DeployOptions;
  /** The images of the revision that serves, by service. */
  readonly serving: () => Promise<ReadonlyMap<string, ServiceImage>>;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundImages {
  readonly images: ReadonlyMap<string, ServiceImage>;
  readonly notes: readonly DiagnosticView[];
  /** Services whose image a deploy asks for anew: whether it will be another one is not known yet. */
  readonly unsure: ReadonlyMap<string, string>;
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
  /** What is known of the images of a project; pulls, builds and changes nothing. */
  lookUp(request: LookUpRequest): Promise<FoundImages>;
  /** Answers whether an image, by its id, can still be run. */
  present(): Promise<(id: string) => boolean>;
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
