import { X509Certificate } from 'node:crypto';
import type { DataFolder } from './data-folder.ts';
import type { ExitName } from './exit-codes.ts';
import { readIdentity } from './identity.ts';
import { readState } from './state-file.ts';

export interface Status {
  readonly lines: readonly string[];
  readonly exit: ExitName;
}

/** How this machine stands with its server; `ok` only while the agent runs and is connected. */
export async function status(folder: DataFolder): Promise<Status> {
  const identity = await readIdentity(folder);
  if (identity === undefined) return { lines: ['This machine is no host yet.'], exit: 'unreachable' };
  const { server, hostId, certificate } = identity;
  const lines = [
    `Server       ${server.host}:${server.port}`,
    `Host         ${hostId}`,
    `Certificate  until ${new X509Certificate(certificate).validToDate.toISOString()}`,
  ];
  const found = await readState(folder);
  if (found === undefined || !isRunning(found.pid))
    return { lines: [...lines, 'Agent        does not run'], exit: 'unreachable' };
  const { state, at } = found;
  if (state.type === 'connected') return { lines: [...lines, `Agent        connected since ${at}`], exit: 'ok' };
  const why = state.type === 'waiting' ? `not connected: ${state.because.message}` : 'connecting';
  return { lines: [...lines, `Agent        ${why} (${at})`], exit: 'unreachable' };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
