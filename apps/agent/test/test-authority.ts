import 'reflect-metadata';
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { publicKeyFingerprint, serverCertificateName } from '@drover/tunnel';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  Pkcs10CertificateRequest,
  PublicKey,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

interface Holds {
  readonly from?: Date;
  readonly to?: Date;
}

/** A certificate authority for tests, as a server has one. */
export class TestAuthority {
  readonly certificate: string;
  readonly fingerprint: string;
  readonly #key: KeyObject;

  private constructor(key: KeyObject, certificate: string) {
    this.#key = key;
    this.certificate = certificate;
    this.fingerprint = publicKeyFingerprint(certificate);
  }

  static async make(): Promise<TestAuthority> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=Drover test authority',
      ...holding({}),
      keys: { privateKey: signKey(privateKey), publicKey: publicKey.toCryptoKey(algorithm, true, ['verify']) },
      signingAlgorithm: signing,
      extensions: [new BasicConstraintsExtension(true, 1, true)],
    });
    return new TestAuthority(privateKey, certificate.toString('pem'));
  }

  /** A server's certificate (with this authority's behind it) and key, in PEM. */
  async server(holds: Holds = {}, name = serverCertificateName): Promise<{ cert: string; key: string }> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = new PublicKey(publicKey.export({ type: 'spki', format: 'der' }));
    const leaf = await this.#sign('CN=drover-server', spki, holds, [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
    ]);
    return { cert: `${leaf}\n${this.certificate}`, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
  }

  /** The certificate that a request is answered with. */
  async agent(csr: string, hostId: string, holds: Holds = {}): Promise<string> {
    const request = new Pkcs10CertificateRequest(csr);
    if (!(await request.verify())) throw new Error('the request is not signed with its key');
    const extensions = [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])];
    return this.#sign(`CN=${hostId}`, request.publicKey, holds, extensions);
  }

  async #sign(subject: string, publicKey: PublicKey, holds: Holds, extensions: Extension[]): Promise<string> {
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: 'CN=Drover test authority',
      ...holding(holds),
      publicKey,
      signingKey: signKey(this.#key),
      signingAlgorithm: signing,
      extensions,
    });
    return certificate.toString('pem');
  }
}

function holding({ from, to }: Holds): { notBefore: Date; notAfter: Date } {
  return { notBefore: from ?? new Date(Date.now() - dayMs), notAfter: to ?? new Date(Date.now() + 30 * dayMs) };
}

function signKey(key: KeyObject) {
  return key.toCryptoKey(algorithm, true, ['sign']);
}

/** The fingerprint of the key that a certificate is for. */
export function hostFingerprint(certificate: string): string {
  return publicKeyFingerprint(new X509Certificate(certificate));
}
