import type { Project, Service } from '@drover/compose';
import type { ObservedService, SwarmObserved } from '../../model/swarm/observed.ts';
import type { ServiceSpec } from '../../model/swarm/service-spec.ts';
import { volumeName } from '../spec/mounts.ts';
import { hostName, place } from './placement.ts';
import { placementNeed } from './placement-need.ts';
import { taskPlacement } from './spec/task-placement.ts';
import { taskResources } from './spec/task-resources.ts';

/** Chooses the host of volumes that lie on one host only; services that share a volume are kept together. */
export class VolumeHomes {
  readonly #project: Project;
  readonly #observed: SwarmObserved;
  readonly #chosen = new Map<string, string>();

  constructor(project: Project, observed: SwarmObserved) {
    this.#project = project;
    this.#observed = observed;
  }

  /**
   * The constraint that keeps the tasks of a service where its volumes are: where it was put before, where a host has the volume, where
   * its tasks run, or else where there is room. None where the author says where, or where there is nothing to choose.
   */
  constraintsOf(service: Service, standing: ObservedService | undefined): readonly string[] {
    const { nodes } = this.#observed;
    const volumes = localVolumes(this.#project, service);
    const own = taskPlacement(service, []).Constraints ?? [];
    const global = (service.deploy?.mode ?? '').startsWith('global');
    if (nodes.length < 2 || volumes.length === 0 || global || own.some((each) => namesNode(each))) return [];
    const known = volumes.map((name) => this.#chosen.get(name)).find((node) => node !== undefined);
    const node =
      known ?? homeOf(standing?.Spec) ?? this.#holder(volumes) ?? this.#runner(standing) ?? this.#room(service);
    if (node === undefined) return [];
    for (const name of volumes) this.#chosen.set(name, node);
    return [`node.id==${node}`];
  }

  #holder(volumes: readonly string[]): string | undefined {
    const { hosts = new Map(), pinned = new Map() } = this.#observed;
    return [...hosts]
      .filter(
        ([, host]) => pinned.get(host)?.volumes.some(({ Name }: { Name: string }) => volumes.includes(Name)) === true,
      )
      .map(([node]) => node)
      .sort()[0];
  }

  #runner(standing: ObservedService | undefined): string | undefined {
    if (standing === undefined) return undefined;
    const tasks = [...(this.#observed.usage ?? [])].map(
      ([node, usage]) => [node, usage.tasks.get(standing.ID) ?? 0] as const,
    );
    return tasks.filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0];
  }

  #room(service: Service): string | undefined {
    const { nodes, usage } = this.#observed;
    const Resources = taskResources(service);
    const need = placementNeed({
      TaskTemplate: { Placement: taskPlacement(service, []), ...(Resources ? { Resources } : {}) },
    });
    const load = (id: string): number =>
      [...(usage?.get(id)?.tasks.values() ?? [])].reduce((sum, count) => sum + count, 0);
    const { fitting } = place(need, nodes, usage);
    return [...fitting].sort((a, b) => load(a.ID) - load(b.ID) || (hostName(a) < hostName(b) ? -1 : 1))[0]?.ID;
  }
}

/** The node that Drover keeps the tasks of a service on. */
export function homeOf(spec: ServiceSpec | undefined): string | undefined {
  const found = (spec?.TaskTemplate?.Placement?.Constraints ?? []).find((each) => /^node\.id==/.test(each));
  return found?.slice('node.id=='.length);
}

function namesNode(constraint: string): boolean {
  return /^\s*node\.(id|hostname)\s*==/i.test(constraint);
}

/** Names in the engine of the volumes that a driver keeps on one host. */
function localVolumes(project: Project, { volumes = [] }: Service): readonly string[] {
  return volumes.flatMap(({ type, source = '' }) => {
    if (type !== 'volume' || source === '') return [];
    const declared = Object.hasOwn(project.volumes, source) ? project.volumes[source] : undefined;
    const local = (declared?.driver ?? 'local') === 'local' && !/^(nfs|cifs)/.test(declared?.driver_opts?.type ?? '');
    return local ? [volumeName(project, source)] : [];
  });
}
