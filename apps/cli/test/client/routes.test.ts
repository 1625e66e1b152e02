import { contract } from '@drover/contract';
import {
  StandardBracketNotationSerializer,
  StandardOpenAPIJsonSerializer,
  StandardOpenAPISerializer,
  StandardOpenapiLinkCodec,
} from '@orpc/openapi-client/standard';
import { expect, test } from 'vitest';
import { encodeCall } from '../../src/client/encode.ts';
import { routes } from '../../src/client/routes.ts';

const codec = new StandardOpenapiLinkCodec(
  contract,
  new StandardOpenAPISerializer(new StandardOpenAPIJsonSerializer(), new StandardBracketNotationSerializer()),
  { url: 'http://drover/api' },
);

/** Something for every kind of parameter: path, query or body, lists, values to escape. */
const input = {
  name: 'a/b?c',
  id: 'x y',
  server: 'https://index.docker.io/v1/',
  variable: 'V',
  revision: 3,
  services: ['web', 'db & co'],
  follow: true,
  tail: 5,
  since: '2026-01-01T00:00:00Z',
  environment: { A: '1', 'B C': '' },
};
const names = Object.entries(routes).flatMap(([resource, procedures]) =>
  Object.keys(procedures).map((name) => [resource, name] as const),
);

test.each(names)('%s.%s is encoded as oRPC encodes it', async (resource, name) => {
  for (const given of [input, { name: 'n', id: 'i', server: 's', variable: 'v', revision: 1 }]) {
    const expected = await codec.encode([resource, name], given, { context: {} });
    const made = encodeCall([resource, name], given);
    const url = new URL(`http://drover/api${made.path}`);
    expect([made.method, url.pathname]).toEqual([expected.method, expected.url.pathname]);
    expect([...url.searchParams]).toEqual([...expected.url.searchParams]);
    expect(made.body === undefined ? undefined : JSON.parse(made.body)).toEqual(expected.body);
  }
});
