import { X509Certificate } from 'node:crypto';
import { askRenewal, giveCertificate, type Tunnel } from '@drover/tunnel';
import { Refusal } from '../refusal.ts';
import type { HostAuthority } from './host-authority.ts';
import type { HostRecord } from './host-store.ts';

/** A certificate of 30 days is renewed after 20. */
const renewBeforeMs = 10 * 24 * 3_600_000;

/** Whether a host's certificate is to be renewed now. */
export function isRenewalDue({ certificateExpiresAt }: HostRecord, now: Date): boolean {
  return Date.parse(certificateExpiresAt) - now.getTime() <= renewBeforeMs;
}

/** Gives the host a new certificate for the key that it has; resolves with the time of its end once the agent keeps it. */
export async function renewCertificate(host: HostRecord, tunnel: Tunnel, authority: HostAuthority): Promise<string> {
  const request = await askRenewal(tunnel);
  if ((await authority.readRequest(request)) !== host.keyFingerprint)
    throw new Refusal('forbidden', `renewing the certificate of ${host.name}: its agent asks for one with another key`);
  const signed = await signHostCertificate(authority, request, host.id);
  await giveCertificate(tunnel, { certificate: signed.certificate, authority: authority.certificate });
  return signed.expiresAt;
}

/** A host's certificate with the authority's behind it, in PEM, and when it ends. */
export async function signHostCertificate(
  authority: HostAuthority,
  request: string,
  hostId: string,
): Promise<{ readonly certificate: string; readonly expiresAt: string }> {
  const certificate = await authority.signHost(request, hostId);
  return {
    certificate: `${certificate.trim()}\n${authority.certificate.trim()}\n`,
    expiresAt: new X509Certificate(certificate).validToDate.toISOString(),
  };
}
