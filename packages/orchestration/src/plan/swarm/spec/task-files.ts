import type { FileReference, Service } from '@drover/compose';
import type { ConfigReference, FileTarget, SecretReference } from '../../../model/swarm/service-spec.ts';

/** The object in the Swarm that a key of the project's `secrets` or `configs` stands for. */
export interface SwarmFile {
  readonly name: string;
  /** Absent where the plan makes it. */
  readonly id?: string;
}

export type FilesByKey = ReadonlyMap<string, SwarmFile>;

export function taskSecrets(service: Service, files: FilesByKey): readonly SecretReference[] {
  return (service.secrets ?? [])
    .flatMap((reference): SecretReference[] => {
      const file = files.get(reference.source ?? '');
      if (file === undefined) return [];
      const target = fileTarget(reference, '/run/secrets/');
      return [{ File: target, ...(file.id === undefined ? {} : { SecretID: file.id }), SecretName: file.name }];
    })
    .sort((a, b) => ((a.SecretName ?? '') < (b.SecretName ?? '') ? -1 : 1));
}

export function taskConfigs(service: Service, files: FilesByKey): readonly ConfigReference[] {
  const refer = (key: string, how: ConfigReference): ConfigReference[] => {
    const file = files.get(key);
    if (file === undefined) return [];
    return [{ ...how, ...(file.id === undefined ? {} : { ConfigID: file.id }), ConfigName: file.name }];
  };
  const account = service.credential_spec?.config ?? '';
  return [
    ...(service.configs ?? []).flatMap((reference) =>
      refer(reference.source ?? '', { File: fileTarget(reference, '/') }),
    ),
    ...(account === '' ? [] : refer(account, { Runtime: {} })),
  ].sort((a, b) => ((a.ConfigName ?? '') < (b.ConfigName ?? '') ? -1 : 1));
}

/** Readable by all where the file says nothing, as `docker stack deploy` does. */
function fileTarget({ source = '', target, uid, gid, mode }: FileReference, folder: string): FileTarget {
  const path = target || source;
  return {
    Name: path.startsWith(folder) && !path.slice(folder.length).includes('/') ? path.slice(folder.length) : path,
    UID: uid || '0',
    GID: gid || '0',
    Mode: mode === undefined || mode === '' ? 0o444 : Number.parseInt(mode, 8),
  };
}
