import type { StringMap, Wire } from '../wire.ts';

/** A driver of a secret, or of the templates in a secret or config. */
export type FileDriver = Wire<{ Name: string; Options: StringMap }>;

/** The body of a secret's creation, in the Engine API's spelling; `Data` is base64. It is as secret as what it holds. */
export type SecretBody = { readonly Name: string } & Wire<{
  Labels: StringMap;
  Data: string;
  Driver: FileDriver;
  Templating: FileDriver;
}>;

/** The body of a config's creation, in the Engine API's spelling; `Data` is base64. */
export type ConfigBody = { readonly Name: string } & Wire<{ Labels: StringMap; Data: string; Templating: FileDriver }>;
