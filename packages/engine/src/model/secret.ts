import type { ConfigId, SecretId } from '@drover/base';
import type { DriverSpec, SwarmObject } from './swarm.ts';
import type { StringMap, Wire } from './wire.ts';

/** A secret as it is created. Only its labels can change later. */
export type SecretSpec = { readonly Name: string } & Wire<{
  Labels: StringMap;
  /** Base64 of at most 500 KiB; never in an answer. Absent with a `Driver`. */
  Data: string;
  Driver: DriverSpec;
  /** `golang` fills in the placeholders of the content for each task. */
  Templating: DriverSpec;
}>;

/** `GET /secrets/{id}`, and one line of `GET /secrets`. Its content is never shown. */
export interface SecretInspect extends SwarmObject {
  readonly ID: SecretId;
  readonly Spec: Omit<SecretSpec, 'Data'>;
}

/** A config as it is created. Only its labels can change later. */
export type ConfigSpec = { readonly Name: string } & Wire<{
  Labels: StringMap;
  /** Base64; at most 1,000 KiB (500 KiB on engines before 24). Shown by `inspect` and `list`. */
  Data: string;
  Templating: DriverSpec;
}>;

/** `GET /configs/{id}`, and one line of `GET /configs`. */
export interface ConfigInspect extends SwarmObject {
  readonly ID: ConfigId;
  readonly Spec: ConfigSpec;
}
