/** What the script holds of this server; see `installScript`. */
export interface ScriptValues {
  /** `https://10.0.0.1:8421`. */
  readonly url: string;
  /** SHA-256 of the listener's key in base64. */
  readonly pin: string;
  /** The fingerprint of the authority that the agent trusts from then on. */
  readonly authority: string;
  readonly software: string;
  /** SHA-256 in hex of every file that can be downloaded. */
  readonly files: ReadonlyMap<string, string>;
}

export function installScript(values: ScriptValues): string {
  return '';
}
