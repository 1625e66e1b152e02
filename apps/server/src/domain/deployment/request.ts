import type { DeployOptions } from '@drover/contract';
import type { Environment, Source } from '../source/source.ts';
import type { Variable } from '../stack/revision.ts';

/** The files that a deployment works on, with every value they are resolved with: nothing from outside can change it later. */
export interface RequestedSource {
  readonly source: Source;
  readonly environment: Environment;
  readonly variables: readonly Variable[];
}

interface ServiceSelection {
  readonly services?: readonly string[];
  /** Seconds until a stop turns into a kill. */
  readonly timeout?: number;
}

/** What was asked for: enough to begin anew after a crash. It holds secrets and is kept sealed. */
export type DeploymentRequest =
  | { readonly action: 'deploy'; readonly from: RequestedSource; readonly options: DeployOptions }
  | { readonly action: 'rollback'; readonly revision: number; readonly timeout?: number }
  | ({ readonly action: 'stop' } & ServiceSelection)
  | ({ readonly action: 'start' } & ServiceSelection)
  | ({ readonly action: 'restart' } & ServiceSelection)
  | {
      readonly action: 'remove';
      readonly volumes: readonly string[];
      readonly removeOrphans: boolean;
      readonly forget: boolean;
      readonly timeout?: number;
    }
  | { readonly action: 'pull'; readonly from: RequestedSource; readonly services?: readonly string[] }
  | {
      readonly action: 'build';
      readonly from: RequestedSource;
      readonly services?: readonly string[];
      readonly noCache: boolean;
      readonly pull: boolean;
    }
  | { readonly action: 'adopt'; readonly from?: RequestedSource };
