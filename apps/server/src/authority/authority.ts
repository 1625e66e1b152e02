import { createPublicKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { serverCertificateName } from '@drover/tunnel';
import { type HostAuthority, hostUri } from '../domain/host/host-authority.ts';
import type { Signer } from './certificate.ts';
import { keyFingerprint, keyPin } from './fingerprint.ts';
import type { SecretStore } from './secret-store.ts';

/** What the listener shows to whoever connects. */
export interface ListenerIdentity {
  /** PKCS #8 in PEM; the same for as long as the store lives, so that a pasted line keeps its pin. */
  readonly key: string;
  /** The listener's certificate and the authority's behind it, in PEM. */
  readonly chain: string;
  /** SHA-256 of the listener's public key in base64. */
  readonly pin: string;
  readonly expiresAt: Date;
}

interface StoredAuthority {
  readonly key: string;
  readonly certificate: string;
  readonly listenerKey: string;
  readonly listenerCertificate?: string;
}

const dayMs = 24 * 3_600_000;
/** Agents pin the authority's key; its certificate only has to outlive every other. */
const authorityDays = 20 * 365;
const listenerDays = 90;
const renewListenerDays = 30;
const hostDays = 30;

const secretName = 'authority';

// The library takes tens of milliseconds to load, which a server without hosts need not spend.
const certificates = () => import('./certificate.ts');

/**
 * The server's own authority. It signs the certificates of hosts and of the listener that agents dial, and nothing else.
 *
 * INVARIANTS: its keys are in the sealed store before anybody is told of them, and leave it only to sign and to listen; the
 * authority's key and the listener's key never change, as agents and pasted lines pin them.
 */
export class Authority implements HostAuthority {
  readonly #secrets: SecretStore;
  readonly #now: () => Date;
  #stored: StoredAuthority;
  #signer: Promise<Signer> | undefined;

  private constructor(secrets: SecretStore, now: () => Date, stored: StoredAuthority) {
    this.#secrets = secrets;
    this.#now = now;
    this.#stored = stored;
  }

  /** Reads the authority from the store; makes it where there is none. */
  static async open(secrets: SecretStore, now: () => Date = () => new Date()): Promise<Authority> {
    const known = await secrets.read<StoredAuthority>(secretName);
    if (known !== undefined) return new Authority(secrets, now, known);
    const { makeKey, makeAuthorityCertificate } = await certificates();
    const key = await makeKey();
    const stored = {
      key,
      certificate: await makeAuthorityCertificate(key, 'Drover hosts', { from: now(), days: authorityDays }),
      listenerKey: await makeKey(),
    };
    await secrets.write(secretName, stored);
    return new Authority(secrets, now, stored);
  }

  /** SHA-256 of the authority's public key, `sha256:` and hex; what agents pin. */
  get fingerprint(): string {
    return keyFingerprint(this.#stored.key);
  }

  get certificate(): string {
    return this.#stored.certificate;
  }

  /** SHA-256 of the listener's public key in base64. */
  get listenerPin(): string {
    return keyPin(this.#stored.listenerKey);
  }

  /** The listener's certificate for these names and addresses; a new one when it ends soon or bears other names. */
  async listenerIdentity(names: readonly string[]): Promise<ListenerIdentity> {
    const wanted = [...new Set([...names, serverCertificateName])].sort();
    const current = this.#stored.listenerCertificate;
    if (current === undefined || !this.#stillServes(new X509Certificate(current), wanted)) await this.#renew(wanted);
    const { listenerKey, listenerCertificate = '', certificate } = this.#stored;
    return {
      key: listenerKey,
      chain: `${listenerCertificate.trim()}\n${certificate.trim()}\n`,
      pin: this.listenerPin,
      expiresAt: new X509Certificate(listenerCertificate).validToDate,
    };
  }

  async signHost(request: string, hostId: string): Promise<string> {
    const { makeLeafCertificate, readRequest } = await certificates();
    const publicKey = await readRequest(request);
    return await makeLeafCertificate({
      authority: await this.#reads(),
      publicKey,
      commonName: `Drover host ${hostId}`,
      use: 'client',
      names: [{ type: 'url', value: `${hostUri}${hostId}` }],
      validity: { from: this.#now(), days: hostDays },
    });
  }

  async readRequest(request: string): Promise<string> {
    const { readRequest } = await certificates();
    return keyFingerprint(await readRequest(request));
  }

  #reads(): Promise<Signer> {
    this.#signer ??= certificates().then(({ readSigner }) => readSigner(this.#stored));
    return this.#signer;
  }

  #stillServes(certificate: X509Certificate, names: readonly string[]): boolean {
    const left = certificate.validToDate.getTime() - this.#now().getTime();
    return left > renewListenerDays * dayMs && namesOf(certificate).join() === names.join();
  }

  async #renew(names: readonly string[]): Promise<void> {
    const { makeLeafCertificate } = await certificates();
    const listenerCertificate = await makeLeafCertificate({
      authority: await this.#reads(),
      publicKey: createPublicKey(this.#stored.listenerKey),
      commonName: 'Drover',
      use: 'server',
      names: names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      validity: { from: this.#now(), days: listenerDays },
    });
    this.#stored = { ...this.#stored, listenerCertificate };
    await this.#secrets.write(secretName, this.#stored);
  }
}

/** The names and addresses that a certificate bears, in the form that they were asked for. */
function namesOf(certificate: X509Certificate): string[] {
  const names = (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [, kind, value = ''] = /^(DNS|IP Address):(.*)$/.exec(entry) ?? [];
    return kind === undefined ? [] : [kind === 'DNS' ? value : canonicalAddress(value)];
  });
  return names.sort();
}

/** Node prints IPv6 addresses of certificates in long form. */
function canonicalAddress(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
}
