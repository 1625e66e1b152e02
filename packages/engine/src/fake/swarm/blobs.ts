import type { ConfigId, SecretId } from '@drover/base';
import type { EngineConfigs } from '../../api/configs.ts';
import type { EngineSecrets } from '../../api/secrets.ts';
import type { ConfigSpec, SecretSpec } from '../../model/secret.ts';
import { conflict, Refusal } from '../failure.ts';
import { applyFilters, type FilterTests, labelsMatch } from '../filters.ts';
import type { Gate } from '../gate.ts';
import type { FakeBlob, FakeCluster } from './cluster.ts';
import type { FakeMember } from './fabric.ts';
import { find, refuseBadName, refuseStale } from './find.ts';
import { managedBy } from './membership.ts';

interface Kind<Id extends string> {
  readonly name: 'secret' | 'config';
  /** Bytes. */
  readonly limit: number;
  of(cluster: FakeCluster): Map<Id, FakeBlob<Id>>;
  users(cluster: FakeCluster, id: Id): readonly string[];
}

const secretKind: Kind<SecretId> = {
  name: 'secret',
  limit: 512_000,
  of: (cluster) => cluster.secrets,
  users: (cluster, id) =>
    [...cluster.services.values()]
      .filter(({ spec }) => spec.TaskTemplate?.ContainerSpec?.Secrets?.some(({ SecretID }) => SecretID === id))
      .map(({ spec }) => spec.Name),
};

const configKind: Kind<ConfigId> = {
  name: 'config',
  limit: 1_024_000,
  of: (cluster) => cluster.configs,
  users: (cluster, id) =>
    [...cluster.services.values()]
      .filter(({ spec }) => spec.TaskTemplate?.ContainerSpec?.Configs?.some(({ ConfigID }) => ConfigID === id))
      .map(({ spec }) => spec.Name),
};

const tests: FilterTests<FakeBlob<string>> = {
  id: (blob, wanted) => wanted.some((id) => blob.id.startsWith(id)),
  name: (blob, wanted) => wanted.some((name) => blob.spec.Name.startsWith(name)),
  names: (blob, wanted) => wanted.includes(blob.spec.Name),
  label: (blob, wanted) => labelsMatch(blob.spec.Labels, wanted),
};

type BlobSpec = SecretSpec & ConfigSpec;

function createBlob<Id extends string>(cluster: FakeCluster, kind: Kind<Id>, spec: BlobSpec): Id {
  refuseBadName(spec.Name);
  const bytes = Buffer.from(spec.Data ?? '', 'base64').byteLength;
  if (spec.Driver == null && (bytes === 0 || bytes > kind.limit)) {
    throw new Refusal('bad-request', `${kind.name} data must be larger than 0 and less than ${kind.limit} bytes`);
  }
  const blobs = kind.of(cluster);
  if ([...blobs.values()].some((blob) => blob.spec.Name === spec.Name))
    throw conflict(`${kind.name} ${spec.Name} already exists`);
  const id = cluster.fabric.newId() as Id;
  blobs.set(id, { id, ...cluster.born(), spec: { ...spec, Labels: spec.Labels ?? {} } });
  cluster.publish(kind.name, 'create', id, { name: spec.Name });
  return id;
}

function updateBlob<Id extends string>(
  cluster: FakeCluster,
  kind: Kind<Id>,
  blob: FakeBlob<Id>,
  version: number,
  spec: Partial<BlobSpec>,
): void {
  if (spec.Name !== blob.spec.Name || (spec.Data != null && spec.Data !== blob.spec.Data))
    throw new Refusal('bad-request', 'only updates to Labels are allowed');
  refuseStale(blob, version);
  blob.spec = { ...blob.spec, Labels: spec.Labels ?? {} };
  cluster.touch(blob);
  cluster.publish(kind.name, 'update', blob.id, { name: blob.spec.Name });
}

function removeBlob<Id extends string>(cluster: FakeCluster, kind: Kind<Id>, blob: FakeBlob<Id>): void {
  const users = kind.users(cluster, blob.id);
  if (users.length > 0) {
    const services = users.length === 1 ? 'service' : 'services';
    throw new Refusal(
      'bad-request',
      `${kind.name} '${blob.spec.Name}' is in use by the following ${services}: ${users.join(', ')}`,
    );
  }
  kind.of(cluster).delete(blob.id);
  cluster.wake();
  cluster.publish(kind.name, 'remove', blob.id, { name: blob.spec.Name });
}

function createCalls<Id extends string, Shown>(
  member: FakeMember,
  gate: Gate,
  kind: Kind<Id>,
  show: (blob: FakeBlob<Id>) => Shown,
) {
  type Options = Parameters<EngineSecrets['list']>[0];
  const call = <T>(
    verb: 'list' | 'inspect' | 'create' | 'update' | 'remove',
    target: string,
    doing: string,
    options: Options,
    effect: (cluster: FakeCluster) => T,
  ) => gate.pass({ name: `${kind.name}s.${verb}`, target }, doing, options, () => effect(managedBy(member)));
  const blobOf = (cluster: FakeCluster, reference: string) =>
    find(kind.name, kind.of(cluster) as ReadonlyMap<string, FakeBlob<Id>>, reference, ({ spec }) => spec.Name);
  return {
    list: (options?: Options) =>
      call('list', '', `listing ${kind.name}s`, options, (cluster) =>
        applyFilters([...kind.of(cluster).values()], options?.filters, tests).map((blob) => show(blob as FakeBlob<Id>)),
      ),
    inspect: (reference: string, options?: Options) =>
      call('inspect', reference, `reading ${kind.name} ${reference}`, options, (cluster) =>
        show(blobOf(cluster, reference)),
      ),
    create: (spec: BlobSpec, options?: Options) =>
      call('create', spec.Name, `creating ${kind.name} ${spec.Name}`, options, (cluster) =>
        createBlob(cluster, kind, spec),
      ),
    update: (reference: string, version: number, spec: Partial<BlobSpec>, options?: Options) =>
      call('update', reference, `changing ${kind.name} ${spec.Name}`, options, (cluster) =>
        updateBlob(cluster, kind, blobOf(cluster, reference), version, spec),
      ),
    remove: (reference: string, options?: Options) =>
      call('remove', reference, `removing ${kind.name} ${reference}`, options, (cluster) =>
        removeBlob(cluster, kind, blobOf(cluster, reference)),
      ),
  };
}

function shown<Id extends string>(blob: FakeBlob<Id>) {
  const { id, version, createdAt, updatedAt } = blob;
  return { ID: id, Version: { Index: version }, CreatedAt: createdAt, UpdatedAt: updatedAt };
}

export function createFakeSecrets(member: FakeMember, gate: Gate): EngineSecrets {
  return createCalls(member, gate, secretKind, (blob) => {
    const { Data: _data, ...spec } = blob.spec;
    return { ...shown(blob), Spec: spec };
  });
}

export function createFakeConfigs(member: FakeMember, gate: Gate): EngineConfigs {
  return createCalls(member, gate, configKind, (blob) => ({ ...shown(blob), Spec: blob.spec }));
}
