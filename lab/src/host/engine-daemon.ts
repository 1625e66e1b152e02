import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface EngineDaemonPlan {
  readonly address: string;
  readonly socketPath: string;
  readonly mirrorUrl: string;
  /** The addresses whose registries speak plain HTTP, as a subnet. */
  readonly insecureRegistries: string;
}

/** The log of the engine inside a host. */
export const engineLogPath = '/var/log/dockerd.log';

/** The port on which every engine of a lab listens, without TLS, on its host's address. */
export const enginePort = 2375;

/** What every engine of a lab is started with, besides the socket that programs in its host use. */
export function engineOptions(plan: EngineDaemonPlan): string[] {
  return [
    `--host=unix://${plan.socketPath}`,
    `--host=tcp://${plan.address}:${enginePort}`,
    '--tls=false',
    '--experimental',
    `--registry-mirror=${plan.mirrorUrl}`,
    `--insecure-registry=${plan.insecureRegistries}`,
  ];
}

/** The arguments that start `dockerd` inside a host so that it stays there when the caller ends. */
export function engineStartArguments(plan: EngineDaemonPlan): string[] {
  return [
    ...['setsid', '--fork', 'sh', '-c', `exec "$@" >>${engineLogPath} 2>&1 </dev/null`, 'sh'],
    'dockerd',
    '--host=unix:///var/run/docker.sock',
    ...engineOptions(plan),
  ];
}

/** Resolves with true once the engine answers on its socket, with false when it has not by then or `alive` says no. */
export async function engineAnswers(
  socketPath: string,
  timeoutMs: number,
  alive: () => boolean,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && alive()) {
    signal?.throwIfAborted();
    if (await ping(socketPath)) return true;
    await sleep(50);
  }
  return false;
}

function ping(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', timeout: 2000, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
      response.once('error', () => resolve(false));
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false));
    asked.end();
  });
}
