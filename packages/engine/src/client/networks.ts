import type { EngineNetworks } from '../api/networks.ts';
import { speaks } from '../api-version.ts';
import type { NetworkInspect, NetworkSummary } from '../model/network.ts';
import type { EngineConnection } from './connection.ts';
import { shortId } from './containers.ts';
import { filterText, segment } from './engine-call.ts';

export function createNetworks(connection: EngineConnection): EngineNetworks {
  const pathOf = (network: string, doing: string) => `/networks/${segment(network, doing)}`;
  return {
    list: (options) =>
      connection.json<readonly NetworkSummary[]>({
        method: 'GET',
        path: '/networks',
        query: { filters: filterText(options?.filters) },
        doing: 'listing networks',
        options,
      }),
    inspect: async (network, options) => {
      const doing = `reading network ${shortId(network)}`;
      const query = { verbose: options?.verbose };
      return await connection.json<NetworkInspect>({
        method: 'GET',
        path: pathOf(network, doing),
        query,
        doing,
        options,
      });
    },
    create: async (body, options) => {
      // Before API 1.44 the engine makes a second network of the same name unless it is asked not to.
      const unique = speaks(await connection.apiVersion(options), '1.44') ? {} : { CheckDuplicate: true };
      return await connection.json<{ readonly Id: string; readonly Warning: string }>({
        method: 'POST',
        path: '/networks/create',
        json: { ...body, ...unique },
        doing: `creating network ${body.Name}`,
        options,
      });
    },
    connect: async (network, container, endpoint, options) => {
      const doing = `connecting container ${shortId(container)} to network ${shortId(network)}`;
      const json = { Container: container, EndpointConfig: endpoint ?? {} };
      await connection.done({ method: 'POST', path: `${pathOf(network, doing)}/connect`, json, doing, options });
    },
    disconnect: async (network, container, options) => {
      const doing = `disconnecting container ${shortId(container)} from network ${shortId(network)}`;
      const json = { Container: container, Force: options?.force ?? false };
      await connection.done({ method: 'POST', path: `${pathOf(network, doing)}/disconnect`, json, doing, options });
    },
    remove: async (network, options) => {
      const doing = `removing network ${shortId(network)}`;
      await connection.done({ method: 'DELETE', path: pathOf(network, doing), doing, options });
    },
    prune: async (options) => {
      const answer = await connection.json<{ readonly NetworksDeleted: readonly string[] | null }>({
        method: 'POST',
        path: '/networks/prune',
        query: { filters: filterText(options?.filters) },
        doing: 'removing unused networks',
        options,
      });
      return { removed: answer.NetworksDeleted ?? [], spaceReclaimed: 0 };
    },
  };
}
