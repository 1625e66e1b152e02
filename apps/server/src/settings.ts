import { isIP } from 'node:net';
import { DroverError } from '@drover/base';
import { defaultDataFolder } from './data-folder.ts';

export interface Settings {
  readonly dataDir: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Where agents dial in; undefined when they may not. */
  readonly agentListen: { readonly host: string; readonly port: number } | undefined;
  /** The address that agents dial, where it is another than the listener's. */
  readonly agentUrl: URL | undefined;
  /** The agent as one file, where it is not made from the installation. */
  readonly agentBundle: string | undefined;
  /** The address that people use, where it is another than the listener's. */
  readonly publicUrl: URL | undefined;
  /** The folder of the built web UI. */
  readonly webDir: string | undefined;
  readonly dockerHost: string;
  readonly printLink: boolean;
  readonly logLevel: string;
  /** How long a deployment that was cut off waits, after a start, for an engine that starts too. */
  readonly engineWaitMs: number;
  /** Where the log goes instead of standard error. */
  readonly logFile: string | undefined;
}

/** A setting from outside makes no sense. */
export class SettingsError extends DroverError {
  readonly code = 'settings';
}

const defaultListen = '127.0.0.1:8420';
const defaultAgentListen = '127.0.0.1:8421';

/** Reads the settings from environment variables. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const listen = parseListen('DROVER_LISTEN', environment.DROVER_LISTEN, defaultListen);
  if (!isLoopback(listen.host) && environment.DROVER_INSECURE !== '1')
    throw new SettingsError(
      `reading DROVER_LISTEN: ${listen.host} can be reached from other machines, and Drover does not speak TLS there; listen on 127.0.0.1 behind a proxy with TLS, or set DROVER_INSECURE=1`,
    );
  return {
    dataDir: environment.DROVER_DATA || defaultDataFolder(),
    listen,
    agentListen:
      environment.DROVER_AGENT_LISTEN === 'off'
        ? undefined
        : parseListen('DROVER_AGENT_LISTEN', environment.DROVER_AGENT_LISTEN, defaultAgentListen),
    agentUrl: parseUrl('DROVER_AGENT_URL', environment.DROVER_AGENT_URL, ['https:']),
    agentBundle: environment.DROVER_AGENT_BUNDLE || undefined,
    publicUrl: parseUrl('DROVER_URL', environment.DROVER_URL, ['http:', 'https:']),
    webDir: environment.DROVER_WEB_DIR || undefined,
    dockerHost: environment.DOCKER_HOST || 'unix:///var/run/docker.sock',
    printLink: environment.DROVER_PRINT_LINK === '1',
    logLevel: environment.DROVER_LOG || 'info',
    engineWaitMs: 1000 * Number(environment.DROVER_ENGINE_WAIT || 60) || 0,
    logFile: environment.DROVER_LOG_FILE || undefined,
  };
}

function parseListen(name: string, value: string | undefined, standard: string): { host: string; port: number } {
  const text = value || standard;
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined || Number(port) > 65535)
    throw new SettingsError(`reading ${name}: "${text}" is not address:port, such as ${standard}`);
  if (host !== 'localhost' && isIP(host) === 0)
    throw new SettingsError(`reading ${name}: "${host}" is neither an IP address nor localhost`);
  return { host, port: Number(port) };
}

function parseUrl(name: string, text: string | undefined, protocols: readonly string[]): URL | undefined {
  if (!text) return undefined;
  const url = URL.parse(text);
  if (url === null || !protocols.includes(url.protocol))
    throw new SettingsError(
      `reading ${name}: "${text}" is not an ${protocols.map((each) => each.slice(0, -1)).join(' or ')} address`,
    );
  return url;
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
