import type { Service } from '@drover/compose';
import type { RestartPolicy } from '../../model/container-body.ts';

type PolicyName = NonNullable<RestartPolicy['Name']>;

/** What the engine does when the container ends; an empty name is `no`, as docker compose sends what nobody asked for. `deploy.restart_policy` goes before `restart`, as in docker compose. */
export function restartPolicy(service: Service): { readonly Name: PolicyName; readonly MaximumRetryCount: number } {
  const policy = service.deploy?.restart_policy;
  if (policy !== undefined) {
    return { Name: policyName(policy.condition ?? ''), MaximumRetryCount: policy.max_attempts ?? 0 };
  }
  const [name = '', attempts = '0'] = (service.restart ?? '').split(':');
  return { Name: policyName(name), MaximumRetryCount: Number.parseInt(attempts, 10) || 0 };
}

/** Whether a container that ended by itself with code 0 stays so: it has done its work. */
export function staysEnded(service: Service): boolean {
  const { Name } = restartPolicy(service);
  return Name === '' || Name === 'no' || Name === 'on-failure';
}

function policyName(condition: string): PolicyName {
  switch (condition) {
    case '':
    case 'on-failure':
    case 'unless-stopped':
    case 'always':
      return condition;
    case 'any':
      return 'always';
    default:
      return 'no';
  }
}
