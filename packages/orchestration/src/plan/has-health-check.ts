import type { Service } from '@drover/compose';
import type { ImageConfig } from '../model/container-body.ts';
import { checksHealth } from '../model/health-test.ts';

/** Whether the engine checks the health of the service's containers: by the service's own check, or by that of its image. */
export function hasHealthCheck(
  { healthcheck }: Service,
  image: { readonly config?: ImageConfig } | undefined,
): boolean {
  if (healthcheck?.disable === true) return false;
  const own = healthcheck?.test ?? [];
  return checksHealth(own.length > 0 ? own : image?.config?.Healthcheck?.Test);
}
