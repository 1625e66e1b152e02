import type { ServiceSpec, UpdateConfig } from '../../model/service.ts';
import type { ContainerSpec, TaskSpec } from '../../model/task.ts';
import { Refusal } from '../failure.ts';
import type { FakeCluster } from './cluster.ts';
import { parseConstraint } from './constraint.ts';
import { expandTemplate, knownFields } from './template.ts';

function refuse(reason: string): never {
  throw new Refusal('bad-request', reason);
}

/** Refuses what the real managers refuse, in their words (swarmkit `manager/controlapi/service.go`). */
export function validateService(cluster: FakeCluster, spec: ServiceSpec, ownId: string | null): void {
  const modes = Object.values(spec.Mode ?? {}).filter((mode) => mode != null);
  if (modes.length > 1) refuse('must specify only one service mode');
  if (spec.Name.length > 63) refuse('name must be 63 characters or fewer');
  if (!/^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/.test(spec.Name)) refuse('name must be valid as a DNS name component');
  validateTask(spec.TaskTemplate ?? {});
  validateUpdate(spec.UpdateConfig);
  validateUpdate(spec.RollbackConfig);
  validatePorts(spec);
  if ((spec.Mode?.ReplicatedJob != null || spec.Mode?.GlobalJob != null) && spec.UpdateConfig != null)
    refuse('Jobs may not have an update config');
  refuseTakenPorts(cluster, spec, ownId);
  refuseMissing(cluster, spec.TaskTemplate?.ContainerSpec ?? {});
}

function validateTask(task: TaskSpec): void {
  for (const amount of [task.Resources?.Limits, task.Resources?.Reservations]) {
    if (amount?.NanoCPUs && amount.NanoCPUs < 1e6)
      refuse(`invalid cpu value ${goNumber(amount.NanoCPUs / 1e9)}: Must be at least 0.001`);
    if (amount?.MemoryBytes && amount.MemoryBytes < 4 * 1024 * 1024)
      refuse(`invalid memory value ${amount.MemoryBytes}: Must be at least 4MiB`);
  }
  if ((task.RestartPolicy?.Delay ?? 0) < 0) refuse('TaskSpec: restart-delay cannot be negative');
  if ((task.RestartPolicy?.Window ?? 0) < 0) refuse('TaskSpec: restart-window cannot be negative');
  for (const constraint of task.Placement?.Constraints ?? []) parseConstraint(constraint);
  const spec = task.ContainerSpec ?? {};
  validateReferences('secret', spec.Secrets ?? [], ({ SecretName, SecretID }) => [SecretName, SecretID]);
  validateReferences('config', spec.Configs ?? [], ({ ConfigName, ConfigID }) => [ConfigName, ConfigID]);
  for (const entry of spec.Env ?? []) checkTemplate('env', entry);
  if (spec.Hostname) checkTemplate('hostname', spec.Hostname);
  if (!spec.Image) refuse('ContainerSpec: image reference must be provided');
  if (
    !/^[a-z0-9][a-z0-9._/:@-]*(:[\w][\w.-]*)?(@sha256:[0-9a-f]{64})?$/i.test(spec.Image) ||
    /^[^:@]*[A-Z]/.test(spec.Image)
  )
    refuse(`ContainerSpec: "${spec.Image}" is not a valid repository/tag`);
  const targets = new Set<string>();
  for (const { Target } of spec.Mounts ?? []) {
    if (targets.has(Target ?? '')) refuse(`ContainerSpec: duplicate mount point: ${Target}`);
    targets.add(Target ?? '');
  }
}

function goNumber(value: number): string {
  return value < 1e-4 ? value.toExponential().replace(/e-(\d)$/, 'e-0$1') : String(value);
}

function checkTemplate(what: string, text: string): void {
  try {
    expandTemplate(text, knownFields);
  } catch (thrown) {
    refuse(
      `expanding ${what} failed: expanding ${what} "${text}": ${thrown instanceof Error ? thrown.message : thrown}`,
    );
  }
}

