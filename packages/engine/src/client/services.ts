import type { EngineServices } from '../api/services.ts';
import type { ServiceCreated, ServiceInspect } from '../model/service.ts';
import { registryAuthHeader } from '../registry-auth.ts';
import type { EngineConnection } from './connection.ts';
import { filterText, segment } from './engine-call.ts';
import { readTaskLogs } from './task-logs.ts';

export function createServices(connection: EngineConnection): EngineServices {
  const pathOf = (service: string, doing: string) => `/services/${segment(service, doing)}`;
  const inspect: EngineServices['inspect'] = async (service, options) => {
    const doing = `reading service ${service}`;
    const query = { insertDefaults: options?.insertDefaults };
    return await connection.json<ServiceInspect>({
      method: 'GET',
      path: pathOf(service, doing),
      query,
      doing,
      options,
    });
  };
  return {
    list: (options) =>
      connection.json<readonly ServiceInspect[]>({
        method: 'GET',
        path: '/services',
        query: { filters: filterText(options?.filters), status: options?.status },
        doing: 'listing services',
        options,
      }),
    inspect,
    create: async (spec, options) => {
      const created = await connection.json<{
        readonly ID: ServiceCreated['ID'];
        readonly Warnings?: readonly string[] | null;
      }>({
        method: 'POST',
        path: '/services/create',
        headers: registryAuthHeader(options?.registryAuth),
        json: spec,
        doing: `creating service ${spec.Name}`,
        options,
      });
      return { ID: created.ID, Warnings: created.Warnings ?? [] };
    },
    update: async (service, version, spec, options) => {
      const doing = `changing service ${spec.Name}`;
      const answer = await connection.json<{ readonly Warnings?: readonly string[] | null }>({
        method: 'POST',
        path: `${pathOf(service, doing)}/update`,
        query: { version, registryAuthFrom: options?.registryAuthFrom, rollback: options?.rollback },
        headers: registryAuthHeader(options?.registryAuth),
        json: spec,
        doing,
        options,
      });
      return answer.Warnings ?? [];
    },
    remove: async (service, options) => {
      const doing = `removing service ${service}`;
      await connection.done({ method: 'DELETE', path: pathOf(service, doing), doing, options });
    },
    logs: (service, options) => {
      const doing = options?.doing ?? `reading the log of service ${service}`;
      const hasTerminal = async () =>
        (await inspect(service, { signal: options?.signal, doing })).Spec.TaskTemplate?.ContainerSpec?.TTY === true;
      return readTaskLogs(connection, { path: pathOf(service, doing), doing, hasTerminal }, options);
    },
  };
}
