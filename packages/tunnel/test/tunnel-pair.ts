import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type AgentAnswer,
  type AgentRequest,
  acceptTunnel,
  type Hello,
  paths,
  protocolRange,
  type ServedTunnel,
  serveTunnel,
  type TargetDialer,
  type Tunnel,
} from '@drover/tunnel';
import { LoopbackProxy } from './loopback-proxy.ts';

export const testHello: Hello = {
  software: '0.1.0',
  protocols: protocolRange,
  hostname: 'n1',
  bootId: 'b1',
  engineId: 'e1',
};

export interface PairOptions {
  readonly docker?: TargetDialer;
  readonly hello?: Hello;
  readonly answer?: (request: AgentRequest) => Promise<AgentAnswer>;
  readonly delayMs?: number;
  readonly pingMs?: number;
  readonly silentMs?: number;
}

/** Both ends of one tunnel over the loopback, through a proxy that can be cut. */
export interface TunnelPair {
  readonly tunnel: Tunnel;
  readonly served: ServedTunnel;
  readonly proxy: LoopbackProxy;
  /** The network connection of each end. */
  readonly serverSocket: Socket;
  readonly agentSocket: Socket;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openPair(options: PairOptions = {}): Promise<TunnelPair> {
  const listener = createServer({ noDelay: true });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const proxy = new LoopbackProxy((listener.address() as AddressInfo).port, options.delayMs);
  const agentSocket = connect({ port: await proxy.listen(), host: '127.0.0.1', noDelay: true });
  const [serverSocket] = (await once(listener, 'connection')) as [Socket];
  const { pingMs, silentMs } = options;
  const life = { ...(pingMs === undefined ? {} : { pingMs }), ...(silentMs === undefined ? {} : { silentMs }) };
  const served = serveTunnel(agentSocket, {
    docker: noEngine,
    answer: answerer(options),
    ...dockerOf(options),
    ...life,
  });
  const dispose = async () => {
    agentSocket.destroy();
    serverSocket.destroy();
    await Promise.all([served.closed, proxy.close(), closeServer(listener)]);
  };
  try {
    const tunnel = await acceptTunnel(serverSocket, life);
    return { tunnel, served, proxy, serverSocket, agentSocket, [Symbol.asyncDispose]: dispose };
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
}

function dockerOf({ docker }: PairOptions): { docker: TargetDialer } | object {
  return docker === undefined ? {} : { docker };
}

/** Answers the hello, and everything else as the test says. */
export function answerer({ hello = testHello, answer }: Pick<PairOptions, 'hello' | 'answer'>) {
  return async (request: AgentRequest): Promise<AgentAnswer> => {
    if (request.path === paths.hello) return { status: 200, body: hello };
    return answer?.(request) ?? { status: 404, body: { reason: 'path', message: 'there is no such path' } };
  };
}

export const noEngine: TargetDialer = async () => {
  throw new Error('no engine answers on the socket /var/run/docker.sock');
};

/** A TCP server in the place of an engine, and the dialer that reaches it. */
export interface FakeSocketServer {
  readonly dialer: TargetDialer;
  readonly connections: Socket[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function serveSockets(serve: (socket: Socket) => void): Promise<FakeSocketServer> {
  const connections: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.push(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    dialer: async () => {
      const socket = connect({ port, host: '127.0.0.1' });
      await once(socket, 'connect');
      return socket;
    },
    connections,
    [Symbol.asyncDispose]: async () => {
      for (const each of connections) each.destroy();
      await closeServer(server);
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

/** All that comes, as text. */
export async function textOf(stream: Duplex): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Waits until it is so, at most five seconds. */
export async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('it did not become so within five seconds');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
