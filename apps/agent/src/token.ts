import { readFile } from 'node:fs/promises';
import { messageOf } from '@drover/base';
import { AgentError } from './agent-error.ts';
import type { Settings } from './settings.ts';

/** The join token, from a file or `DROVER_JOIN`; never from the command line, which every user of the machine can read. */
export async function readToken({ environment }: Settings, file: string | undefined): Promise<string> {
  const text = file === undefined ? environment.DROVER_JOIN : await readTokenFile(file);
  const token = text?.trim();
  if (!token)
    throw new AgentError('usage', 'reading the join token: put it into DROVER_JOIN, or into a file for --token-file');
  return token;
}

async function readTokenFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw new AgentError('usage', `reading the join token: ${messageOf(thrown)}`);
  }
}
