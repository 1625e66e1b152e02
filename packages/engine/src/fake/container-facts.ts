import type { StringMap } from '../model/wire.ts';
import type { FakeContainer } from './container.ts';
import type { FakeWorld } from './world.ts';

/** Says that something happened to a container, as the real engine words it. */
export function containerEvent(world: FakeWorld, container: FakeContainer, action: string, more: StringMap = {}): void {
  world.events.publish('container', action, container.id, {
    ...container.config.Labels,
    ...more,
    image: container.config.Image ?? '',
    name: container.name,
  });
}

export function environmentOf(container: FakeContainer): ReadonlyMap<string, string> {
  return new Map(
    (container.config.Env ?? []).map((entry) => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}

/** Does something after a time unless the container ends or goes away before. */
export function later(container: FakeContainer, milliseconds: number, action: () => void): void {
  const timer = setTimeout(() => {
    container.timers.delete(timer);
    action();
  }, milliseconds);
  container.timers.add(timer);
}
