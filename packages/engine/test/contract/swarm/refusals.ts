import type { ServiceSpec, TaskSpec } from '@drover/engine';
import { expect, it } from 'vitest';
import { type GetSwarm, serviceOf, withService } from './subject.ts';

interface Refused {
  readonly what: string;
  readonly code: string;
  readonly reason: string | RegExp;
  readonly spec?: Partial<ServiceSpec>;
  readonly task?: TaskSpec;
}

const file = { Name: 'here', UID: '0', GID: '0', Mode: 0o444 };
const port = { TargetPort: 80, PublishedPort: 8095 } as const;

/** What a manager does not take, in its own words. */
const refused: readonly Refused[] = [
  {
    what: 'no image',
    code: 'bad-request',
    reason: 'ContainerSpec: image reference must be provided',
    task: { ContainerSpec: { Image: '' } },
  },
  {
    what: 'an image that is no reference',
    code: 'bad-request',
    reason: 'ContainerSpec: "A B" is not a valid repository/tag',
    task: { ContainerSpec: { Image: 'A B' } },
  },
  { what: 'a name', code: 'bad-request', reason: 'name must be valid as a DNS name component', spec: { Name: 'a b' } },
  {
    what: 'a long name',
    code: 'bad-request',
    reason: 'name must be 63 characters or fewer',
    spec: { Name: 'a'.repeat(64) },
  },
  {
    what: 'a network that is not there',
    code: 'server',
    reason: 'network nowhere not found',
    task: { Networks: [{ Target: 'nowhere' }] },
  },
  {
    what: 'a config that is not there',
    code: 'bad-request',
    reason: 'config not found: none',
    task: { ContainerSpec: { Configs: [{ ConfigID: 'none' as never, ConfigName: 'none', File: file }] } },
  },
  {
    what: 'a secret without a place',
    code: 'bad-request',
    reason: 'malformed secret reference, no target provided',
    task: { ContainerSpec: { Secrets: [{ SecretID: 'x' as never, SecretName: 'x' }] } },
  },
  {
    what: 'a constraint without an operator',
    code: 'server',
    reason: 'constraint expected one operator from ==, !=',
    task: { Placement: { Constraints: ['node.role'] } },
  },
  {
    what: 'a constraint of a bad key',
    code: 'server',
    reason: "key 'no de' is invalid",
    task: { Placement: { Constraints: ['no de==1'] } },
  },
  {
    what: 'an unknown field of a template',
    code: 'bad-request',
    reason: /^expanding env failed: expanding env "A=\{\{\.Nope\}\}": .*can't evaluate field Nope/,
    task: { ContainerSpec: { Env: ['A={{.Nope}}'] } },
  },
  {
    what: 'an open template',
    code: 'bad-request',
    reason: 'expanding env failed: expanding env "A={{": template: expansion:1: unclosed action',
    task: { ContainerSpec: { Env: ['A={{'] } },
  },
  {
    what: 'two mounts at one place',
    code: 'bad-request',
    reason: 'ContainerSpec: duplicate mount point: /a',
    task: { ContainerSpec: { Mounts: [1, 2].map(() => ({ Type: 'tmpfs' as const, Target: '/a' })) } },
  },
  {
    what: 'an ingress port with dnsrr',
    code: 'bad-request',
    reason: "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
    spec: { EndpointSpec: { Mode: 'dnsrr', Ports: [{ ...port, PublishMode: 'ingress' }] } },
  },
  {
    what: 'a port twice',
    code: 'bad-request',
    reason: 'EndpointSpec: duplicate published ports provided',
    spec: { EndpointSpec: { Mode: 'dnsrr', Ports: [1, 2].map(() => ({ ...port, PublishMode: 'host' as const })) } },
  },
  {
    what: 'little memory',
    code: 'bad-request',
    reason: 'invalid memory value 1000: Must be at least 4MiB',
    task: { Resources: { Limits: { MemoryBytes: 1000 } } },
  },
  {
    what: 'little CPU',
    code: 'bad-request',
    reason: 'invalid cpu value 1e-06: Must be at least 0.001',
    task: { Resources: { Limits: { NanoCPUs: 1000 } } },
  },
  {
    what: 'a ratio beyond 1',
    code: 'bad-request',
    reason: 'TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1',
    spec: { UpdateConfig: { MaxFailureRatio: 2 } },
  },
  {
    what: 'a job with an update config',
    code: 'bad-request',
    reason: 'Jobs may not have an update config',
    spec: { Mode: { ReplicatedJob: {} } },
  },
  {
    what: 'two modes',
    code: 'bad-request',
    reason: 'must specify only one service mode',
    spec: { Mode: { Replicated: {}, Global: {} } },
  },
];

/** Services that are refused, at their creation and at an update. */
export function refusalContract(get: GetSwarm): void {
  it.each(refused)('refuses $what', async ({ code, reason, spec, task }) => {
    const subject = get();
    const creating = subject.manager.services.create(serviceOf(subject, 'sleep 300', spec, task));
    await expect(creating).rejects.toMatchObject({
      code,
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
  });

  it('refuses a name that is taken, an old version, another name and another kind of mode', async () => {
    const subject = get();
    const { manager } = subject;
    const spec = serviceOf(subject, 'sleep 300', { Mode: { Replicated: { Replicas: 0 } } });
    await withService(subject, spec, async (name, id) => {
      await expect(manager.services.create(spec)).rejects.toMatchObject({
        code: 'conflict',
        message: `creating service ${name}: name conflicts with an existing object: service ${name} already exists`,
      });
      const { Version, Spec } = await manager.services.inspect(id);
      const update = (version: number, changed: ServiceSpec, rollback?: 'previous') =>
        manager.services.update(id, version, changed, rollback === undefined ? {} : { rollback });
      await expect(update(Version.Index - 1, Spec)).rejects.toMatchObject({
        code: 'version-conflict',
        reason: 'update out of sequence',
      });
      await expect(update(Version.Index, { ...Spec, Name: `${name}-2` })).rejects.toMatchObject({
        code: 'unsupported',
        reason: 'renaming services is not supported',
      });
      await expect(update(Version.Index, { ...Spec, Mode: { Global: {} } })).rejects.toMatchObject({
        code: 'unsupported',
        reason: 'service mode change is not allowed',
      });
      await expect(update(Version.Index, Spec, 'previous')).rejects.toMatchObject({
        code: 'bad-request',
        reason: `service ${id} does not have a previous spec`,
      });
    });
    await expect(manager.services.inspect(spec.Name)).rejects.toMatchObject({
      code: 'not-found',
      reason: `service ${spec.Name} not found`,
    });
    await expect(manager.tasks.list({ filters: { service: [spec.Name] } })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(manager.tasks.inspect('nothing')).rejects.toMatchObject({ reason: 'task nothing not found' });
    await expect(manager.services.list({ filters: { wrong: ['x'] } })).rejects.toMatchObject({ code: 'bad-request' });
  });
}
