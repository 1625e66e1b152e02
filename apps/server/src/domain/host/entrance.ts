/** The port that agents dial. It is open while somebody may dial in. */
export interface Entrance {
  /** Opens the port where it is closed. Throws a `Refusal` when it is switched off, and when it cannot be opened. */
  open(): Promise<OpenEntrance>;
}

export interface OpenEntrance {
  /** The address that agents dial, `https://10.0.0.1:8421`. */
  readonly url: string;
  /** SHA-256 of the port's own public key in base64, as curl pins it. */
  readonly pin: string;
  /** Why machines elsewhere may not reach it; one sentence. */
  readonly warning: string | undefined;
}
