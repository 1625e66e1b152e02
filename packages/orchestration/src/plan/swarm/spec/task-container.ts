import type { Project, Service } from '@drover/compose';
import { stackLabel } from '../../../model/swarm/labels.ts';
import type { TaskContainer } from '../../../model/swarm/service-spec.ts';
import { effectiveCapabilities } from '../../spec/capabilities.ts';
import { healthConfig } from '../../spec/health.ts';
import { nanoseconds } from '../../spec/quantity.ts';
import { resources } from '../../spec/resources.ts';
import { type FilesByKey, taskConfigs, taskSecrets } from './task-files.ts';
import { taskMounts } from './task-mounts.ts';
import { taskPrivileges } from './task-security.ts';
import { templateText } from './template-text.ts';

export interface TaskContainerRequest {
  readonly project: Project;
  readonly service: Service;
  /** With its digest. */
  readonly image: string;
  readonly secrets: FilesByKey;
  readonly configs: FilesByKey;
}

/** The container of each task of a service. */
export function taskContainer({ project, service, image, secrets, configs }: TaskContainerRequest): TaskContainer {
  const account = configs.get(service.credential_spec?.config ?? '');
  const { CapAdd, CapDrop } = effectiveCapabilities(service);
  const wanted: TaskContainer = {
    Image: image,
    Labels: { ...service.labels, [stackLabel.namespace]: project.name },
    Command: service.entrypoint,
    Args: service.command,
    Hostname: service.hostname === undefined ? undefined : templateText(service.hostname),
    Env: some(taskEnvironment(service)),
    Dir: service.working_dir,
    User: service.user,
    Groups: service.group_add,
    Privileges: taskPrivileges(service, account?.id ?? account?.name),
    Init: service.init,
    StopSignal: service.stop_signal,
    TTY: service.tty,
    OpenStdin: service.stdin_open,
    ReadOnly: service.read_only,
    Mounts: some(taskMounts(project, service)),
    StopGracePeriod: service.stop_grace_period === undefined ? undefined : nanoseconds(service.stop_grace_period),
    Healthcheck: healthConfig(service.healthcheck),
    Hosts: some(taskHosts(service)),
    DNSConfig: taskDns(service),
    Secrets: some(taskSecrets(service, secrets)),
    Configs: some(taskConfigs(service, configs)),
    Isolation: service.isolation as 'default' | undefined,
    Sysctls: service.sysctls,
    CapabilityAdd: CapAdd,
    CapabilityDrop: CapDrop,
    Ulimits: resources(service).Ulimits,
    OomScoreAdj: service.oom_score_adj,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined && value !== null));
}

/** `NAME=value`, sorted; a bare name unsets what the image has. */
function taskEnvironment(service: Service): string[] {
  return Object.entries(service.environment ?? {})
    .map(([name, value]) => (value === null ? name : `${name}=${templateText(value)}`))
    .sort();
}

/** `host=address` as `address host`. */
function taskHosts(service: Service): string[] {
  return (service.extra_hosts ?? []).map((entry) => {
    const at = entry.search(/[=:]/);
    return `${entry.slice(at + 1)} ${entry.slice(0, at)}`;
  });
}

function taskDns({ dns, dns_search, dns_opt }: Service): TaskContainer['DNSConfig'] {
  const wanted = {
    ...((dns ?? []).length > 0 ? { Nameservers: dns } : {}),
    ...((dns_search ?? []).length > 0 ? { Search: dns_search } : {}),
    ...((dns_opt ?? []).length > 0 ? { Options: dns_opt } : {}),
  };
  return Object.keys(wanted).length > 0 ? wanted : undefined;
}

function some<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length > 0 ? items : undefined;
}
