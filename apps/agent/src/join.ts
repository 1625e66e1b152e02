import { request as startRequest } from 'node:http';
import { messageOf } from '@drover/base';
import {
  type JoinAnswer,
  type JoinRequest,
  joinAlpn,
  largestMessage,
  parseMessage,
  paths,
  readJoinAnswer,
  readRefusal,
} from '@drover/tunnel';
import { AgentError } from './agent-error.ts';
import { requestCertificate } from './certificate-request.ts';
import type { ServerAddress } from './command-line.ts';
import type { DataFolder } from './data-folder.ts';
import { type DialOptions, dialServer } from './dial-server.ts';
import { fetchAuthority } from './first-contact.ts';
import { type Identity, keepIdentity, openKey, readIdentity } from './identity.ts';

/** Milliseconds that the server may take to answer. */
const answerMs = 30_000;

export interface JoinOptions {
  readonly server: ServerAddress;
  /** The fingerprint that the pasted line carries. */
  readonly authority: string;
  readonly token: string;
  /** What the server is told about this machine. */
  readonly machine: Omit<JoinRequest, 'token' | 'csr'>;
  readonly signal: AbortSignal;
}

/** Makes this machine a host, or repairs the one that it is: then the same key signs, and the old certificate is shown. */
export async function join(folder: DataFolder, options: JoinOptions): Promise<Identity> {
  const { server, token, machine, signal } = options;
  const key = await openKey(folder);
  const before = await readIdentity(folder).catch(() => undefined);
  const authority = await fetchAuthority(server, options.authority, signal);
  const client = before === undefined ? {} : { client: { certificate: before.certificate, key } };
  const body = { token, csr: await requestCertificate(key), ...machine } satisfies JoinRequest;
  const answer = await requestJoin({ server, alpn: joinAlpn, authority, ...client, signal }, body);
  const identity = { server, hostId: answer.hostId, certificate: answer.certificate, authority };
  await keepIdentity(folder, key, identity);
  return identity;
}

/** Asks a server for a certificate over a connection of its own. Rejects with an `AgentError` in words. */
export async function requestJoin(dial: DialOptions, body: JoinRequest): Promise<JoinAnswer> {
  const { server, signal } = dial;
  const doing = `joining ${server.host}:${server.port}`;
  const socket = await dialServer(dial);
  try {
    const { status, answer } = await exchange(socket, JSON.stringify(body), doing, signal);
    if (status === 200) return readJoinAnswer(answer);
    const { message } = readRefusal(answer);
    throw new AgentError('refused', `${doing}: ${message}`);
  } catch (thrown) {
    if (thrown instanceof AgentError) throw thrown;
    if (signal?.aborted) throw new AgentError('failure', `${doing}: it was cancelled`);
    throw new AgentError('failure', `${doing}: ${messageOf(thrown)}`, { cause: thrown });
  } finally {
    socket.destroy();
  }
}

interface Exchange {
  readonly status: number;
  readonly answer: unknown;
}

function exchange(
  socket: Awaited<ReturnType<typeof dialServer>>,
  body: string,
  doing: string,
  signal: AbortSignal | undefined,
): Promise<Exchange> {
  const timeout = AbortSignal.timeout(answerMs);
  return new Promise((resolve, reject) => {
    const request = startRequest({
      createConnection: () => socket,
      method: 'POST',
      path: paths.join,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), Connection: 'close' },
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    request.on('error', (error) => reject(timeout.aborted ? new Error('the server does not answer') : error));
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on('error', reject);
      response.on('data', (part: Buffer) => {
        length += part.length;
        if (length > largestMessage) request.destroy(new Error('the answer is too long'));
        else parts.push(part);
      });
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, answer: parseMessage(doing, Buffer.concat(parts)) });
        } catch (thrown) {
          reject(thrown);
        }
      });
    });
    request.end(body);
  });
}
