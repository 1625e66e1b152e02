import { type Engine, EngineError } from '@drover/engine';

/** Calls that only read; a process that dies does so at one that changes something just as well. */
const reading = new Set(['list', 'inspect', 'ping', 'apiVersion', 'watch', 'open', 'logs', 'info']);

/** The engine as a process sees it that is killed after a number of changing calls: nothing gets through any more. */
export function cutOffAfter(engine: Engine, calls: number): Engine {
  let left = calls;
  const guard = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name, receiver) => {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== 'function' || reading.has(String(name))) return member;
        return (...parameters: unknown[]) => {
          if (left <= 0) {
            return Promise.reject(
              new EngineError({ code: 'unreachable', doing: String(name), reason: 'the process was killed' }),
            );
          }
          left -= 1;
          return Reflect.apply(member, target, parameters);
        };
      },
    });
  return {
    ...engine,
    containers: guard(engine.containers),
    networks: guard(engine.networks),
    volumes: guard(engine.volumes),
    exec: guard(engine.exec),
    services: guard(engine.services),
    secrets: guard(engine.secrets),
    configs: guard(engine.configs),
    apiVersion: (options) => engine.apiVersion(options),
    close: () => {},
  };
}
