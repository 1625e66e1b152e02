import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileObject, Named, Origin, Path } from '@drover/compose';
import type { Desired, FileContent } from '@drover/orchestration';
import type { Sealer } from '../../seal/sealer.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { RevisionContent } from './revision.ts';

export interface DesiredRequest {
  readonly stack: string;
  readonly revision: number;
  readonly content: RevisionContent;
  readonly provenance?: (path: Path) => Origin | undefined;
  /** The images were settled just now: their names are known to stand for their ids. */
  readonly imagesAreFresh?: boolean;
  readonly signal?: AbortSignal;
}

/** What a revision is read with. */
export interface DesiredParts {
  readonly orchestrator: Pick<Orchestrator, 'images' | 'sharesFiles'>;
  readonly sealer: Sealer;
}

/** A revision in the form that plans are made from. */
export async function toDesired({ orchestrator, sealer }: DesiredParts, request: DesiredRequest): Promise<Desired> {
  const { stack, revision, content, provenance } = request;
  const { sharesFiles } = orchestrator;
  const { project } = content;
  const [images, secrets, configs] = await Promise.all([
    request.imagesAreFresh
      ? new Map(content.images)
      : orchestrator.images.recall({ stack, revision }, new Map(content.images), request.signal),
    contents('secrets', project.secrets, content.secrets),
    contents('configs', project.configs, content.configs),
  ]);
  return {
    identity: {
      name: stack,
      workingDir: project.workingDir,
      configFiles: project.composeFiles,
      envFiles: content.envFiles,
    },
    revision,
    project,
    images,
    contents: { secrets, configs, files: new Map(content.files) },
    ...(content.accepted === undefined ? {} : { accepted: content.accepted }),
    ...(content.defaultPlatform === undefined ? {} : { defaultPlatform: content.defaultPlatform }),
    ...(provenance === undefined ? {} : { provenance }),
  };

  async function contents(
    kind: 'secrets' | 'configs',
    objects: Named<FileObject>,
    kept: RevisionContent['secrets'],
  ): Promise<Map<string, FileContent>> {
    const found = new Map<string, FileContent>();
    for (const [key, base64] of kept) {
      const bytes = Buffer.from(base64, 'base64');
      const file = objects[key]?.file;
      // As docker compose does, a file that still holds what it held may be bound; one that changed since is put in as it was.
      const bindable = file !== undefined && sharesFiles && (await holds(file, bytes));
      const version = sealer.digest(`${kind}/${stack}/${key}`, bytes).slice(0, 32);
      found.set(key, { bytes, version, ...(bindable ? { bindable } : {}) });
    }
    return found;
  }
}

/** The values that must not be shown in messages and logs: secrets of the stack and the contents of its secret files. */
export function secretValues({ variables, secrets }: RevisionContent): string[] {
  const values = [
    ...variables.filter(({ secret }) => secret).map(({ value }) => value),
    ...secrets.map(([, base64]) => Buffer.from(base64, 'base64').toString('utf8').trim()),
  ];
  // Short ones would blank half of every line.
  return values.filter((value) => value.length >= 6);
}

async function holds(path: string, bytes: Buffer): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size !== bytes.length) return false;
      const hash = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
      return hash(await file.readFile()) === hash(bytes);
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}
