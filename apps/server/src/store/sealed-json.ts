import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Sealer } from '../seal/sealer.ts';

/** A value as JSON, compressed and sealed for a place. */
export function sealJson(sealer: Sealer, place: string, value: unknown): Buffer {
  return sealer.seal(place, deflateRawSync(JSON.stringify(value), { level: 1 }));
}

/** The value again; the caller knows its type by the place. */
export function openJson<Value>(sealer: Sealer, place: string, sealed: Uint8Array): Value {
  return JSON.parse(inflateRawSync(sealer.open(place, sealed)).toString('utf8')) as Value;
}
