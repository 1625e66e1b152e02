import type { Service } from '@drover/compose';
import { parseDuration } from '@drover/compose';

/** What is done to have the image of a service. */
export type ImageNeed = 'pull' | 'build' | 'none' | 'missing';

export interface ImageState {
  readonly present: boolean;
  /** Milliseconds since 1970 when the engine last took the reference in. */
  readonly takenAt: number | undefined;
}

export interface PolicyRequest {
  readonly pull: 'always' | 'missing' | 'never' | undefined;
  readonly build: 'always' | 'missing' | 'never' | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a service's `pull_policy`, or what the caller asks instead, means for the image as it stands. */
export function imageNeed(service: Service, state: ImageState, request: PolicyRequest): ImageNeed {
  const builds = service.build !== undefined && request.build !== 'never';
  const policy = request.pull ?? service.pull_policy ?? '';
  if (service.build !== undefined && (request.build === 'always' || (policy === 'build' && builds))) return 'build';
  const pullable = service.image !== undefined;
  switch (policy) {
    case 'always':
      // An image that is built here is asked of a registry only where the file says so.
      if (pullable && (service.build === undefined || service.pull_policy === 'always')) return 'pull';
      break;
    case 'never':
      return state.present ? 'none' : builds && request.pull === undefined ? 'build' : 'missing';
    default: {
      const every = refreshInterval(policy);
      // An image of unknown age counts as old, as it does for docker compose.
      const stale = every !== undefined && request.now > (state.takenAt ?? 0) + every;
      if (stale && pullable && service.build === undefined) return 'pull';
    }
  }
  if (state.present) return 'none';
  if (builds) return 'build';
  return pullable ? 'pull' : 'missing';
}

/** Milliseconds after which an image is old: `daily`, `weekly`, `every_12h`. */
function refreshInterval(policy: string): number | undefined {
  if (policy === 'daily') return 24 * 3_600_000;
  if (policy === 'weekly') return 7 * 24 * 3_600_000;
  return policy.startsWith('every_') ? parseDuration(policy.slice('every_'.length)) : undefined;
}
