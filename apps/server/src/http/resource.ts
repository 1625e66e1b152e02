import type { Domain } from '../domain/domain.ts';
import type { Api } from './router.ts';

export function imageRoutes({ images }: Api, domain: Domain) {
  return {
    list: images.list.handler(({ signal }) => domain.images.list(signal)),
    remove: images.remove.handler(({ input, signal }) => domain.images.remove(input.id, input.host, signal)),
  };
}

export function networkRoutes({ networks }: Api, domain: Domain) {
  return {
    list: networks.list.handler(({ signal }) => domain.networks.list(signal)),
    remove: networks.remove.handler(({ input, signal }) => domain.networks.remove(input.id, input.host, signal)),
  };
}

export function volumeRoutes({ volumes }: Api, domain: Domain) {
  return {
    list: volumes.list.handler(({ signal }) => domain.volumes.list(signal)),
    remove: volumes.remove.handler(({ input, signal }) =>
      domain.volumes.remove(input.name, input.confirm, input.host, signal),
    ),
  };
}

export function diskRoutes({ disk }: Api, domain: Domain) {
  return {
    usage: disk.usage.handler(({ signal }) => domain.disk.usage(signal)),
    prunePreview: disk.prunePreview.handler(({ signal }) => domain.disk.preview(signal)),
    prune: disk.prune.handler(({ input, signal }) => domain.disk.prune(input.confirm, signal)),
  };
}
