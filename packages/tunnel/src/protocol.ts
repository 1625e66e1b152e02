/** The ALPN name by which a TLS connection to the agents' port becomes a tunnel. */
export const tunnelAlpn = 'drover-tunnel/1';

/** The ALPN name of the one request that comes without a tunnel: joining. */
export const joinAlpn = 'http/1.1';

/** Where the server waits for agents. */
export const defaultTunnelPort = 8421;

/**
 * The DNS name in the certificate of every Drover server. Agents reach servers by many addresses and trust one authority
 * only, so they ask for this name instead of the address; an agent's own certificate does not bear it.
 */
export const serverCertificateName = 'drover-server';

/** Lowest and highest version that a side speaks. */
export type ProtocolRange = readonly [lowest: number, highest: number];

/** What this build speaks. */
export const protocolRange: ProtocolRange = [1, 1];

/** Paths of requests. `join` is the server's, the others are the agent's. */
export const paths = {
  /** `POST` {@link JoinRequest} → {@link JoinAnswer}, by HTTP/1.1 with no tunnel. */
  join: '/join',
  /** `GET` → {@link Hello}. */
  hello: '/v1/hello',
  /** `PUT` `{ protocol }` → 204: the server keeps the tunnel, and this version is spoken. */
  welcome: '/v1/welcome',
  /** `GET` → {@link HostFacts}. */
  facts: '/v1/facts',
  /** `GET` → {@link HostLoad}. */
  load: '/v1/load',
  /**
   * `GET` → lines of JSON for as long as the server listens: what changes among the containers. Each is a `ContainerChange` of
   * `@drover/engine`. An agent that does not know it yet answers 404 with the reason `path`.
   */
  changes: '/v1/changes',
  /** `POST` → {@link RenewalAnswer}: a request for a new certificate. */
  renew: '/v1/renew',
  /** `PUT` {@link NewCertificate} → 204. The agent uses it from its next connection on. */
  certificate: '/v1/certificate',
  /** `PUT` the bytes of the new agent, with {@link upgradeHeaders} → 202. The agent then ends the tunnel and comes back as the new one. */
  upgrade: '/v1/upgrade',
} as const;

/** Headers of an upgrade: the SHA-256 of the bytes in hex, and the version of the software that they are. */
export const upgradeHeaders = { sha256: 'drover-sha256', software: 'drover-software' } as const;

/** The authority of a `CONNECT` that leads to the host's engine. Agents refuse every other one. */
export const dockerTarget = 'docker';

/**
 * On the answer to a `CONNECT`: `1` where the other end may stop sending and still listen. Without it an end means, as on a
 * socket of the system, that the whole connection is over, so that a kept connection is not used after it.
 */
export const halfOpenHeader = 'drover-half-open';

/** The highest version that both speak, or `undefined` where there is none. */
export function commonProtocol(ours: ProtocolRange, theirs: ProtocolRange): number | undefined {
  const highest = Math.min(ours[1], theirs[1]);
  return highest >= Math.max(ours[0], theirs[0]) ? highest : undefined;
}

/** A refusal: a word to switch on and a sentence for people. */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** What an agent sends to become a host, or to repair the host that it is. */
export interface JoinRequest {
  readonly token: string;
  /** A PKCS#10 request in PEM, signed with the key that never leaves the host. Its subject is ignored. */
  readonly csr: string;
  readonly software: string;
  readonly hostname: string;
  readonly engineId?: string;
  readonly machineId?: string;
  readonly facts?: HostFacts;
}

export interface JoinAnswer {
  readonly hostId: string;
  /** The agent's certificate in PEM, with the chain up to the authority. */
  readonly certificate: string;
  /** The authority's certificate in PEM. */
  readonly authority: string;
}

/** The first answer on every tunnel. */
export interface Hello {
  readonly software: string;
  readonly protocols: ProtocolRange;
  readonly hostname: string;
  /** Changes with every boot of the host. */
  readonly bootId: string;
  /** Absent while the engine does not answer and was never seen. */
  readonly engineId?: string;
}

export interface DiskFacts {
  readonly path: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** What the host's kernel can do, found by looking at the kernel. */
export interface KernelAbilities {
  readonly ipvs: boolean;
  readonly wireguard: boolean;
  /** IPsec's ESP: encrypted overlay networks. */
  readonly esp: boolean;
  /** The program is there and says that the kernel has what it needs. */
  readonly criu: boolean;
  readonly cgroupVersion: 1 | 2;
}

export interface EngineFacts {
  readonly id: string;
  readonly version: string;
  readonly apiVersion: string;
  /** Empty where the engine is in no Swarm. */
  readonly swarmNodeId: string;
  /** The engine's word: `inactive`, `pending`, `active`, `error`, `locked`. */
  readonly swarmState: string;
  /** Whether this node is a manager that can be asked. */
  readonly swarmManager: boolean;
}

export interface HostFacts {
  readonly hostname: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** The disk of the engine's data first. */
  readonly disks: readonly DiskFacts[];
  /** Null while the engine does not answer. */
  readonly engine: EngineFacts | null;
  /** Why `engine` is null. */
  readonly engineProblem?: string;
  /** The kernel's release. */
  readonly kernel: string;
  /** `linux`, `windows`. */
  readonly os: string;
  /** As the Engine names it: `x86_64`, `aarch64`. */
  readonly architecture: string;
  /** The distribution's own pretty name. */
  readonly distribution: string;
  readonly abilities: KernelAbilities;
}

/** How busy the host is now. */
export interface HostLoad {
  /** Of all processors together since the time before, 0 to 1. */
  readonly cpu: number;
  readonly memoryUsedBytes: number;
  readonly memoryBytes: number;
  readonly disks: readonly DiskFacts[];
}

export interface RenewalAnswer {
  /** A PKCS#10 request in PEM, signed with the key that the server knows. */
  readonly csr: string;
}

export interface NewCertificate {
  /** In PEM, with the chain up to the authority. */
  readonly certificate: string;
  /** The authority's certificate in PEM. */
  readonly authority: string;
}
