import type { FileObject, Project, Service } from '@drover/compose';
import type { PlanErrorCode } from '../../../model/errors.ts';
import type { SwarmDesired } from '../../../model/swarm/desired.ts';
import type { SecretBody } from '../../../model/swarm/file-body.ts';
import { stackLabel, swarmLabel } from '../../../model/swarm/labels.ts';
import type { ObservedFile, SwarmObserved } from '../../../model/swarm/observed.ts';
import type { StringMap } from '../../../model/wire.ts';
import { map } from '../../compare/canonical.ts';
import type { Findings } from '../../problems.ts';
import type { FilesByKey, SwarmFile } from '../spec/task-files.ts';
import { base64, contentName } from './content-name.ts';
import { namedBy } from './named-by.ts';

export type FileKind = 'secret' | 'config';

/** A secret or config that the plan makes. */
export interface FileCreation {
  readonly kind: FileKind;
  readonly key: string;
  readonly body: SecretBody;
  readonly cause: string;
}

export interface FileDecisions {
  readonly files: FilesByKey;
  readonly creations: readonly FileCreation[];
}

/** Bytes that Swarm takes at most. */
const most: Readonly<Record<FileKind, number>> = { secret: 500 * 1024, config: 1000 * 1024 };
const missing: Readonly<Record<FileKind, PlanErrorCode>> = { secret: 'missing-secret', config: 'missing-config' };

/** The keys of the secrets or configs that services use. */
export function usedFiles(kind: FileKind, services: readonly Service[]): ReadonlySet<string> {
  return new Set(
    services.flatMap((service) =>
      kind === 'secret'
        ? (service.secrets ?? []).map(({ source = '' }) => source)
        : [
            ...(service.configs ?? []).map(({ source = '' }) => source),
            ...(service.credential_spec?.config ? [service.credential_spec.config] : []),
          ],
    ),
  );
}

/**
 * The object of every secret or config that is used. Contents never change in a Swarm: an object is named after its content, and
 * another content is another object.
 */
export function decideFiles(
  kind: FileKind,
  used: ReadonlySet<string>,
  desired: SwarmDesired,
  observed: SwarmObserved,
  findings: Findings,
): FileDecisions {
  const standing = kind === 'secret' ? observed.secrets : observed.configs;
  const byName = new Map(standing.map((file) => [file.Spec.Name, file]));
  const inUse = new Set(observed.services.flatMap(({ Spec }) => namedBy(Spec)));
  const files = new Map<string, SwarmFile>();
  const creations: FileCreation[] = [];
  for (const key of [...used].sort()) {
    const objects = objectsOf(kind, desired.project);
    const object = Object.hasOwn(objects, key) ? objects[key] : undefined;
    const decided =
      object === undefined
        ? problem(findings, 'invalid', `the ${kind} ${key} is used but not declared`, kind, key)
        : object.external === true
          ? external(kind, key, object, byName, findings)
          : own(kind, key, object, { desired, byName, creations, inUse }, findings);
    if (decided !== undefined) files.set(key, decided);
  }
  return { files, creations };
}

function external(
  kind: FileKind,
  key: string,
  { name = key }: FileObject,
  byName: ReadonlyMap<string, ObservedFile>,
  findings: Findings,
): SwarmFile | undefined {
  const found = byName.get(name);
  if (found !== undefined) return { name, id: found.ID };
  const message = `the ${kind} ${name} is declared as external, and the Swarm has none of that name`;
  return problem(findings, missing[kind], message, kind, key);
}

interface OwnContext {
  readonly desired: SwarmDesired;
  readonly byName: ReadonlyMap<string, ObservedFile>;
  readonly creations: FileCreation[];
  /** Ids of what the stack's services name. */
  readonly inUse: ReadonlySet<string>;
}

