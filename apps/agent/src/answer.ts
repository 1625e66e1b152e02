import { hostname } from 'node:os';
import { changeLines, type Engine } from '@drover/engine';
import type { NewCertificate } from '@drover/tunnel';
import {
  type AgentAnswer,
  type AgentRequest,
  type Hello,
  paths,
  protocolRange,
  readNewCertificate,
  TunnelError,
  upgradeHeaders,
} from '@drover/tunnel';
import { requestCertificate } from './certificate-request.ts';
import type { LoadMeter } from './load-meter.ts';
import type { Machine } from './machine.ts';
import type { Software } from './software.ts';

export interface AnswerParts {
  readonly engine: Engine;
  readonly machine: Machine;
  readonly meter: LoadMeter;
  readonly software: Software;
  readonly version: string;
  readonly bootId: string;
  readonly key: string;
  readonly keepCertificate: (given: NewCertificate) => Promise<void>;
  /** The program at that path takes this one's place. */
  readonly handOver: (path: string) => void;
}

/** The agent's own API: every request that the server may make of it. */
export function createAnswer(parts: AnswerParts): (request: AgentRequest) => Promise<AgentAnswer> {
  const routes: Readonly<Record<string, (request: AgentRequest) => Promise<AgentAnswer>>> = {
    [`GET ${paths.hello}`]: async () => ({ status: 200, body: hello(parts) }),
    [`GET ${paths.facts}`]: async ({ signal }) => ({ status: 200, body: await parts.machine.facts(signal) }),
    [`GET ${paths.load}`]: async () => ({ status: 200, body: await parts.meter.measure(parts.machine.diskPaths) }),
    [`GET ${paths.changes}`]: async ({ signal }) => ({ status: 200, stream: changeLines(parts.engine, { signal }) }),
    [`POST ${paths.renew}`]: async () => ({ status: 200, body: { csr: await requestCertificate(parts.key) } }),
    [`PUT ${paths.certificate}`]: async (request) => {
      await parts.keepCertificate(readNewCertificate(await request.json()));
      return { status: 204 };
    },
    [`PUT ${paths.upgrade}`]: (request) => upgrade(parts, request),
  };
  return async (request) => {
    const route = routes[`${request.method} ${request.path}`];
    if (route !== undefined) return route(request);
    const message = `this agent (${parts.version}) does not know ${request.method} ${request.path}`;
    return { status: 404, body: { reason: 'path', message } };
  };
}

function hello({ machine, version, bootId }: AnswerParts): Hello {
  const { engineId } = machine;
  return {
    software: version,
    protocols: protocolRange,
    hostname: hostname(),
    bootId,
    ...(engineId === undefined ? {} : { engineId }),
  };
}

async function upgrade({ software, handOver }: AnswerParts, { headers, stream }: AgentRequest): Promise<AgentAnswer> {
  const sha256 = headers[upgradeHeaders.sha256];
  if (typeof sha256 !== 'string') throw new TunnelError('message', 'upgrading the agent: its SHA-256 is missing');
  const path = await software.receive(sha256, stream.iterator({ destroyOnReturn: false }));
  return { status: 202, afterwards: () => handOver(path) };
}
