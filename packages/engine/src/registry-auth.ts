import type { RegistryAuth } from './model/image.ts';

/** Credentials as the header `X-Registry-Auth` carries them: JSON in base64url, padded. */
export function encodeRegistryAuth(auth: RegistryAuth): string {
  return base64url(auth);
}

/** The header of credentials, or none without them. */
export function registryAuthHeader(auth: RegistryAuth | undefined): { readonly [name: string]: string } {
  return auth === undefined ? {} : { 'X-Registry-Auth': encodeRegistryAuth(auth) };
}

/** Credentials of several registries as the header `X-Registry-Config` of a build carries them. */
export function encodeRegistryConfig(auths: { readonly [registry: string]: RegistryAuth }): string {
  return base64url(auths);
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
