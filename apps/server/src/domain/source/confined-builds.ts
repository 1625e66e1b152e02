import { mkdir, rm } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { isFolderCache } from '@drover/compose/syntax/build-cache';
import type { BuildProgress, BuildRequest, Engine } from '@drover/engine';
import { Refusal } from '../refusal.ts';
import type { BlobStore } from './blob-store.ts';
import { materialise } from './materialise.ts';
import { absolutePath, type Source, type SourceFile } from './source.ts';

export interface ConfinedBuildsOptions {
  readonly engine: Engine;
  readonly source: Source;
  readonly workingDir: string;
  readonly blobs: BlobStore;
  /** A folder of its own, which need not exist; removed by `clean`. */
  readonly folder: string;
}

export interface ConfinedBuilds {
  /** The engine, except that builds see the files of the bundle and nothing else of this machine. */
  readonly engine: Engine;
  clean(): Promise<void>;
}

const remote = /^(https?|git|ssh|docker-image|oci-layout|target):|^git@|\.git(#|$)/;

/**
 * Lets builds read from the bundle alone. A path of a build means the client's machine; the folder that it names is written out
 * when a build asks for it, and the build is pointed there.
 */
export function confineBuilds({ engine, source, workingDir, blobs, folder }: ConfinedBuildsOptions): ConfinedBuilds {
  const files = source.files.map((file) => ({ path: absolutePath(workingDir, file.path), file }));
  const written = new Map<string, Promise<string>>();
  const refuse = (what: string, path: string): never => {
    throw new Refusal('invalid-source', `building: ${what} ${path} is not part of what was uploaded`);
  };

  const writeFolder = async (path: string, signal: AbortSignal | undefined): Promise<string> => {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const inside = files
      .filter((each) => each.path.startsWith(prefix))
      .map(({ path: full, file }): SourceFile => ({ ...file, path: full.slice(prefix.length) }));
    const isEmpty = files.some((each) => 'folder' in each.file && `${each.path}/` === prefix);
    if (inside.length === 0 && !isEmpty) return refuse('the folder', path);
    const target = join(folder, String(written.size));
    await mkdir(target, { recursive: true, mode: 0o700 });
    await materialise(inside, target, blobs, signal);
    return target;
  };
  const folderOf = (path: string, signal: AbortSignal | undefined): Promise<string> => {
    const known = written.get(path) ?? writeFolder(path, signal);
    written.set(path, known);
    return known;
  };
  const fileOf = (path: string, what: string, signal: AbortSignal | undefined): Promise<string> => {
    const known = written.get(`file ${path}`) ?? writeFile(path, what, signal);
    written.set(`file ${path}`, known);
    return known;
  };
  const writeFile = async (path: string, what: string, signal: AbortSignal | undefined): Promise<string> => {
    const found = files.find((each) => each.path === path);
    if (found === undefined) return refuse(what, path);
    const target = join(folder, `file-${written.size}`);
    await mkdir(target, { recursive: true, mode: 0o700 });
    await materialise([{ ...found.file, path: 'file' }], target, blobs, signal);
    return join(target, 'file');
  };

  const confine = async (request: BuildRequest, signal: AbortSignal | undefined): Promise<BuildRequest> => {
    if (remote.test(request.context)) return request;
    const context = await folderOf(request.context, signal);
    const dockerfile = await dockerfileOf(request, context, signal);
    const contexts = Object.entries(request.additionalContexts ?? {}).map(
      async ([name, path]) => [name, remote.test(path) ? path : await folderOf(path, signal)] as const,
    );
    for (const cache of [...(request.cacheFrom ?? []), ...(request.cacheTo ?? [])])
      if (isFolderCache(cache))
        throw new Refusal(
          'invalid-source',
          `building: the cache ${cache} is a folder, which is not part of what was uploaded`,
        );
    const ssh = request.ssh?.map(async (key) => {
      const [id = '', path] = splitOnce(key);
      if (path === undefined)
        throw new Refusal(
          'invalid-source',
          `building: the SSH agent of ssh ${id} stays with the client; name a key as ${id}=FILE`,
        );
      return `${id}=${await fileOf(path, 'the SSH key', signal)}`;
    });
    const secrets = request.secrets?.map(async (secret) =>
      'file' in secret ? { id: secret.id, file: await fileOf(secret.file, 'the secret', signal) } : secret,
    );
    return {
      ...request,
      context,
      ...(dockerfile === undefined ? {} : { dockerfile }),
      ...(contexts.length === 0 ? {} : { additionalContexts: Object.fromEntries(await Promise.all(contexts)) }),
      ...(secrets === undefined ? {} : { secrets: await Promise.all(secrets) }),
      ...(ssh === undefined ? {} : { ssh: await Promise.all(ssh) }),
    };
  };
  const dockerfileOf = async (
    { dockerfile, context: original, dockerfileInline }: BuildRequest,
    context: string,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> => {
    if (dockerfile === undefined || dockerfileInline !== undefined) return undefined;
    const path = isAbsolute(dockerfile) ? dockerfile : join(original, dockerfile);
    const within = relative(original, path);
    if (within.startsWith('..')) return await fileOf(path, 'the Dockerfile', signal);
    return join(context, within);
  };

  const images = withMethod(
    engine.images,
    'build',
    async function* (
      request: BuildRequest,
      options?: { readonly signal?: AbortSignal | undefined },
    ): AsyncGenerator<BuildProgress> {
      yield* engine.images.build(await confine(request, options?.signal), options);
    },
  );
  return {
    engine: { ...engine, images, apiVersion: (call) => engine.apiVersion(call), close: () => {} },
    clean: () => rm(folder, { recursive: true, force: true }),
  };
}

/** `id=path` in two; an id alone stands for the agent. */
function splitOnce(text: string): [string, string?] {
  const at = text.indexOf('=');
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** The same object with one method of its own. */
function withMethod<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  method: Target[Name],
): Target {
  return new Proxy(target, {
    get(inner, property) {
      if (property === name) return method;
      const value: unknown = Reflect.get(inner, property);
      return typeof value === 'function' ? value.bind(inner) : value;
    },
  });
}
