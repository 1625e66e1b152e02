import type { EngineNodes } from '../api/nodes.ts';
import type { NodeInspect } from '../model/node.ts';
import type { EngineConnection } from './connection.ts';
import { filterText, segment } from './engine-call.ts';

export function createNodes(connection: EngineConnection): EngineNodes {
  const pathOf = (node: string, doing: string) => `/nodes/${segment(node, doing)}`;
  return {
    list: (options) =>
      connection.json<readonly NodeInspect[]>({
        method: 'GET',
        path: '/nodes',
        query: { filters: filterText(options?.filters) },
        doing: 'listing nodes',
        options,
      }),
    inspect: async (node, options) => {
      const doing = `reading node ${node}`;
      return await connection.json<NodeInspect>({ method: 'GET', path: pathOf(node, doing), doing, options });
    },
    update: async (node, version, spec, options) => {
      const doing = `changing node ${node}`;
      const path = `${pathOf(node, doing)}/update`;
      await connection.done({ method: 'POST', path, query: { version }, json: spec, doing, options });
    },
    remove: async (node, options) => {
      const doing = `removing node ${node}`;
      const query = { force: options?.force };
      await connection.done({ method: 'DELETE', path: pathOf(node, doing), query, doing, options });
    },
  };
}
