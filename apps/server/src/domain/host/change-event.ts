import type { ChangeEvent } from '@drover/contract';
import type { EngineEvent } from '@drover/engine';
import { isToolLabel } from '@drover/orchestration';
import { membership, type ViewedHost } from './membership.ts';

/** What the API tells of an engine's event; undefined for what nobody asks about. */
export function changeEventOf(
  { Type, Action, Actor, time }: EngineEvent,
  of: ViewedHost = {},
): ChangeEvent | undefined {
  const at = new Date(time * 1000).toISOString();
  if (Type === 'image' || Type === 'network' || Type === 'volume')
    return { type: 'resource', kind: Type, id: Actor.ID, action: Action, at };
  if (Type !== 'container') return undefined;
  const attribute = (name: string) => (Object.hasOwn(Actor.Attributes, name) ? Actor.Attributes[name] : undefined);
  const { stack, service } = membership(attribute, of);
  return {
    type: 'container',
    ...(stack === undefined ? {} : { stack }),
    ...(service === undefined ? {} : { service }),
    container: Actor.ID,
    name: attribute('name') ?? Actor.ID.slice(0, 12),
    action: Action,
    at,
    attributes: shownAttributes(Actor.Attributes),
  };
}

// Labels are the author's and may be long; what the engine adds itself is short.
function shownAttributes(attributes: EngineEvent['Actor']['Attributes']): Record<string, string> {
  const engineOwn = ['image', 'exitCode', 'signal', 'oldName', 'execDuration'];
  return Object.fromEntries(
    Object.entries(attributes).filter(([name]) => engineOwn.includes(name) && !isToolLabel(name)),
  );
}
