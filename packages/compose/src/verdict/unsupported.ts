import type { Diagnostic, Origin, Path } from '../diagnostics/diagnostic.ts';
import type { DeployConfig } from '../model/deploy.ts';
import type { Project } from '../model/project.ts';
import type { Service } from '../model/service.ts';

/** What one Docker Engine does with a key: deploys it, does nothing with it (why), or cannot take it (why). */
type Rule = 'deployed' | { readonly ignored: string } | { readonly refused: string };

type KeysOf<Model> = keyof {
  [Key in keyof Model as `x-${string}` extends Key ? never : Key]: 1;
};

const swarmOnly = { ignored: 'only a Swarm knows it' } as const;
const binding = 'the socket of the engine would be open to the service';

/** One rule for every key of a service, so that a new key does not compile without one. */
const serviceRules: Readonly<Record<KeysOf<Service>, Rule>> = {
  profiles: 'deployed',
  annotations: 'deployed',
  attach: 'deployed',
  build: 'deployed',
  develop: 'deployed',
  blkio_config: 'deployed',
  cap_add: 'deployed',
  cap_drop: 'deployed',
  cgroup_parent: 'deployed',
  cgroup: 'deployed',
  cpu_count: 'deployed',
  cpu_percent: 'deployed',
  cpu_period: 'deployed',
  cpu_quota: 'deployed',
  cpu_rt_period: 'deployed',
  cpu_rt_runtime: 'deployed',
  cpus: 'deployed',
  cpuset: 'deployed',
  cpu_shares: 'deployed',
  command: 'deployed',
  configs: 'deployed',
  container_name: 'deployed',
  credential_spec: { refused: 'only Windows hosts have managed service accounts' },
  depends_on: 'deployed',
  deploy: 'deployed',
  device_cgroup_rules: 'deployed',
  devices: 'deployed',
  dns: 'deployed',
  dns_opt: 'deployed',
  dns_search: 'deployed',
  dockerfile: { ignored: 'it belongs below build' },
  domainname: 'deployed',
  entrypoint: 'deployed',
  provider: { refused: 'it runs a program on the host, by its name in the file' },
  environment: 'deployed',
  env_file: 'deployed',
  expose: 'deployed',
  extends: 'deployed',
  external_links: 'deployed',
  extra_hosts: 'deployed',
  group_add: 'deployed',
  gpus: 'deployed',
  hostname: 'deployed',
  healthcheck: 'deployed',
  image: 'deployed',
  init: 'deployed',
  ipc: 'deployed',
  isolation: 'deployed',
  labels: 'deployed',
  label_file: 'deployed',
  links: 'deployed',
  logging: 'deployed',
  log_driver: { ignored: 'it is the old name of logging.driver' },
  log_opt: { ignored: 'it is the old name of logging.options' },
  mem_limit: 'deployed',
  mem_reservation: 'deployed',
  memswap_limit: 'deployed',
  mem_swappiness: 'deployed',
  mac_address: 'deployed',
  models: { refused: 'it needs the model runner of Docker Desktop' },
  net: { ignored: 'it is the old name of network_mode' },
  network_mode: 'deployed',
  networks: 'deployed',
  oom_kill_disable: 'deployed',
  oom_score_adj: 'deployed',
  pid: 'deployed',
  pids_limit: 'deployed',
  platform: 'deployed',
  ports: 'deployed',
  privileged: 'deployed',
  pull_policy: 'deployed',
  read_only: 'deployed',
  restart: 'deployed',
  runtime: 'deployed',
  scale: 'deployed',
  secrets: 'deployed',
  security_opt: 'deployed',
  shm_size: 'deployed',
  stdin_open: 'deployed',
  stop_grace_period: 'deployed',
  stop_signal: 'deployed',
  storage_opt: 'deployed',
  sysctls: 'deployed',
  tmpfs: 'deployed',
  tty: 'deployed',
  ulimits: 'deployed',
  use_api_socket: { refused: binding },
  user: 'deployed',
  userns_mode: 'deployed',
  uts: 'deployed',
  volume_driver: 'deployed',
  volumes: 'deployed',
  volumes_from: 'deployed',
  working_dir: 'deployed',
  post_start: 'deployed',
  pre_stop: 'deployed',
  pre_start: 'deployed',
};

const deployRules: Readonly<Record<KeysOf<DeployConfig>, Rule>> = {
  mode: swarmOnly,
  replicas: 'deployed',
  labels: swarmOnly,
  update_config: 'deployed',
  rollback_config: swarmOnly,
  resources: 'deployed',
  restart_policy: 'deployed',
  placement: swarmOnly,
  endpoint_mode: swarmOnly,
};

/**
 * What the files ask for and one Docker Engine does not get: an error where deploying must stop, a warning where the key does nothing,
 * each with its line.
 */
export function unsupportedFields(
  project: Project,
  provenance: (path: Path) => Origin | undefined,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [name, service] of Object.entries(project.services)) {
    applyRules(service, serviceRules, ['services', name], provenance, found);
    if (service.deploy !== undefined) {
      applyRules(service.deploy, deployRules, ['services', name, 'deploy'], provenance, found);
    }
  }
  return found;
}

function applyRules(
  model: object,
  rules: Readonly<Record<string, Rule>>,
  path: Path,
  provenance: (path: Path) => Origin | undefined,
  found: Diagnostic[],
): void {
  for (const [key, value] of Object.entries(model)) {
    const rule = rules[key];
    if (rule === undefined || rule === 'deployed' || isEmpty(value)) continue;
    const at = [...path, key];
    const origin = provenance(at);
    const refused = 'refused' in rule;
    found.push({
      severity: refused ? 'error' : 'warning',
      code: 'unsupported',
      message: `${path.at(-1) === 'deploy' ? `deploy.${key}` : key} of ${String(path[1])} ${
        refused ? `cannot be deployed: ${rule.refused}` : `does nothing on one engine: ${rule.ignored}`
      }`,
      path: at,
      ...(origin === undefined ? {} : { origin }),
    });
  }
}

/** An empty `placement` stands there for the sake of the hash. */
function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);
}
