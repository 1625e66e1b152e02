/** A port of a container as the engine tells it. */
export type PublishedPort = {
  /** What to show: `8080`, `127.0.0.1:5432`, `53/udp`. */
  readonly words: string;
  /** Where a browser would find it, when it may speak HTTP. */
  readonly href?: string;
  readonly inside: string;
};

const pattern = /^(.*):(\d+)->(\d+)\/(\w+)$/;
const loopback = /^(127\.|\[::1\])/;
const everywhere = new Set(['0.0.0.0', '[::]', '']);

/**
 * The published ports among the engine's texts (`0.0.0.0:8080->80/tcp`), each once, though it is listed for IPv4 and IPv6.
 * `host` is the name under which the browser reaches the machine that they are on; where that is not known, only a port with an address
 * of its own leads somewhere.
 */
export function publishedPorts(ports: readonly string[], host: string | undefined): readonly PublishedPort[] {
  const found = new Map<string, PublishedPort>();
  for (const port of ports) {
    const [, address = '', published = '', inside = '', protocol = ''] = pattern.exec(port) ?? [];
    if (published === '') continue;
    const open = everywhere.has(address);
    const words = `${open ? '' : `${address}:`}${published}${protocol === 'tcp' ? '' : `/${protocol}`}`;
    const reachable = open || (host === undefined && loopback.test(address)) ? host : address;
    found.set(words, {
      words,
      inside: `${inside}/${protocol}`,
      ...(protocol === 'tcp' && reachable !== undefined ? { href: `http://${reachable}:${published}` } : {}),
    });
  }
  return [...found.values()].sort((one, other) => Number.parseInt(one.words, 10) - Number.parseInt(other.words, 10));
}