interface Reference {
  readonly File?: { readonly Name: string } | null | undefined;
  readonly Runtime?: object | null | undefined;
}

function validateReferences<R extends Reference>(
  kind: 'secret' | 'config',
  references: readonly R[],
  namesOf: (reference: R) => readonly [string, string],
): void {
  const targets = new Map<string, string>();
  for (const reference of references) {
    const [name, id] = namesOf(reference);
    if (!name || !id) refuse(`malformed ${kind} reference`);
    if (reference.File == null) {
      if (reference.Runtime == null) refuse(`malformed ${kind} reference, no target provided`);
      continue;
    }
    const target = reference.File.Name;
    if (!target) refuse(`malformed file ${kind} reference, invalid target file name provided`);
    const other = targets.get(target);
    if (other !== undefined)
      refuse(`${kind} references '${other}' and '${name}' have a conflicting target: '${target}'`);
    targets.set(target, name);
  }
}

function validateUpdate(config: UpdateConfig | null | undefined): void {
  if (config == null) return;
  if ((config.Delay ?? 0) < 0) refuse('TaskSpec: update-delay cannot be negative');
  if ((config.Monitor ?? 0) < 0) refuse('TaskSpec: update-monitor cannot be negative');
  const ratio = config.MaxFailureRatio ?? 0;
  if (ratio < 0 || ratio > 1) refuse('TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1');
}

function validatePorts(spec: ServiceSpec): void {
  const published = new Set<string>();
  for (const port of spec.EndpointSpec?.Ports ?? []) {
    if (spec.EndpointSpec?.Mode === 'dnsrr' && (port.PublishMode ?? 'ingress') === 'ingress')
      refuse("EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
    if (!port.PublishedPort) continue;
    const key = `${port.PublishedPort}/${port.Protocol ?? 'tcp'}`;
    if (published.has(key)) refuse('EndpointSpec: duplicate published ports provided');
    published.add(key);
  }
}

/** Ingress ports belong to one service; host ports of two are a matter of the scheduler. */
function refuseTakenPorts(cluster: FakeCluster, spec: ServiceSpec, ownId: string | null): void {
  for (const wanted of spec.EndpointSpec?.Ports ?? []) {
    if (!wanted.PublishedPort) continue;
    for (const other of cluster.services.values()) {
      if (other.id === ownId) continue;
      for (const port of other.spec.EndpointSpec?.Ports ?? []) {
        if (port.PublishedPort !== wanted.PublishedPort || (port.Protocol ?? 'tcp') !== (wanted.Protocol ?? 'tcp'))
          continue;
        const theirs = port.PublishMode ?? 'ingress';
        if (theirs === 'host' && wanted.PublishMode === 'host') continue;
        const as = theirs === 'host' ? 'a host-published port' : 'an ingress port';
        refuse(`port '${port.PublishedPort}' is already in use by service '${other.spec.Name}' (${other.id}) as ${as}`);
      }
    }
  }
}

function refuseMissing(cluster: FakeCluster, spec: ContainerSpec): void {
  const secrets = (spec.Secrets ?? [])
    .filter(({ SecretID, SecretName }) => cluster.secrets.get(SecretID)?.spec.Name !== SecretName)
    .map(({ SecretName }) => SecretName);
  if (secrets.length > 0) refuse(`secret${secrets.length === 1 ? '' : 's'} not found: ${secrets.join(', ')}`);
  const configs = (spec.Configs ?? [])
    .filter(({ ConfigID, ConfigName }) => cluster.configs.get(ConfigID)?.spec.Name !== ConfigName)
    .map(({ ConfigName }) => ConfigName);
  if (configs.length > 0) refuse(`config${configs.length === 1 ? '' : 's'} not found: ${configs.join(', ')}`);
}
