import type { Branded } from '@drover/base';

/** A version of the Engine API, `major.minor`. */
export type ApiVersion = Branded<string, 'ApiVersion'>;

/** The oldest that Drover speaks: Engine 20.10. */
export const oldestApiVersion = '1.41' as ApiVersion;

/** The newest whose changes the client knows; a newer engine is spoken to in this one. */
export const newestApiVersion = '1.56' as ApiVersion;

/** Whether the text is `major.minor` in decimal digits. */
export function isApiVersion(text: string): text is ApiVersion {
  return /^\d{1,4}\.\d{1,4}$/.test(text);
}

/** Orders two versions as numbers: negative when `a` is older. */
export function compareApiVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** Whether `version` has what came with `wanted`, for instance several networks in one create with `1.44`. */
export function speaks(version: ApiVersion, wanted: string): boolean {
  return compareApiVersions(version, wanted) >= 0;
}
