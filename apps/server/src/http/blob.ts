import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Domain } from '../domain/domain.ts';
import type { RouteMatch } from './route-table.ts';
import type { Api } from './router.ts';

export function blobRoutes({ blobs }: Api, domain: Domain) {
  return {
    missing: blobs.missing.handler(async ({ input }) => ({ missing: await domain.blobs.missing(input.sha256) })),
  };
}

/** Takes the body of a request in as a blob, as it comes. */
export async function uploadBlob(
  domain: Domain,
  request: IncomingMessage,
  response: ServerResponse,
  { parameters }: RouteMatch,
): Promise<void> {
  const length = request.headers['content-length'];
  await domain.blobs.put(parameters.get('sha256') ?? '', request, length === undefined ? undefined : Number(length));
  response.writeHead(204).end();
}
