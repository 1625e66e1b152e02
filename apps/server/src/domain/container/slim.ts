import type { ContainerView, SlimContainer } from '@drover/contract';

/** The texts of lists, without brackets, for as long as the lists are. */
const texts = new WeakMap<readonly ContainerView[], string>();

/**
 * Every container of the lists in a few words, as the text of one JSON list. The text of each list is made once, so that what does not
 * change costs nothing.
 */
export function slimText(lists: readonly (readonly ContainerView[])[]): string {
  const parts: string[] = [];
  for (const list of lists) {
    let text = texts.get(list);
    if (text === undefined) {
      text = list.map((view) => JSON.stringify(slim(view))).join(',');
      texts.set(list, text);
    }
    if (text !== '') parts.push(text);
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
