import { type Project, type Service, serviceHash } from '@drover/compose';
import type { Desired } from '../model/desired.ts';
import { PlanError } from '../model/errors.ts';
import { oneOffName } from '../model/names.ts';
import type { Observed } from '../model/observed.ts';
import type { ContainerRef, OperationId } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import { bestFirst, candidates } from './candidates.ts';
import { dependenciesOf } from './dependencies.ts';
import { planDeploy } from './deploy.ts';
import { emitResources } from './emit/resources.ts';
import { judgeKeys } from './judge-keys.ts';
import { newEmitter } from './operate.ts';
import { Findings } from './problems.ts';
import { decideNetworks } from './resources/networks.ts';
import { decideVolumes } from './resources/volumes.ts';
import { containerSpec } from './spec/container-spec.ts';
import { asHashed, withReferences } from './spec/references.ts';
import { checkService } from './validate-service.ts';

/** A container that is made once for one command. */
export interface RunRequest {
  readonly service: string;
  /** 12 hex digits, chosen by the caller, that make its name its own. */
  readonly slug: string;
  /** Instead of the service's own. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: { readonly [name: string]: string | null };
  readonly user?: string;
  readonly workingDir?: string;
  readonly tty?: boolean;
  /** Keeps its standard input open. */
  readonly interactive?: boolean;
  /** Publishes the service's ports; without it, none. */
  readonly servicePorts?: boolean;
  /** Lets the service's name lead to it too. */
  readonly useAliases?: boolean;
  /** The engine removes it when it ends. */
  readonly autoRemove?: boolean;
  readonly withoutDependencies?: boolean;
}

export interface RunPlan {
  /** Makes and starts what the service depends on and is missing; what stands stays as it is. Carried out first. */
  readonly dependencies: Plan;
  /** Makes the container and does not start it, so that the caller can attach before. */
  readonly container: Plan;
  /** The operation that makes it. */
  readonly create: OperationId;
  readonly name: string;
}

/** Plans a one-off container of a service. Throws `PlanError`. */
export function planRun(desired: Desired, observed: Observed, request: RunRequest): RunPlan {
  const { project } = desired;
  const own = serviceToRun(project, request);
  const needed = dependenciesOf(own).map(({ on }) => on);
  const dependencies =
    request.withoutDependencies === true || needed.length === 0
      ? emptyPlan(project.name)
      : planDeploy(desired, observed, {
          services: needed.filter((name) => Object.hasOwn(project.services, name)),
          orphans: 'none',
          // A command that is run once is no reason to replace a database.
          recreate: 'never',
        });
  return { dependencies, ...planContainer(desired, observed, request, own) };
}

/** The service as its file says it. Throws `PlanError` where there is none of that name. */
export function serviceToRun({ name, services }: Project, { service }: RunRequest): Service {
  const own = Object.hasOwn(services, service) ? services[service] : undefined;
  if (own !== undefined) return own;
  throw new PlanError(name, [{ code: 'invalid', message: `there is no service ${service}`, service }]);
}

export function emptyPlan(project: string): Plan {
  return { project, operations: [], services: [], notices: [] };
}

function planContainer(
  desired: Desired,
  observed: Observed,
  request: RunRequest,
  own: Service,
): Omit<RunPlan, 'dependencies'> {
  const { project } = desired;
  const findings = new Findings(desired.provenance);
  const service = oneOffService(own, request);
  const resolved = withReferences(service, { containerOf: (name) => standingId(observed, name) ?? name });
  const networks = new Set(resolved.network_mode ? [] : Object.keys(resolved.networks ?? {}));
  const volumes = new Set(
    (resolved.volumes ?? []).flatMap(({ type, source }) => (type === 'volume' && source ? [source] : [])),
  );
  judgeKeys({ ...project, services: { [request.service]: own } }, observed.engine, findings);
  const networkDecisions = decideNetworks(project, networks, observed, desired.revision, findings);
  const volumeDecisions = decideVolumes(project, volumes, observed, findings);
  const image = checkService({ desired, serviceName: request.service, service: resolved, scale: 1 }, findings);
  findings.settle(project.name);
  if (image === undefined) throw new PlanError(project.name, []);

  const emitter = newEmitter(observed, {});
  emitResources(
    emitter,
    networkDecisions.filter(({ kind }) => kind === 'create'),
    volumeDecisions,
  );
  const spec = containerSpec({
    desired,
    serviceName: request.service,
    service: resolved,
    image,
    number: 1,
    apiVersion: observed.engine.apiVersion,
    configHash: serviceHash(asHashed(resolved), desired),
    numbersOf: (name) => [...(candidates(observed).get(name)?.keys() ?? [])].sort((a, b) => a - b),
    oneOff: { slug: request.slug, useAliases: request.useAliases === true },
  });
  const name = oneOffName(project.name, request.service, request.slug);
  const attach = { AttachStdin: request.interactive === true, StdinOnce: request.interactive === true };
  const body = {
    ...spec.body,
    ...attach,
    HostConfig: { ...spec.body.HostConfig, AutoRemove: request.autoRemove === true },
  };
  const notes = { target: name, service: request.service, causes: ['a run was asked for'] } as const;
  const { builder } = emitter;
  const platform = resolved.platform ?? desired.defaultPlatform;
  const create = builder.add(
    'container-create',
    { name, body, ...(platform ? { platform } : {}) },
    { ...notes, impact: 'created', after: builder.leaves() },
  );
  const container: ContainerRef = { createdBy: create, name };
  for (const [networkName, endpoint] of spec.laterEndpoints) {
    builder.add(
      'network-connect',
      { networkName, container, endpoint },
      { ...notes, variant: networkName, impact: 'none', after: [create] },
    );
  }
  if (spec.put.length > 0)
    builder.add('files-put', { container, files: spec.put }, { ...notes, impact: 'none', after: [create] });
  const change = { service: request.service, change: 'created', causes: notes.causes } as const;
  return {
    container: { project: project.name, operations: builder.finish(), services: [change], notices: findings.notices },
    create,
    name,
  };
}

/** What of a service its one-off container has, with what the request says instead. */
export function oneOffService(service: Service, request: RunRequest): Service {
  const { container_name: _name, ports, restart: _restart, scale: _scale, deploy, ...rest } = service;
  const { restart_policy: _policy, replicas: _replicas, ...deployed } = deploy ?? { resources: {}, placement: {} };
  const environment = { ...service.environment, ...request.environment };
  return {
    ...rest,
    ...(deploy === undefined ? {} : { deploy: deployed }),
    ...(request.servicePorts === true && ports !== undefined ? { ports } : {}),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    ...(request.command === undefined ? {} : { command: request.command }),
    // Another entry point starts from nothing: the service's command was made for its own.
    ...(request.entrypoint === undefined ? {} : { entrypoint: request.entrypoint, command: request.command ?? [] }),
    ...(request.user === undefined ? {} : { user: request.user }),
    ...(request.workingDir === undefined ? {} : { working_dir: request.workingDir }),
    ...(request.tty === true ? { tty: true as const } : {}),
    ...(request.interactive === true ? { stdin_open: true as const } : {}),
  };
}

function standingId(observed: Observed, service: string): string | undefined {
  const numbers = candidates(observed).get(service) ?? new Map();
  const first = [...numbers.keys()].sort((a: number, b: number) => a - b)[0];
  return bestFirst(numbers.get(first) ?? [], '')[0]?.Id;
}
