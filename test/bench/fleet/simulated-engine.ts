import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import type { ContainerSummary } from '@drover/engine';
import { clusterInfo, nodeOf, type SimulatedHost, simulatedApiVersion } from './simulated-host.ts';

type Answer = (host: SimulatedHost, query: URLSearchParams, response: ServerResponse) => void;

/**
 * The parts of the Engine HTTP API that a server asks of a host which nobody deploys to, for any number of hosts in one process.
 * What is not here is 404, as on an engine.
 */
export class SimulatedEngines {
  readonly #hosts = new WeakMap<object, SimulatedHost>();
  readonly #http = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) =>
    this.#answer(request, response),
  );

  /** A connection to the engine of a host. */
  connect(host: SimulatedHost): Duplex {
    const [near, far] = duplexPair();
    this.#hosts.set(far, host);
    far.on('error', () => {});
    this.#http.emit('connection', far);
    return near;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const host = this.#hosts.get(request.socket);
    if (host === undefined) throw new Error('answering as an engine: the connection is of no host');
    const url = new URL(request.url ?? '/', 'http://docker');
    const path = url.pathname.replace(/^\/v1\.\d+(?=\/)/, '');
    const answer = request.method === 'GET' ? answers[path] : undefined;
    response.setHeader('Api-Version', simulatedApiVersion);
    response.setHeader('Ostype', 'linux');
    response.setHeader('Swarm', host.isManager ? 'active/manager' : 'active/worker');
    if (answer === undefined) send(response, { message: `page not found: ${request.method} ${path}` }, 404);
    else answer(host, url.searchParams, response);
  }
}

const nodeTexts = new Map<number, string>();

const answers: Readonly<Record<string, Answer>> = {
  '/_ping': (_host, _query, response) => response.end('OK'),
  '/version': (host, _query, response) =>
    send(response, {
      Version: host.info().ServerVersion,
      ApiVersion: simulatedApiVersion,
      MinAPIVersion: '1.24',
      GitCommit: 'f8215cc',
      GoVersion: 'go1.24.8',
      Os: 'linux',
      Arch: 'amd64',
      Platform: { Name: 'Docker Engine - Community' },
      Components: [],
    }),
  '/info': (host, _query, response) => send(response, host.info()),
  '/containers/json': (host, query, response) => send(response, containersOf(host, query)),
  '/events': (host, query, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    if (!passes(query, 'type', 'container')) return;
    const leave = host.listen((line) => response.write(line));
    response.once('close', leave);
  },
  '/swarm': ofManagers((_host, _query, response) =>
    send(response, { ...clusterInfo, JoinTokens: { Worker: 'SWMTKN-1-worker', Manager: 'SWMTKN-1-manager' } }),
  ),
  '/nodes': ofManagers(({ place }, _query, response) => {
    const text =
      nodeTexts.get(place.of) ?? JSON.stringify(Array.from({ length: place.of }, (_, number) => nodeOf(number)));
    nodeTexts.set(place.of, text);
    sendText(response, text);
  }),
  '/services': ofManagers(empty),
  '/tasks': ofManagers(empty),
  '/secrets': ofManagers(empty),
  '/configs': ofManagers(empty),
  '/networks': empty,
};

function empty(_host: SimulatedHost, _query: URLSearchParams, response: ServerResponse): void {
  send(response, []);
}

function ofManagers(answer: Answer): Answer {
  return (host, query, response) => {
    if (host.isManager) answer(host, query, response);
    else
      send(
        response,
        { message: 'This node is not a swarm manager. Worker nodes can not be used to view or modify cluster state.' },
        503,
      );
  };
}

function containersOf(host: SimulatedHost, query: URLSearchParams): ContainerSummary[] {
  const filters = filtersOf(query);
  const wanted = filters.id;
  const found =
    wanted === undefined
      ? [...host.containers.values()]
      : wanted.flatMap((id) => {
          const container = host.containers.get(id);
          return container === undefined ? [] : [container];
        });
  const all = query.get('all') === 'true' || query.get('all') === '1';
  return all ? found : found.filter(({ State }) => State === 'running');
}

/** Whether a filter lets a value pass; without the filter everything does. */
function passes(query: URLSearchParams, filter: string, value: string): boolean {
  const wanted = filtersOf(query)[filter];
  return wanted === undefined || wanted.includes(value);
}

/** Filters come as lists, or from older clients as objects with the values for keys. */
function filtersOf(query: URLSearchParams): Readonly<Record<string, readonly string[]>> {
  const read: unknown = JSON.parse(query.get('filters') ?? '{}');
  if (typeof read !== 'object' || read === null) throw new Error('reading the filters: they are no object');
  return Object.fromEntries(
    Object.entries(read).map(([name, values]) => [name, Array.isArray(values) ? values : Object.keys(values)]),
  );
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  sendText(response, JSON.stringify(body), status);
}

function sendText(response: ServerResponse, text: string, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
