/** What a host's certificate names: this, and the host's id behind it. */
export const hostUri = 'drover:host/';

/** Who signs the certificates of hosts. */
export interface HostAuthority {
  /** SHA-256 of the authority's public key, `sha256:` and hex; what a pasted line pins. */
  readonly fingerprint: string;
  /** Its certificate in PEM. */
  readonly certificate: string;
  /** The fingerprint of the key that a certificate request is signed with; throws a `Refusal` for what is no request. */
  readRequest(request: string): Promise<string>;
  /** A client certificate in PEM for the key of the request. It names this host alone and is good for 30 days. */
  signHost(request: string, hostId: string): Promise<string>;
}
