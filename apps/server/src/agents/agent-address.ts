import { hostname, networkInterfaces } from 'node:os';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The address that agents dial: the one that is set, else that of the listener, else of this machine. */
export function agentUrl(listen: ListenAddress, agentsDial: URL | undefined, publicUrl: URL | undefined): string {
  if (agentsDial !== undefined) return agentsDial.origin;
  const host = isWildcard(listen.host) ? (publicHost(publicUrl) ?? ownAddresses()[0] ?? '127.0.0.1') : listen.host;
  return `https://${host.includes(':') ? `[${host}]` : host}:${listen.port}`;
}

/** The names and addresses that the listener's certificate bears. */
export function certificateNames(url: string, listen: ListenAddress): string[] {
  const own = isWildcard(listen.host)
    ? [...ownAddresses(), hostname(), 'localhost', '127.0.0.1', '::1']
    : [listen.host];
  const dialled = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return [...new Set([dialled, ...own].map((name) => name.toLowerCase()))];
}

export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function publicHost(publicUrl: URL | undefined): string | undefined {
  const host = publicUrl?.hostname.replace(/^\[|\]$/g, '');
  return host === undefined || host === 'localhost' || /^127\.|^::1$/.test(host) ? undefined : host;
}

/** Addresses by which other machines may reach this one, IPv4 first. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/i.test(address));
  return all.sort((a, b) => (a.family < b.family ? -1 : a.family > b.family ? 1 : 0)).map(({ address }) => address);
}
