import { type Engine, registryOf } from '@drover/engine';
import type { Plan } from '../model/plan.ts';
import { ContainerWatch } from './container-watch.ts';
import type { ExecuteOptions } from './execution.ts';
import { Limit } from './limit.ts';
import type { Run } from './run.ts';
import { StepFailure } from './step-failure.ts';
import { StackWatch } from './swarm/stack-watch.ts';
import type { SwarmRun } from './swarm/swarm-run.ts';

type OneOf = Pick<Run, 'engine' | 'watch' | 'swarm' | 'fetchImage'>;

/** Operations that only a manager can do. */
const ofManagers = /^(?:service|secret|config)-/;

const removalsAtOnce = 16;
const defaultUnplacedMs = 30_000;

/** The engines that a plan is carried out on, each with one watch for the whole run where something is waited for. */
export class Engines {
  readonly #engineOf: ExecuteOptions['engineOf'];
  readonly #main: OneOf;
  readonly #hosts = new Map<string, OneOf>();
  readonly #stops: (() => void)[] = [];

  constructor(plan: Plan, engine: Engine, options: ExecuteOptions) {
    this.#engineOf = options.engineOf;
    const known = (host: string | undefined): string | undefined => (options.engineOf === undefined ? undefined : host);
    const watched = new Set(
      plan.operations.filter(({ kind }) => kind === 'wait' || kind === 'check').map(({ host }) => known(host)),
    );
    const swarm = this.#swarmOf(plan, engine, options);
    this.#main = { engine, watch: this.#watch(engine, plan.project, watched.has(undefined)), swarm };
    for (const host of new Set(plan.operations.map((operation) => known(operation.host)))) {
      const own = engineIfAny(this.#engineOf, host);
      if (host === undefined || own === undefined) continue;
      const fetchImage = fetcher(own, host, options);
      const watch = this.#watch(own, plan.project, watched.has(host));
      this.#hosts.set(host, { engine: own, watch, swarm: undefined, fetchImage });
    }
  }

  /** Those of a host, or the environment's. Throws where the host's engine cannot be had. */
  of(host: string | undefined): OneOf {
    if (host === undefined || this.#engineOf === undefined) return this.#main;
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    // It could not be had when the run began, so there is nothing to watch it with: it tells why.
    this.#engineOf(host);
    throw new StepFailure('unreachable', `the host ${host} was not there when this began`, { host });
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #watch(engine: Engine, project: string, isNeeded: boolean): ContainerWatch {
    if (!isNeeded) return ContainerWatch.idle();
    const watch = ContainerWatch.start(engine, project);
    this.#stops.push(() => watch.stop());
    return watch;
  }

  #swarmOf(plan: Plan, engine: Engine, options: ExecuteOptions): SwarmRun | undefined {
    if (options.swarm === undefined && !plan.operations.some(({ kind }) => ofManagers.test(kind))) return undefined;
    const { observed, credentials, explainPlacement, hostOf, unplacedMs } = options.swarm ?? {};
    const watch = StackWatch.start(engine, plan.project);
    this.#stops.push(() => watch.stop());
    return {
      watch,
      awaited: new Set(plan.operations.flatMap(({ dependsOn }) => dependsOn)),
      observed: observed?.services ?? [],
      files: new Map(),
      credentials: credentials ?? (async () => undefined),
      explainPlacement,
      hostOf: (nodeId) => hostOf?.(nodeId),
      unplacedMs: unplacedMs ?? defaultUnplacedMs,
      engineOfNode: (nodeId) => engineIfAny(this.#engineOf, hostOf?.(nodeId)),
      removals: new Limit(removalsAtOnce),
    };
  }
}

/** The engine of a host, where there is one and it can be had. */
export function engineIfAny(engineOf: ExecuteOptions['engineOf'], host: string | undefined): Engine | undefined {
  if (host === undefined) return undefined;
  try {
    return engineOf?.(host);
  } catch {
    return undefined;
  }
}

/** Images are settled on a manager; the host of a pinned container may lack them. */
function fetcher(engine: Engine, host: string, { swarm, signal }: ExecuteOptions): OneOf['fetchImage'] {
  return async (ref, platform) => {
    const auth = await swarm?.credentials?.(registryOf(ref));
    const doing = `pulling ${ref} on ${host}`;
    for await (const _ of engine.images.pull(ref, { auth, platform, signal, doing }));
  };
}
