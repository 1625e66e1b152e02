import type { ContainerId } from '@drover/base';
import { mapBounded } from '@drover/base';
import {
  type ContainerInspect,
  type ContainerSummary,
  type Engine,
  type EngineInfo,
  isEngineError,
} from '@drover/engine';
import type { ImageConfig } from '../model/container-body.ts';
import type { Desired } from '../model/desired.ts';
import { composeLabel } from '../model/labels.ts';
import type { EngineFacts, ForeignContainer, Observed, ObservedContainer } from '../model/observed.ts';

export interface CollectRequest {
  readonly project: string;
  /** What will be planned against it, if anything: its images need not be read again. */
  readonly desired?: Pick<Desired, 'images'> | undefined;
  /** What the caller already knows of a container, as long as it is certain to be true now; saves the inspect. */
  readonly known?: (summary: ContainerSummary) => ContainerInspect | undefined;
  /** What the caller already knows of the engine. */
  readonly facts?: EngineFacts | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Inspects at once; more only make the engine's own locks wait. */
const inspectsAtOnce = 16;

/** Reads what stands in the engine of one project, with three lists and one inspect a container that is not known. */
export async function collectObserved(engine: Engine, request: CollectRequest): Promise<Observed> {
  const { project, signal } = request;
  const [summaries, networks, { Volumes: volumes }, facts] = await Promise.all([
    engine.containers.list({ all: true, signal }),
    engine.networks.list({ signal }),
    engine.volumes.list({ signal }),
    request.facts ?? collectFacts(engine, signal),
  ]);
  const own = summaries.filter(({ Labels }) => Labels[composeLabel.project] === project);
  const inspected = await mapBounded(own, inspectsAtOnce, (summary) => inspect(engine, summary, request));
  const containers = inspected.filter((container) => container !== undefined);
  return {
    project,
    containers,
    foreign: summaries.filter(({ Labels }) => Labels[composeLabel.project] !== project).map(foreignContainer),
    networks,
    volumes,
    images: await collectImages(engine, containers, request),
    engine: facts,
  };
}

/** What the engine can do. It does not change while it runs, a Swarm that it joins aside. */
export async function collectFacts(engine: Engine, signal?: AbortSignal): Promise<EngineFacts> {
  const [apiVersion, info] = await Promise.all([engine.apiVersion({ signal }), engine.system.info({ signal })]);
  return engineFacts(apiVersion, info);
}

/** What an engine's own description says of what it can do. */
export function engineFacts(apiVersion: string, info: EngineInfo): EngineFacts {
  const { CgroupVersion, Runtimes, Swarm } = info;
  return {
    apiVersion,
    os: info.OSType,
    loggingDriver: info.LoggingDriver,
    ...(CgroupVersion === '1' || CgroupVersion === '2' ? { cgroupVersion: CgroupVersion === '1' ? 1 : 2 } : {}),
    ...(Swarm?.LocalNodeState === undefined ? {} : { swarm: Swarm.LocalNodeState === 'active' }),
    ...(Runtimes == null ? {} : { runtimes: Object.keys(Runtimes) }),
  };
}

/** undefined for a container that went away since it was listed. */
async function inspect(
  engine: Engine,
  summary: ContainerSummary,
  { known, signal }: CollectRequest,
): Promise<ObservedContainer | undefined> {
  const cached = known?.(summary);
  if (cached !== undefined) return cached;
  try {
    return await engine.containers.inspect(summary.Id, { signal });
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found')) return undefined;
    throw thrown;
  }
}

/** The settings of images that containers still run and the new revision does not; without them no cause can be named. */
async function collectImages(
  engine: Engine,
  containers: readonly ObservedContainer[],
  { desired, signal }: CollectRequest,
): Promise<ReadonlyMap<string, ImageConfig>> {
  const images = new Map<string, ImageConfig>();
  if (desired === undefined) return images;
  const wanted = new Set([...desired.images.values()].map(({ id }) => id));
  const other = [...new Set(containers.map(({ Image }) => Image))].filter((id) => !wanted.has(id));
  await mapBounded(other, inspectsAtOnce, async (id) => {
    try {
      const { Config } = await engine.images.inspect(id, { signal });
      images.set(id, Config ?? {});
    } catch (thrown) {
      if (!isEngineError(thrown, 'not-found')) throw thrown;
    }
  });
  return images;
}

function foreignContainer(summary: ContainerSummary): ForeignContainer {
  const project = summary.Labels[composeLabel.project];
  const networks = Object.entries(summary.NetworkSettings?.Networks ?? {});
  return {
    id: summary.Id as ContainerId,
    name: (summary.Names.find((name) => name.lastIndexOf('/') === 0) ?? summary.Names[0] ?? '').replace(/^\//, ''),
    ...(project === undefined ? {} : { project }),
    running: summary.State === 'running',
    networks: networks.flatMap(([name, { NetworkID }]) => (NetworkID ? [name, NetworkID] : [name])),
    ports: summary.Ports.flatMap(({ IP, PublicPort, Type }) =>
      PublicPort === undefined ? [] : [{ hostIp: IP ?? '', port: PublicPort, protocol: Type }],
    ),
  };
}
