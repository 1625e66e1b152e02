import { contract, listRoutes } from '@drover/contract';
import { rawRoutes } from '@drover/contract/raw';

let made: Promise<object> | undefined;

/** The OpenAPI document of the whole API, those routes too whose bodies are bytes. Made when it is first asked for. */
export function openApiDocument(version: string): Promise<object> {
  made ??= make(version);
  return made;
}

async function make(version: string): Promise<object> {
  // Only this needs the generator; a server that nobody asks does without its memory.
  const [{ OpenAPIGenerator }, { ZodToJsonSchemaConverter }] = await Promise.all([
    import('@orpc/openapi'),
    import('@orpc/zod/zod4'),
  ]);
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: { title: 'Drover', version, description: 'Deploys Compose applications on Docker Engines.' },
    servers: [
      { url: '/api', description: 'The server, and its environment "local"' },
      {
        url: '/api/environments/{environment}',
        description: 'One environment; routes of the whole server are not below it',
        variables: { environment: { default: 'local', description: 'The name of the environment' } },
      },
    ],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });
  const paths: Record<string, object | undefined> = { ...document.paths };
  const exchange = document.paths?.['/session']?.post;
  if (exchange !== undefined) exchange.security = [];
  for (const [name, route] of Object.entries(rawRoutes))
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describeRaw(name, route) };
  paths['/openapi.json'] = {
    get: {
      operationId: 'openapi',
      summary: 'This document',
      servers: [serverOnly],
      responses: { 200: { description: 'OK' } },
    },
  };
  for (const { path, method, scope } of listRoutes()) {
    const operations = paths[path] as Record<string, { servers?: object[] } | undefined> | undefined;
    const operation = operations?.[method.toLowerCase()];
    if (scope === 'server' && operation !== undefined) operation.servers = [serverOnly];
  }
  return { ...document, paths };
}

/** Where routes of the whole server are: they have no second address. */
const serverOnly = { url: '/api' };

function describeRaw(name: string, route: (typeof rawRoutes)[keyof typeof rawRoutes]): object {
  const parameters = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, parameter]) => ({
    name: parameter,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  if (route.kind === 'text') {
    return {
      operationId: name,
      summary: 'Every container of the environment in a few words',
      responses: { 200: { description: 'OK', content: { 'application/json': {} } } },
    };
  }
  if (route.kind === 'upload') {
    return {
      operationId: name,
      summary: 'Upload a file of a bundle under its SHA-256',
      parameters,
      requestBody: { required: true, content: { 'application/octet-stream': {} } },
      responses: {
        204: { description: 'It is stored' },
        422: { description: 'The bytes are not those of the digest' },
      },
    };
  }
  return {
    operationId: name,
    summary: `A WebSocket: ${name} in a container. It takes a single-use ticket instead of the bearer token`,
    parameters: [...parameters, { name: 'ticket', in: 'query', required: true, schema: { type: 'string' } }],
    security: [],
    responses: { 101: { description: 'The connection is a WebSocket now' } },
  };
}
