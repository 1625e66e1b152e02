import { isIP } from 'node:net';

export interface OriginRules {
  /** The listener's address; a wildcard accepts whichever address a connection came in on. */
  readonly listenHost: string;
  /** The address that people use, where a proxy stands in front. */
  readonly publicUrl: URL | undefined;
}

export interface OriginRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The address that the connection came in on. */
  readonly localAddress: string | undefined;
}

/**
 * Why a request is refused for where it says it goes to, or comes from; undefined when it is good. A page of another site that
 * made its own name resolve to this machine (DNS rebinding) still sends that name as `Host`, and its own `Origin`.
 */
export function originRefusal(rules: OriginRules, request: OriginRequest): string | undefined {
  const host = parseHost(request.host);
  if (host === undefined) return 'the Host header is missing or is no host';
  if (!isOwnHost(rules, host.hostname, request.localAddress))
    return `the Host header names ${host.hostname}, which is not this Drover; set DROVER_URL if it is reached by that name`;
  if (request.origin === undefined) return undefined;
  const origin = URL.parse(request.origin);
  const own = origin !== null && /^https?:$/.test(origin.protocol) && origin.host === host.host;
  const front = rules.publicUrl !== undefined && origin?.origin === rules.publicUrl.origin;
  return own || front ? undefined : 'the request comes from a page of another origin';
}

function parseHost(text: string | undefined): URL | undefined {
  if (text === undefined || !/^[A-Za-z0-9.:[\]_-]+$/.test(text)) return undefined;
  return URL.parse(`http://${text}/`) ?? undefined;
}

function isOwnHost(rules: OriginRules, hostname: string, localAddress: string | undefined): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name)) return true;
  if (name === rules.publicUrl?.hostname.replace(/^\[|\]$/g, '').toLowerCase()) return true;
  if (name === rules.listenHost) return true;
  const local = localAddress?.replace(/^::ffff:/, '');
  return isIP(name) !== 0 && isWildcard(rules.listenHost) && name === local;
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
