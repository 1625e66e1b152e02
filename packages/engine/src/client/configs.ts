import type { ConfigId } from '@drover/base';
import type { EngineConfigs } from '../api/configs.ts';
import type { ConfigInspect } from '../model/secret.ts';
import type { EngineConnection } from './connection.ts';
import { filterText, segment } from './engine-call.ts';

export function createConfigs(connection: EngineConnection): EngineConfigs {
  const pathOf = (config: string, doing: string) => `/configs/${segment(config, doing)}`;
  return {
    list: (options) =>
      connection.json<readonly ConfigInspect[]>({
        method: 'GET',
        path: '/configs',
        query: { filters: filterText(options?.filters) },
        doing: 'listing configs',
        options,
      }),
    inspect: async (config, options) => {
      const doing = `reading config ${config}`;
      return await connection.json<ConfigInspect>({ method: 'GET', path: pathOf(config, doing), doing, options });
    },
    create: async (spec, options) => {
      const doing = `creating config ${spec.Name}`;
      const path = '/configs/create';
      return (await connection.json<{ readonly ID: ConfigId }>({ method: 'POST', path, json: spec, doing, options }))
        .ID;
    },
    update: async (config, version, spec, options) => {
      const doing = `changing config ${spec.Name}`;
      const path = `${pathOf(config, doing)}/update`;
      await connection.done({ method: 'POST', path, query: { version }, json: spec, doing, options });
    },
    remove: async (config, options) => {
      const doing = `removing config ${config}`;
      await connection.done({ method: 'DELETE', path: pathOf(config, doing), doing, options });
    },
  };
}
