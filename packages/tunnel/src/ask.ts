import type { Tunnel } from './accept-tunnel.ts';
import type { HostFacts, HostLoad, NewCertificate } from './protocol.ts';

/** Each asks the agent one thing and checks its answer; failures are `TunnelError`s, `refused` when the agent said no. */
export function askFacts(_tunnel: Tunnel, _signal?: AbortSignal): Promise<HostFacts> {
  throw new Error('to come');
}

export function askLoad(_tunnel: Tunnel, _signal?: AbortSignal): Promise<HostLoad> {
  throw new Error('to come');
}

/** The agent's new certificate request in PEM, signed with the key of its present certificate. */
export function askRenewal(_tunnel: Tunnel, _signal?: AbortSignal): Promise<string> {
  throw new Error('to come');
}

/** Resolves once the agent has the certificate on disk. */
export function giveCertificate(_tunnel: Tunnel, _given: NewCertificate, _signal?: AbortSignal): Promise<void> {
  throw new Error('to come');
}

export interface AgentBuild {
  readonly software: string;
  readonly bytes: Uint8Array;
}

/** Resolves once the agent has the build, checked; it then ends this tunnel and comes back as the new one, or as the old one. */
export function sendUpgrade(_tunnel: Tunnel, _build: AgentBuild, _signal?: AbortSignal): Promise<void> {
  throw new Error('to come');
}
