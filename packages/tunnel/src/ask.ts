import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Tunnel, TunnelAnswer, TunnelRequestOptions } from './accept-tunnel.ts';
import { readHostFacts, readHostLoad, readRefusal, readRenewalAnswer } from './messages.ts';
import { type HostFacts, type HostLoad, type NewCertificate, paths, upgradeHeaders } from './protocol.ts';
import { TunnelError } from './tunnel-error.ts';

/** Facts need an engine that answers, and some take long to. */
const factsMs = 30_000;
const upgradeMs = 600_000;
const partBytes = 256 * 1024;

/** Each asks the agent one thing and checks its answer; failures are `TunnelError`s, `refused` when the agent said no. */
export async function askFacts(tunnel: Tunnel, signal?: AbortSignal): Promise<HostFacts> {
  return readHostFacts(await ask(tunnel, 'GET', paths.facts, { signal, timeoutMs: factsMs }));
}

export async function askLoad(tunnel: Tunnel, signal?: AbortSignal): Promise<HostLoad> {
  return readHostLoad(await ask(tunnel, 'GET', paths.load, { signal }));
}

/** Lines that tell what changes among the host's containers, or `undefined` where the agent is too old for that. The signal ends it. */
export async function askChanges(tunnel: Tunnel, signal: AbortSignal): Promise<Readable | undefined> {
  return await tunnel.open(paths.changes, signal);
}

/** The agent's new certificate request in PEM, signed with the key of its present certificate. */
export async function askRenewal(tunnel: Tunnel, signal?: AbortSignal): Promise<string> {
  return readRenewalAnswer(await ask(tunnel, 'POST', paths.renew, { signal })).csr;
}

/** Resolves once the agent has the certificate on disk. */
export async function giveCertificate(tunnel: Tunnel, given: NewCertificate, signal?: AbortSignal): Promise<void> {
  await ask(tunnel, 'PUT', paths.certificate, { body: given, signal });
}

export interface AgentBuild {
  readonly software: string;
  readonly bytes: Uint8Array;
}

/** Resolves once the agent has the build, checked; it then ends this tunnel and comes back as the new one, or as the old one. */
export async function sendUpgrade(
  tunnel: Tunnel,
  { software, bytes }: AgentBuild,
  signal?: AbortSignal,
): Promise<void> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const headers = { [upgradeHeaders.software]: software, [upgradeHeaders.sha256]: sha256 };
  await ask(tunnel, 'PUT', paths.upgrade, { stream: inParts(bytes), headers, signal, timeoutMs: upgradeMs });
}

async function ask(tunnel: Tunnel, method: string, path: string, options: TunnelRequestOptions): Promise<unknown> {
  const answer = await tunnel.request(method, path, options);
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw refusalOf(`asking the agent of ${tunnel.hello.hostname} to ${method} ${path}`, answer);
}

function refusalOf(doing: string, { status, body }: TunnelAnswer): TunnelError {
  try {
    const { reason, message } = readRefusal(body);
    return new TunnelError('refused', `${doing}: ${message}`, { reason });
  } catch {
    return new TunnelError('refused', `${doing}: it answered with status ${status}`);
  }
}

async function* inParts(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += partBytes) yield bytes.subarray(at, at + partBytes);
}
