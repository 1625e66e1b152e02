import type { AcceptedField, Service } from '@drover/compose';
import { hasHealthCheck, type ServiceImage } from '@drover/orchestration';
import { mayEndOnSwarm } from '@drover/orchestration/plan/swarm/spec/may-end';
import type { Sealer } from '../../seal/sealer.ts';
import type { BlobStore } from '../source/blob-store.ts';
import { envFilesOf } from '../source/environment.ts';
import type { GoodProject, LoadableSource } from '../source/load-project.ts';
import { absolutePath, type Source } from '../source/source.ts';
import type { RevisionContent, RevisionSummary, ServiceSummary, Variable } from './revision.ts';

/** The most that docker takes for a secret; a larger one stays a file of the host. */
const mostContentBytes = 500 * 1024;

export interface ContentRequest {
  readonly loaded: GoodProject;
  readonly from: LoadableSource & { readonly variables: readonly Variable[] };
  readonly images: ReadonlyMap<string, ServiceImage>;
  readonly blobs: BlobStore;
  /** What was left out of the loaded project knowingly. */
  readonly accepted?: readonly AcceptedField[];
}

/** Gathers everything that a revision is made of. */
export async function collectContent({
  loaded,
  from,
  images,
  blobs,
  accepted = [],
}: ContentRequest): Promise<RevisionContent> {
  const { project, contents } = loaded.result;
  const { source, environment, variables } = from;
  const files = new Map(source.files.map((file) => [absolutePath(loaded.workingDir, file.path), file]));
  const readFile = async (path: string): Promise<Buffer | undefined> => {
    const file = files.get(path);
    if (file === undefined || !('sha256' in file) || file.size > mostContentBytes) return undefined;
    return await blobs.read(file.sha256);
  };
  const collect = async (kind: 'secrets' | 'configs') => {
    const found: [string, string][] = [];
    for (const [key, object] of Object.entries(project[kind])) {
      const inline = contents[kind].get(key);
      const bytes =
        inline !== undefined
          ? Buffer.from(inline)
          : object.file === undefined
            ? undefined
            : await readFile(object.file);
      if (bytes !== undefined) found.push([key, bytes.toString('base64')]);
    }
    return found;
  };
  const named: [string, string][] = [];
  for (const path of filesInSettings(Object.values(project.services))) {
    const bytes = await readFile(absolutePath(loaded.workingDir, path));
    if (bytes !== undefined) named.push([path, bytes.toString('utf8')]);
  }
  const defaultPlatform = loaded.environment.get('DOCKER_DEFAULT_PLATFORM');
  return {
    project,
    ...(accepted.length === 0 ? {} : { accepted }),
    images: [...images].sort(([a], [b]) => (a < b ? -1 : 1)),
    secrets: await collect('secrets'),
    configs: await collect('configs'),
    files: named,
    environment,
    variables,
    envFiles: (source.envFiles ?? []).map((path) => absolutePath(loaded.workingDir, path)),
    ...(defaultPlatform === undefined || defaultPlatform === '' ? {} : { defaultPlatform }),
  };
}

/**
 * Equal for two revisions that bring about the same: the model, the images, the contents, and the texts that people would look
 * at. Keyed, because secrets go into it.
 */
export function fingerprintOf(
  content: RevisionContent,
  source: Source | undefined,
  loaded: GoodProject | undefined,
  sealer: Sealer,
): string {
  const read = new Set(
    loaded?.result.inputs.filter(({ kind, read }) => read && kind !== 'build-context').map(({ uri }) => uri),
  );
  const texts = source?.files.flatMap((file) =>
    'sha256' in file &&
    loaded !== undefined &&
    (read.has(absolutePath(loaded.workingDir, file.path)) || envFilesOf(source).includes(file.path))
      ? [[file.path, file.sha256]]
      : [],
  );
  const { project, images, secrets, configs, files, envFiles, defaultPlatform } = content;
  const imageIds = images.map(([service, { ref, id }]) => [service, ref, id]);
  return sealer.digest(
    'revision',
    JSON.stringify([project, imageIds, secrets, configs, files, envFiles, defaultPlatform ?? null, texts ?? null]),
  );
}

/** What can be shown of it. */
export function summarize(
  { project, images, accepted = [] }: RevisionContent,
  target: 'engine' | 'swarm',
): RevisionSummary {
  const byService = new Map(images);
  const services = Object.entries(project.services).map(([name, service]): ServiceSummary => {
    const image = byService.get(name);
    return {
      name,
      image: image?.ref ?? service.image ?? '',
      imageId: image?.id ?? '',
      wanted: service.scale ?? service.deploy?.replicas ?? 1,
      ...(target === 'swarm' && service.deploy?.mode?.startsWith('global') ? { perHost: true } : {}),
      hasHealthCheck: hasHealthCheck(service, image),
      mayComplete: target === 'swarm' ? mayEndOnSwarm(project, name) : mayEndOnEngine(service),
      dependsOn: Object.keys(service.depends_on ?? {}).sort(),
    };
  });
  const names = [...new Set(accepted.map(({ field }) => field))].sort();
  return {
    services: services.sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...(names.length === 0 ? {} : { accepted: names }),
  };
}

function mayEndOnEngine({ deploy, restart }: Service): boolean {
  const policy = deploy?.restart_policy?.condition ?? restart ?? '';
  return policy === '' || policy === 'no' || policy === 'none' || policy.startsWith('on-failure');
}

// `security_opt: seccomp=FILE` names a file of the client that the engine wants as text.
function filesInSettings(services: readonly Service[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { security_opt } of services)
    for (const option of security_opt ?? []) {
      const path = /^seccomp[=:](.+)$/.exec(option)?.[1];
      if (path !== undefined && path !== 'unconfined' && path !== 'builtin' && !path.startsWith('{')) paths.add(path);
    }
  return paths;
}