function own(
  kind: FileKind,
  key: string,
  object: FileObject,
  { desired, byName, creations, inUse }: OwnContext,
  findings: Findings,
): SwarmFile | undefined {
  const { project } = desired;
  const content = (kind === 'secret' ? desired.contents.secrets : desired.contents.configs).get(key);
  const driver = object.driver ?? '';
  if (content === undefined && driver === '') {
    const why =
      object.environment === undefined
        ? 'has no content'
        : `comes from the variable ${object.environment}, which is not set`;
    return problem(findings, missing[kind], `the ${kind} ${key} ${why}`, kind, key);
  }
  const size = content?.bytes.length ?? 0;
  if (driver === '' && (size === 0 || size > most[kind])) {
    const why = size === 0 ? 'is empty' : `has ${size} bytes, more than the ${most[kind]}`;
    return problem(findings, 'invalid', `the ${kind} ${key} ${why}, which Swarm does not take`, kind, key);
  }
  const name = object.name ?? `${project.name}_${key}`;
  const version = content?.version ?? '';
  // A driver fetches the content itself; Swarm takes no other beside it.
  const data = content === undefined || driver !== '' ? '' : base64(content.bytes);
  const body: SecretBody = {
    Name: contentName(name, [
      key,
      version,
      map(object.labels) ?? [],
      driver,
      map(object.driver_opts) ?? [],
      object.template_driver ?? '',
    ]),
    Labels: {
      ...object.labels,
      [stackLabel.namespace]: project.name,
      [swarmLabel.key]: key,
      [swarmLabel.content]: version,
    },
    Data: data,
    ...(driver === '' ? {} : { Driver: { Name: driver, Options: object.driver_opts ?? {} } }),
    ...(object.template_driver ? { Templating: { Name: object.template_driver } } : {}),
  };
  const same = byName.get(body.Name);
  const named = byName.get(name);
  const adopted = named !== undefined && holdsWanted(kind, key, named, body, desired) ? named : undefined;
  // Where both hold what is wanted, the one that services name stays.
  const standing = [same, adopted].filter((file) => file !== undefined);
  const chosen = standing.find(({ ID }) => inUse.has(ID)) ?? standing[0];
  if (chosen !== undefined) return { name: chosen.Spec.Name, id: chosen.ID };
  const older = [...byName.values()].some(
    ({ Spec }) =>
      Spec.Labels?.[stackLabel.namespace] === project.name &&
      (Spec.Labels[swarmLabel.key] === key || Spec.Name === name),
  );
  creations.push({ kind, key, body, cause: older ? `${kind} ${key} changed` : `${kind} is missing` });
  return { name: body.Name };
}

/** Whether an object of `docker stack deploy` holds what is wanted. A secret tells nobody its content: there, what is known of it counts. */
function holdsWanted(
  kind: FileKind,
  key: string,
  { Spec }: ObservedFile,
  want: SecretBody,
  { project, contents, adoptedSecrets }: SwarmDesired,
): boolean {
  const labels = (all: StringMap | null | undefined): string =>
    JSON.stringify(
      map(Object.fromEntries(Object.entries(all ?? {}).filter(([name]) => !name.startsWith('io.drover.')))),
    );
  const driver = (file: typeof want | ObservedFile['Spec']): string =>
    JSON.stringify([file.Driver?.Name ?? '', map(file.Driver?.Options) ?? [], file.Templating?.Name ?? '']);
  if (Spec.Labels?.[stackLabel.namespace] !== project.name) return false;
  if (labels(Spec.Labels) !== labels(want.Labels) || driver(Spec) !== driver(want)) return false;
  if (kind === 'config') return (Spec.Data ?? '') === want.Data;
  const version = contents.secrets.get(key)?.version;
  const known = Spec.Labels[swarmLabel.content] ?? adoptedSecrets?.get(key) ?? version;
  return known === version;
}

function objectsOf(kind: FileKind, project: Project): Project['secrets'] {
  return kind === 'secret' ? project.secrets : project.configs;
}

function problem(findings: Findings, code: PlanErrorCode, message: string, kind: FileKind, key: string): undefined {
  findings.problem(code, message, [`${kind}s`, key]);
  return undefined;
}
