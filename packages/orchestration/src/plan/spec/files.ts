import type { FileObject, FileReference, Project, Service } from '@drover/compose';
import type { Mount } from '../../model/container-body.ts';
import type { DesiredContents, FileContent } from '../../model/desired.ts';
import type { PutFile } from '../../model/operation.ts';
import { cleanPath } from './mounts.ts';

/** A secret or config as one service uses it. */
interface UsedFile {
  readonly kind: 'secret' | 'config';
  readonly key: string;
  readonly target: string;
  readonly reference: FileReference;
  readonly object: FileObject | undefined;
  readonly content: FileContent | undefined;
}

export interface ServiceFiles {
  /** Bound from the host, read-only. */
  readonly mounts: readonly Mount[];
  /** Put into the container before it starts. */
  readonly put: readonly PutFile[];
  /** What the container's label says was put; absent when nothing was. */
  readonly label: string | undefined;
  /** Paths in the container, of both kinds. */
  readonly targets: ReadonlySet<string>;
}

/** How the secrets and configs of a service come into its container. */
export function serviceFiles(project: Project, service: Service, contents: DesiredContents): ServiceFiles {
  const used = [
    ...(service.secrets ?? []).map((reference) => usedFile('secret', reference, project.secrets, contents.secrets)),
    ...(service.configs ?? []).map((reference) => usedFile('config', reference, project.configs, contents.configs)),
  ];
  const put = used.filter((file) => isPut(file, service));
  const bound = used.filter((file) => !isPut(file, service) && file.object?.file !== undefined);
  return {
    mounts: bound.map((file) => ({
      Type: 'bind',
      Source: file.object?.file ?? '',
      Target: file.target,
      ReadOnly: true,
      ...(file.kind === 'secret' ? { BindOptions: {} } : {}),
    })),
    put: put.map((file) => ({
      path: file.target,
      bytes: file.content?.bytes ?? new Uint8Array(),
      mode: file.reference.mode === undefined ? 0o444 : Number.parseInt(file.reference.mode, 8),
      uid: Number.parseInt(file.reference.uid ?? '0', 10) || 0,
      gid: Number.parseInt(file.reference.gid ?? '0', 10) || 0,
    })),
    label: put.length === 0 ? undefined : put.map(labelPart).sort().join(','),
    targets: new Set(used.map((file) => file.target)),
  };
}

/**
 * A file that may be bound is bound, as docker compose does, unless it is to have an owner or a mode of its own: a bind has those of the
 * host. Nothing can be put into a read-only file system.
 */
function isPut({ content, reference }: UsedFile, service: Service): boolean {
  if (content?.bindable !== true) return content !== undefined;
  return hasOwnRights(reference) && service.read_only !== true;
}

function hasOwnRights({ uid, gid, mode }: FileReference): boolean {
  return [uid, gid, mode].some((value) => (value ?? '') !== '');
}

/** Secrets and configs whose owner and mode stay those of the host's file, as sentences. */
export function unownedFiles(service: Service, contents: DesiredContents): string[] {
  if (service.read_only !== true) return [];
  const words = (kind: UsedFile['kind'], references: readonly FileReference[], given: DesiredContents['secrets']) =>
    references
      .filter((reference) => hasOwnRights(reference) && given.get(reference.source ?? '')?.bindable === true)
      .map(
        ({ source }) => `uid, gid and mode of the ${kind} ${source} have no effect with read_only: its file is bound`,
      );
  return [
    ...words('secret', service.secrets ?? [], contents.secrets),
    ...words('config', service.configs ?? [], contents.configs),
  ];
}

/** Secrets and configs whose label says another version, in words: `secret db_password changed`. */
export function changedFiles(before: string, after: string): string[] {
  const versions = (label: string): Map<string, string> =>
    new Map(label === '' ? [] : label.split(',').map((part) => [part.slice(0, part.lastIndexOf('=')), part]));
  const old = versions(before);
  const now = versions(after);
  const words = new Set<string>();
  for (const name of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    if (old.get(name) === now.get(name)) continue;
    const what = name.slice(0, name.lastIndexOf('@')).replace('/', ' ');
    words.add(`${what} ${!old.has(name) ? 'added' : now.has(name) ? 'changed' : 'removed'}`);
  }
  return [...words];
}

/** Secrets and configs of the service that nothing provides, as sentences. */
export function missingFiles(project: Project, service: Service, contents: DesiredContents): string[] {
  const problems: string[] = [];
  for (const kind of ['secret', 'config'] as const) {
    const [references, objects, given] =
      kind === 'secret'
        ? ([service.secrets, project.secrets, contents.secrets] as const)
        : ([service.configs, project.configs, contents.configs] as const);
    for (const reference of references ?? []) {
      const file = usedFile(kind, reference, objects, given);
      if (file.content !== undefined || file.object?.file !== undefined) continue;
      if (file.object?.external === true)
        problems.push(`${kind} ${file.key} is external, which one engine has no store for`);
      else if (file.object?.environment !== undefined) {
        problems.push(`${kind} ${file.key} comes from the variable ${file.object.environment}, which is not set`);
      } else problems.push(`${kind} ${file.key} has no content`);
    }
  }
  return problems;
}

function labelPart(file: UsedFile): string {
  const { mode = '', uid = '', gid = '' } = file.reference;
  const owner = [mode, uid, gid].some((part) => part !== '') ? `:${mode}:${uid}:${gid}` : '';
  return `${file.kind}/${file.key}@${file.target}=${file.content?.version ?? ''}${owner}`;
}

function usedFile(
  kind: UsedFile['kind'],
  reference: FileReference,
  objects: Project['secrets'],
  contents: ReadonlyMap<string, FileContent>,
): UsedFile {
  const key = reference.source ?? '';
  return {
    kind,
    key,
    target: targetPath(reference, kind === 'secret' ? '/run/secrets/' : '/'),
    reference,
    object: Object.hasOwn(objects, key) ? objects[key] : undefined,
    content: contents.get(key),
  };
}

function targetPath(reference: FileReference, folder: string): string {
  const target =
    reference.target === undefined || reference.target === '' ? (reference.source ?? '') : reference.target;
  const absolute = target.startsWith('/') || target.startsWith('\\\\') || /^.:\\/.test(target);
  return cleanPath(absolute ? target : `${folder}${target}`);
}
