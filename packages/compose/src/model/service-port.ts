import type { Extensible } from './extension.ts';

export interface ServicePort extends Extensible {
  readonly name?: string;
  /** `ingress` unless the file says `host`. */
  readonly mode?: string;
  readonly host_ip?: string;
  readonly target?: number;
  /** A port, a range (`8000-9000`), or absent: the engine chooses. */
  readonly published?: string;
  readonly protocol?: string;
  readonly app_protocol?: string;
}
