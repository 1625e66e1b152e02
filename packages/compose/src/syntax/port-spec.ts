import { compareCodePoints } from '../tree/order.ts';
import { isIpAddress } from './ip-address.ts';

/** One container port of a short form. */
export interface PortBinding {
  readonly hostIp: string;
  readonly target: number;
  /** '' where the engine chooses. */
  readonly published: string;
  readonly protocol: string;
}

export type PortSpec =
  | { readonly ok: true; readonly bindings: readonly PortBinding[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads `[ip:][host[-host]:]container[-container][/protocol]`. Ranges of one length make a binding each, in the order of their
 * text (`10/tcp` before `9/tcp`), which the configuration hash depends on.
 */
export function parsePortSpec(spec: string): PortSpec {
  const { ip: rawIp, host, container } = splitParts(spec);
  const [port = '', protocolText = ''] = container.split('/');
  const protocol = (protocolText === '' ? 'tcp' : protocolText).toLowerCase();
  const ip = stripBrackets(rawIp);
  if (ip === undefined || (ip !== '' && !isIpAddress(ip)))
    return refuse(`${JSON.stringify(rawIp)} is not an IP address`);
  if (port === '') return refuse('it names no container port');
  const target = parseRange(port);
  if (target === undefined) return refuse(`${JSON.stringify(port)} is not a port or a range of ports`);
  const published = host === '' ? undefined : parseRange(host);
  if (host !== '' && published === undefined)
    return refuse(`${JSON.stringify(host)} is not a port or a range of ports`);
  const targets = target.end - target.start;
  const choices = published === undefined ? 0 : published.end - published.start;
  if (published !== undefined && targets !== choices && targets !== 0) {
    return refuse('the two ranges of ports differ in length');
  }
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') {
    return refuse(`${JSON.stringify(protocolText)} is not a protocol: tcp, udp and sctp are`);
  }
  const bindings: PortBinding[] = [];
  for (let offset = 0; offset <= targets; offset++) {
    bindings.push({
      hostIp: ip,
      target: target.start + offset,
      published: publishedAt(published, offset, targets === 0),
      protocol,
    });
  }
  bindings.sort((left, right) => compareCodePoints(`${left.target}/`, `${right.target}/`));
  return { ok: true, bindings };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function publishedAt(range: Range | undefined, offset: number, single: boolean): string {
  if (range === undefined) return '';
  if (single && range.start !== range.end) return `${range.start}-${range.end}`;
  return String(range.start + offset);
}

function splitParts(spec: string): { readonly ip: string; readonly host: string; readonly container: string } {
  const parts = spec.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  return { ip: parts.join(':'), host, container };
}

function stripBrackets(ip: string): string | undefined {
  if (ip.startsWith('[')) {
    const end = ip.indexOf(']');
    return end === ip.length - 1 && !ip.slice(1, end).includes('[') ? ip.slice(1, end) : undefined;
  }
  return /[:[\]]/.test(ip) ? undefined : ip;
}

function parseRange(text: string): Range | undefined {
  const parts = text.split('-');
  const start = parsePort(parts[0] ?? '');
  const end = parts.length === 1 ? start : parsePort(parts[1] ?? '');
  return start === undefined || end === undefined || end < start ? undefined : { start, end };
}

function parsePort(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return value <= 65535 ? value : undefined;
}

function refuse(reason: string): PortSpec {
  return { ok: false, reason };
}
