import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isTunnelError, largestMessage, paths, readJoinRequest } from '@drover/tunnel';
import type { Authority } from '../authority/authority.ts';
import { FailureLimit } from '../domain/failure-limit.ts';
import type { Hosts } from '../domain/host/hosts.ts';
import type { Log } from '../domain/log.ts';
import { Refusal } from '../domain/refusal.ts';
import { readJsonBody } from '../http/body.ts';
import { toHttpError } from '../http/error.ts';
import type { AgentFile } from './agent-files.ts';
import { installScript } from './install-script.ts';

/** What a machine downloads to become a host. */
export interface AgentDownloads {
  /** The version of the agent. */
  readonly software: string;
  /** Files by the name that they are downloaded by; makes those that are made on demand. */
  files(): Promise<ReadonlyMap<string, AgentFile>>;
  /** The agent as an image for `docker load`, if there is one for the architecture. */
  image(architecture: string): Promise<AgentFile | undefined>;
}

export interface AgentHandlerOptions {
  readonly url: string;
  readonly authority: Authority;
  readonly hosts: Hosts;
  readonly downloads: AgentDownloads;
  readonly log: Log;
}

const mostDownloads = 32;
/** Wrong tokens from one address in a minute, after which it is told to wait. */
const wrongTokens = { most: 20, windowMs: 60_000 };

/** Answers what comes without a tunnel: joining, the script of the pasted line, and what it downloads. */
export function createAgentHandler(options: AgentHandlerOptions): RequestListener {
  const { log } = options;
  const guesses = new FailureLimit({ ...wrongTokens, now: () => Date.now() });
  const downloading = { count: 0 };
  const report = (bug: unknown) => log.error({ err: bug }, 'a request of an agent failed by a bug');
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const answer = async () => {
      if (path === paths.join && request.method === 'POST') return await join(options, guesses, request, response);
      if (request.method !== 'GET' && request.method !== 'HEAD')
        throw new Refusal('invalid', `there is no ${request.method} ${path} on the port of agents`);
      if (path === '/install') return await sendScript(options, response);
      if (path.startsWith('/agent/')) return await sendFile(options, downloading, path.slice(7), request, response);
      throw new Refusal('not-found', `there is no ${path} on the port of agents`);
    };
    answer().catch((error) => sendRefusal(response, isTunnelError(error, 'message') ? invalid(error) : error, report));
  };
}

function invalid(error: Error): Refusal {
  return new Refusal('invalid', error.message);
}

async function join(
  { hosts }: AgentHandlerOptions,
  guesses: FailureLimit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const address = request.socket.remoteAddress ?? 'unknown';
  const wanted = readJoinRequest(await readJsonBody(request, largestMessage));
  try {
    sendJson(response, 200, await hosts.join(wanted, address));
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'unauthenticated') throw error;
    const tooMany = guesses.exceeded(address);
    guesses.record(address);
    if (tooMany) throw new Refusal('too-many', 'joining: too many wrong tokens came from here; wait a minute');
    throw error;
  }
}

async function sendScript({ url, authority, downloads }: AgentHandlerOptions, response: ServerResponse) {
  const files = await downloads.files();
  const text = installScript({
    url,
    pin: authority.listenerPin,
    authority: authority.fingerprint,
    software: downloads.software,
    files: new Map([...files].map(([name, { sha256 }]) => [name, sha256])),
  });
  response.writeHead(200, {
    'content-type': 'text/x-shellscript; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function sendFile(
  { downloads }: AgentHandlerOptions,
  downloading: { count: number },
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, architecture] = /^image-([a-z0-9]+)\.tar$/.exec(name) ?? [];
  const file = architecture === undefined ? (await downloads.files()).get(name) : await downloads.image(architecture);
  if (file === undefined)
    throw new Refusal('not-found', `this server has no ${JSON.stringify(name.slice(0, 80))} for agents`);
  if (downloading.count >= mostDownloads) {
    response.setHeader('retry-after', '5');
    throw new Refusal('stopping', `${mostDownloads} machines download already; try again in a moment`);
  }
  downloading.count += 1;
  try {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.size });
    if (request.method === 'HEAD') response.end();
    else await pipeline(file.open(), response).catch(() => response.destroy());
  } finally {
    downloading.count -= 1;
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function sendRefusal(response: ServerResponse, thrown: unknown, report: (bug: unknown) => void): void {
  const error = toHttpError(thrown, report);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (!response.req.complete) response.setHeader('connection', 'close');
  sendJson(response, error.status, { reason: error.data.reason, message: error.message });
}
