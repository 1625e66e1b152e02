import { environmentOf } from './context.ts';
import type { Api } from './router.ts';

export function imageRoutes({ images }: Api) {
  return {
    list: images.list.handler(({ context, signal }) => environmentOf(context).images.list(signal)),
    remove: images.remove.handler(({ input, context, signal }) =>
      environmentOf(context).images.remove(input.id, input.host, signal),
    ),
  };
}

export function networkRoutes({ networks }: Api) {
  return {
    list: networks.list.handler(({ context, signal }) => environmentOf(context).networks.list(signal)),
    remove: networks.remove.handler(({ input, context, signal }) =>
      environmentOf(context).networks.remove(input.id, input.host, signal),
    ),
  };
}

export function volumeRoutes({ volumes }: Api) {
  return {
    list: volumes.list.handler(({ context, signal }) => environmentOf(context).volumes.list(signal)),
    remove: volumes.remove.handler(({ input, context, signal }) =>
      environmentOf(context).volumes.remove(input.name, input.confirm, input.host, signal),
    ),
  };
}

export function diskRoutes({ disk }: Api) {
  return {
    usage: disk.usage.handler(({ context, signal }) => environmentOf(context).disk.usage(signal)),
    prunePreview: disk.prunePreview.handler(({ context, signal }) => environmentOf(context).disk.preview(signal)),
    prune: disk.prune.handler(({ input, context, signal }) => environmentOf(context).disk.prune(input.confirm, signal)),
  };
}
