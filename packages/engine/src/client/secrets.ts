import type { SecretId } from '@drover/base';
import type { EngineSecrets } from '../api/secrets.ts';
import type { SecretInspect } from '../model/secret.ts';
import type { EngineConnection } from './connection.ts';
import { filterText, segment } from './engine-call.ts';

export function createSecrets(connection: EngineConnection): EngineSecrets {
  const pathOf = (secret: string, doing: string) => `/secrets/${segment(secret, doing)}`;
  return {
    list: (options) =>
      connection.json<readonly SecretInspect[]>({
        method: 'GET',
        path: '/secrets',
        query: { filters: filterText(options?.filters) },
        doing: 'listing secrets',
        options,
      }),
    inspect: async (secret, options) => {
      const doing = `reading secret ${secret}`;
      return await connection.json<SecretInspect>({ method: 'GET', path: pathOf(secret, doing), doing, options });
    },
    create: async (spec, options) => {
      const doing = `creating secret ${spec.Name}`;
      const path = '/secrets/create';
      return (await connection.json<{ readonly ID: SecretId }>({ method: 'POST', path, json: spec, doing, options }))
        .ID;
    },
    update: async (secret, version, spec, options) => {
      const doing = `changing secret ${spec.Name}`;
      const path = `${pathOf(secret, doing)}/update`;
      await connection.done({ method: 'POST', path, query: { version }, json: spec, doing, options });
    },
    remove: async (secret, options) => {
      const doing = `removing secret ${secret}`;
      await connection.done({ method: 'DELETE', path: pathOf(secret, doing), doing, options });
    },
  };
}
