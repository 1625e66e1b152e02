import { lstat, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@drover/base';
import { AgentError } from './agent-error.ts';
import { writeAtomically } from './atomic-file.ts';

/** Everything that an agent keeps. The folder is 0700 and its files 0600. */
export interface DataFolder {
  readonly path: string;
  /** The private key, in PEM. It never leaves the machine. */
  readonly key: string;
  /** Who this machine is to which server. */
  readonly identity: string;
  /** How the process that runs last stood with its server. */
  readonly state: string;
  /** Builds that the server sent, and which of them to run. */
  readonly software: string;
}

/** Makes the folder where it is not there; fails `data-folder` where it is another user's, or open to others. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const doing = `opening the data folder ${path}`;
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const found = await lstat(path);
    if (!found.isDirectory()) throw new AgentError('data-folder', `${doing}: it is no folder`);
    if (found.uid !== process.getuid?.())
      throw new AgentError(
        'data-folder',
        `${doing}: it belongs to user ${found.uid}; run the agent as that user, or choose another folder with DROVER_AGENT_DATA`,
      );
    if ((found.mode & 0o077) !== 0)
      throw new AgentError('data-folder', `${doing}: others can look into it (chmod 700 ${path} if that was never so)`);
  } catch (thrown) {
    if (thrown instanceof AgentError) throw thrown;
    throw new AgentError('data-folder', `${doing}: ${messageOf(thrown)}`, { cause: thrown });
  }
  return {
    path,
    key: join(path, 'key.pem'),
    identity: join(path, 'identity.json'),
    state: join(path, 'state.json'),
    software: join(path, 'software'),
  };
}

/** A file's text, or `undefined` where there is none. Refuses one that others can read. */
export async function readOwnFile(path: string): Promise<string | undefined> {
  try {
    const found = await lstat(path);
    if ((found.mode & 0o077) !== 0)
      throw new AgentError(
        'data-folder',
        `reading ${path}: others can read it (chmod 600 ${path} if that was never so)`,
      );
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof AgentError) throw thrown;
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw new AgentError('data-folder', `reading ${path}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

export async function writeOwnFile(path: string, content: string): Promise<void> {
  try {
    await writeAtomically(path, content);
  } catch (thrown) {
    throw new AgentError('data-folder', `writing ${path}: ${messageOf(thrown)}`, { cause: thrown });
  }
}
