import type { Engine } from '@drover/engine';

/** What `docker inspect` says, by name, of everything that one project has in an engine. */
export interface Inspection {
  readonly containers: Inspected;
  readonly networks: Inspected;
  readonly volumes: Inspected;
}

export type Inspected = Readonly<Record<string, unknown>>;

/** Reads everything of a project back from the engine. */
export async function inspectProject(engine: Engine, project: string): Promise<Inspection> {
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const [containers, networks, volumes] = await Promise.all([
    engine.containers.list({ all: true, filters }),
    engine.networks.list({ filters }),
    engine.volumes.list({ filters }),
  ]);
  const inspected = await Promise.all(containers.map(({ Id }) => engine.containers.inspect(Id)));
  return {
    containers: byName(inspected),
    networks: byName(await Promise.all(networks.map(({ Id }) => engine.networks.inspect(Id)))),
    volumes: byName(volumes.Volumes ?? []),
  };
}

function byName(objects: readonly { readonly Name: string }[]): Inspected {
  const named = objects.map((object) => [object.Name.replace(/^\//, ''), object] as const);
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}
