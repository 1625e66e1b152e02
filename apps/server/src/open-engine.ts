import { type Engine, EngineError } from '@drover/engine';
import type { Settings } from './settings.ts';

/** The client of the engine that the settings name. */
export function openEngine(settings: Settings): Engine {
  const refuse = () => {
    throw new EngineError({
      code: 'unreachable',
      doing: `reaching the engine at ${settings.dockerHost}`,
      reason: 'the client is not built yet',
    });
  };
  const part = new Proxy({}, { get: () => refuse });
  return new Proxy({} as Engine, {
    get: (_, name) => (name === 'close' ? () => {} : name === 'apiVersion' ? refuse : part),
  });
}
