import type { EngineVolumes } from '../api/volumes.ts';
import type { VolumeInspect } from '../model/volume.ts';
import type { EngineConnection } from './connection.ts';
import { filterText, segment } from './engine-call.ts';

export function createVolumes(connection: EngineConnection): EngineVolumes {
  const pathOf = (name: string, doing: string) => `/volumes/${segment(name, doing)}`;
  return {
    list: async (options) => {
      const answer = await connection.json<{
        readonly Volumes: readonly VolumeInspect[] | null;
        readonly Warnings: readonly string[] | null;
      }>({
        method: 'GET',
        path: '/volumes',
        query: { filters: filterText(options?.filters) },
        doing: 'listing volumes',
        options,
      });
      return { Volumes: answer.Volumes ?? [], Warnings: answer.Warnings ?? [] };
    },
    inspect: async (name, options) => {
      const doing = `reading volume ${name}`;
      return await connection.json<VolumeInspect>({ method: 'GET', path: pathOf(name, doing), doing, options });
    },
    create: async (body, options) =>
      await connection.json<VolumeInspect>({
        method: 'POST',
        path: '/volumes/create',
        json: body,
        doing: body.Name ? `creating volume ${body.Name}` : 'creating an anonymous volume',
        options,
      }),
    remove: async (name, options) => {
      const doing = `removing volume ${name}`;
      await connection.done({
        method: 'DELETE',
        path: pathOf(name, doing),
        query: { force: options?.force },
        doing,
        options,
      });
    },
    prune: async (options) => {
      const answer = await connection.json<{
        readonly VolumesDeleted: readonly string[] | null;
        readonly SpaceReclaimed: number;
      }>({
        method: 'POST',
        path: '/volumes/prune',
        query: { filters: filterText(options?.filters) },
        doing: 'removing unused volumes',
        options,
      });
      return { removed: answer.VolumesDeleted ?? [], spaceReclaimed: answer.SpaceReclaimed };
    },
  };
}
