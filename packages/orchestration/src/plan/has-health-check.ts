import type { Service } from '@drover/compose';
import type { ServiceImage } from '../model/desired.ts';

/** Whether the engine checks the health of the service's containers. */
export function hasHealthCheck(service: Service, image: ServiceImage | undefined): boolean {
  const { healthcheck } = service;
  if (healthcheck?.disable === true) return false;
  const test = (healthcheck?.test ?? []).length > 0 ? healthcheck?.test : image?.config.Healthcheck?.Test;
  return (test ?? []).length > 0 && test?.[0] !== 'NONE';
}
