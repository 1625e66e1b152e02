import { ComposeError } from '../diagnostics/compose-error.ts';
import { parseBoolean, parseGoFloat, parseGoInt } from '../syntax/go-number.ts';
import { type ScalarNode, type ScalarType, type ScalarValue, scalar } from '../tree/node.ts';
import { patterns } from '../tree/pattern.ts';

export type Cast = 'int' | 'float' | 'float32' | 'bool';

/** The paths whose text becomes a number or a boolean once variables are in. */
export const castPatterns = patterns<Cast>([
  ['services.*.cpu_count', 'int'],
  ['services.*.cpu_percent', 'float'],
  ['services.*.cpu_period', 'int'],
  ['services.*.cpu_quota', 'int'],
  ['services.*.cpu_rt_period', 'int'],
  ['services.*.cpu_rt_runtime', 'int'],
  ['services.*.cpus', 'float32'],
  ['services.*.cpu_shares', 'int'],
  ['services.*.init', 'bool'],
  ['services.*.deploy.replicas', 'int'],
  ['services.*.deploy.update_config.parallelism', 'int'],
  ['services.*.deploy.update_config.max_failure_ratio', 'float'],
  ['services.*.deploy.rollback_config.parallelism', 'int'],
  ['services.*.deploy.rollback_config.max_failure_ratio', 'float'],
  ['services.*.deploy.restart_policy.max_attempts', 'int'],
  ['services.*.deploy.placement.max_replicas_per_node', 'int'],
  ['services.*.healthcheck.retries', 'int'],
  ['services.*.healthcheck.disable', 'bool'],
  ['services.*.oom_kill_disable', 'bool'],
  ['services.*.oom_score_adj', 'int'],
  ['services.*.pids_limit', 'int'],
  ['services.*.ports.[].target', 'int'],
  ['services.*.privileged', 'bool'],
  ['services.*.read_only', 'bool'],
  ['services.*.scale', 'int'],
  ['services.*.stdin_open', 'bool'],
  ['services.*.tty', 'bool'],
  ['services.*.ulimits.*', 'int'],
  ['services.*.ulimits.*.hard', 'int'],
  ['services.*.ulimits.*.soft', 'int'],
  ['services.*.volumes.[].read_only', 'bool'],
  ['services.*.volumes.[].volume.nocopy', 'bool'],
  ['networks.*.external', 'bool'],
  ['networks.*.internal', 'bool'],
  ['networks.*.attachable', 'bool'],
  ['networks.*.enable_ipv4', 'bool'],
  ['networks.*.enable_ipv6', 'bool'],
  ['volumes.*.external', 'bool'],
  ['secrets.*.external', 'bool'],
  ['configs.*.external', 'bool'],
]);

/** A node of another type with the value that the text means, or undefined where it means none. */
export function castText(node: ScalarNode, text: string, cast: Cast): ScalarNode | undefined {
  const value = castValue(text, cast);
  const type: ScalarType = cast === 'bool' ? 'bool' : cast === 'int' ? 'int' : 'float';
  return value === undefined ? undefined : scalar(node, type, value, node.written);
}

export function castFailure(node: ScalarNode, cast: Cast, shown: string): ComposeError {
  const wanted = cast === 'bool' ? 'true or false' : cast === 'int' ? 'an integer' : 'a number';
  return new ComposeError('cast', `${shown} is not ${wanted}`, { place: node });
}

function castValue(text: string, cast: Cast): ScalarValue | undefined {
  switch (cast) {
    case 'int':
      return parseGoInt(text);
    case 'float':
      return parseGoFloat(text);
    case 'float32': {
      const value = parseGoFloat(text);
      return value === undefined ? undefined : Math.fround(value);
    }
    case 'bool':
      return parseBoolean(text);
  }
}
