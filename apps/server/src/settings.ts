import { isIP } from 'node:net';
import { DroverError } from '@drover/base';
import { defaultDataFolder } from './data-folder.ts';

export interface Settings {
  readonly dataDir: string;
  readonly listen: { readonly host: string; readonly port: number };
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

/** Reads the settings from environment variables. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const listen = parseListen(environment.DROVER_LISTEN || defaultListen);
  if (!isLoopback(listen.host) && environment.DROVER_INSECURE !== '1')
    throw new SettingsError(
      `reading DROVER_LISTEN: ${listen.host} can be reached from other machines, and Drover does not speak TLS there; listen on 127.0.0.1 behind a proxy with TLS, or set DROVER_INSECURE=1`,
    );
  return {
    dataDir: environment.DROVER_DATA || defaultDataFolder(),
    listen,
    publicUrl: parseUrl(environment.DROVER_URL),
    webDir: environment.DROVER_WEB_DIR || undefined,
    dockerHost: environment.DOCKER_HOST || 'unix:///var/run/docker.sock',
    printLink: environment.DROVER_PRINT_LINK === '1',
    logLevel: environment.DROVER_LOG || 'info',
    engineWaitMs: 1000 * Number(environment.DROVER_ENGINE_WAIT || 60) || 0,
    logFile: environment.DROVER_LOG_FILE || undefined,
  };
}

function parseListen(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined || Number(port) > 65535)
    throw new SettingsError(`reading DROVER_LISTEN: "${text}" is not address:port, such as ${defaultListen}`);
  if (host !== 'localhost' && isIP(host) === 0)
    throw new SettingsError(`reading DROVER_LISTEN: "${host}" is neither an IP address nor localhost`);
  return { host, port: Number(port) };
}

function parseUrl(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new SettingsError(`reading DROVER_URL: "${text}" is not an http or https address`);
  return url;
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
