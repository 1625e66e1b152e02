import { sha256Hex } from '@drover/compose';

/** Swarm takes names of this many characters. */
const longest = 64;
const hashLength = 12;

/** `shop_password-3f2a…`: the name of an object after everything that it is made from. Contents are versions, never the bytes. */
export function contentName(name: string, madeFrom: readonly unknown[]): string {
  const hash = sha256Hex(JSON.stringify(madeFrom)).slice(0, hashLength);
  return `${name.slice(0, longest - hashLength - 1)}-${hash}`;
}

/** Characters that one call of `fromCharCode` takes as arguments without trouble. */
const chunk = 0x8000;

/** As the Engine API takes contents. */
export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += chunk) binary += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(binary);
}
