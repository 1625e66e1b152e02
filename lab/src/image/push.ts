import { createReadStream } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../errors.ts';
import type { Layer } from './layer.ts';
import type { Document } from './manifest.ts';

/** Where a registry listens: `socketPath` for one that is only there to be filled. */
export type RegistryEndpoint = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Uploads an image under some tags, leaving out layers that the registry has. */
export async function pushImage(
  registry: RegistryEndpoint,
  repository: string,
  tags: readonly string[],
  layers: readonly Layer[],
  image: Document,
  manifest: Document,
): Promise<void> {
  for (const layer of layers) {
    await pushBlob(registry, repository, layer.digest, layer.size, () => createReadStream(layer.path));
  }
  await pushBlob(registry, repository, image.digest, Buffer.byteLength(image.body), () => Readable.from([image.body]));
  for (const tag of tags) {
    const headers = { 'content-type': manifest.mediaType, 'content-length': Buffer.byteLength(manifest.body) };
    const path = `/v2/${repository}/manifests/${tag}`;
    const answer = await ask(registry, 'PUT', path, headers, Readable.from([manifest.body]));
    if (answer.status !== 201) throw refused(`pushing ${repository}:${tag}`, answer);
  }
}

async function pushBlob(
  registry: RegistryEndpoint,
  repository: string,
  digest: string,
  size: number,
  open: () => Readable,
): Promise<void> {
  const known = await ask(registry, 'HEAD', `/v2/${repository}/blobs/${digest}`);
  if (known.status === 200) return;
  const started = await ask(registry, 'POST', `/v2/${repository}/blobs/uploads/`, { 'content-length': 0 });
  const { location } = started.headers;
  if (started.status !== 202 || location === undefined) throw refused(`pushing to ${repository}`, started);
  const target = new URL(location, 'http://registry');
  target.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream', 'content-length': size };
  const finished = await ask(registry, 'PUT', `${target.pathname}${target.search}`, headers, open());
  if (finished.status !== 201) throw refused(`pushing to ${repository}`, finished);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(
  registry: RegistryEndpoint,
  method: string,
  path: string,
  headers: Record<string, string | number> = {},
  body?: Readable,
): Promise<Answer> {
  const asked = request({ ...registry, method, path, headers: { host: 'registry', ...headers }, timeout: 60_000 });
  const answered = new Promise<Answer>((resolve, reject) => {
    asked.once('timeout', () => asked.destroy(new Error('no answer within 60 s')));
    asked.once('error', reject);
    asked.once('response', async (response) => {
      try {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      } catch (error) {
        reject(error);
      }
    });
  });
  if (body) await pipeline(body, asked);
  else asked.end();
  return await answered;
}

function refused(doing: string, answer: Answer): LabError {
  return new LabError(`${doing}: the registry answered ${answer.status}: ${answer.body.slice(0, 500)}`);
}
