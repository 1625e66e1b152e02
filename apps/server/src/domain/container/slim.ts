import type { ContainerView, SlimContainer } from '@drover/contract';

const texts = new WeakMap<ContainerView, string>();

/** Every container in a few words, as the text of a JSON list. The text of each is made once and kept for as long as its view is. */
export function slimList(views: Iterable<ContainerView>): string {
  const parts: string[] = [];
  for (const view of views) {
    let text = texts.get(view);
    if (text === undefined) {
      text = JSON.stringify(slim(view));
      texts.set(view, text);
    }
    parts.push(text);
  }
  return `[${parts.join(',')}]`;
}

function slim({ id, name, image, state, health, stack, service, host }: ContainerView): SlimContainer {
  return {
    id,
    name,
    image,
    state,
    ...(health === undefined ? {} : { health }),
    ...(stack === undefined ? {} : { stack }),
    ...(service === undefined ? {} : { service }),
    ...(host === undefined ? {} : { host }),
  };
}
