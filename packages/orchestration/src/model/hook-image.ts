import type { Service } from '@drover/compose';
import type { ServiceImage } from './desired.ts';

/** The key under which a revision keeps the image of a service's `pre_start` hook; `number` counts from 1. */
export function hookImageKey(serviceName: string, number: number): string {
  return `${serviceName}.pre_start.${number}`;
}

/** The images that the hooks of a service name for themselves, by key. */
export function hookImages(serviceName: string, service: Service): ReadonlyMap<string, string> {
  const named = (service.pre_start ?? []).map(
    ({ image = '' }, index) => [hookImageKey(serviceName, index + 1), image] as const,
  );
  return new Map(named.filter(([, image]) => image !== ''));
}

/** The service with the images of its hooks as the engine is asked to run them. */
export function withHookImages(
  serviceName: string,
  service: Service,
  images: ReadonlyMap<string, ServiceImage>,
): Service {
  if (service.pre_start === undefined) return service;
  const hooks = service.pre_start.map((hook, index) => {
    const image = images.get(hookImageKey(serviceName, index + 1))?.runAs;
    return image === undefined ? hook : { ...hook, image };
  });
  return { ...service, pre_start: hooks };
}
