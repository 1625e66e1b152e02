import { scriptFunctions } from './install-functions.ts';

/** What the script holds of this server. */
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

/** Characters that mean themselves between single quotes, and nothing that could end them. */
const plainText = /^[A-Za-z0-9_./:@+,=[\]-]*$/;

/**
 * The POSIX shell script behind the pasted line. Everything is a function and the call stands in the last line, so that a script
 * that was cut off on its way does nothing.
 */
export function installScript({ url, pin, authority, software, files }: ScriptValues): string {
  const values = {
    server: url,
    pin,
    authority,
    version: software,
    node_version: process.versions.node,
    agent_sha256: files.get('agent.mjs') ?? '',
    node_x64_sha256: files.get('node-linux-x64') ?? '',
    node_arm64_sha256: files.get('node-linux-arm64') ?? '',
  };
  const lines = Object.entries(values).map(([name, value]) => {
    if (!plainText.test(value)) throw new Error(`making the install script: ${name} holds a character that it cannot`);
    return `${name}='${value}'`;
  });
  return `#!/bin/sh
# Makes this machine a host of the Drover server at ${url}; run again, it repairs or upgrades the agent.
set -eu
umask 022

${lines.join('\n')}
${scriptFunctions}
main
`;
}
