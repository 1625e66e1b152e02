import type { Service } from '@drover/compose';
import type { ServiceImage } from '../model/desired.ts';
import { hasHealthCheck } from './has-health-check.ts';

/** Whether the new container of a service may run beside the old one, and why not where that was asked for. */
export function startFirst(
  service: Service,
  image: ServiceImage,
): { readonly allowed: boolean; readonly refusal?: string } {
  const order = service.deploy?.update_config?.order;
  if (order === 'stop-first') return { allowed: false };
  const clash = hasFixedPort(service)
    ? 'it publishes a fixed port'
    : hasFixedAddress(service)
      ? 'it has a fixed address'
      : (service.pre_start ?? []).length > 0
        ? 'its pre_start hooks run while nothing of it does'
        : undefined;
  if (order === 'start-first') {
    return clash === undefined ? { allowed: true } : { allowed: false, refusal: clash };
  }
  const alone =
    clash !== undefined ||
    (service.container_name ?? '') !== '' ||
    (service.devices ?? []).length > 0 ||
    hasWritableStorage(service, image);
  return { allowed: !alone && hasHealthCheck(service, image) };
}

function hasFixedPort(service: Service): boolean {
  return (service.ports ?? []).some(({ published }) => /^[1-9]\d*$/.test(published ?? ''));
}

function hasFixedAddress(service: Service): boolean {
  const endpoints = Object.values(service.networks ?? {});
  return (
    service.network_mode === 'host' ||
    (service.mac_address ?? '') !== '' ||
    endpoints.some((endpoint) => endpoint?.ipv4_address ?? endpoint?.ipv6_address ?? endpoint?.mac_address)
  );
}

/** Volumes and binds that both containers would write to. Anonymous volumes count: the new container takes them over. */
function hasWritableStorage(service: Service, image: ServiceImage): boolean {
  const declared = (service.volumes ?? []).some(
    ({ type, read_only }) => read_only !== true && (type === 'volume' || type === 'bind'),
  );
  return declared || (service.volumes_from ?? []).length > 0 || Object.keys(image.config.Volumes ?? {}).length > 0;
}
