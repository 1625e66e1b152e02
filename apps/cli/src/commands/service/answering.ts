import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localUrl, parseServerUrl } from '../../client/endpoint.ts';
import { HttpLink } from '../../client/link.ts';
import type { ServiceDefinition } from './definition.ts';

/**
 * Whether the server that a service is to start answers: the process that holds its data folder is the service's own, and
 * what listens at its address takes that folder's token.
 */
export async function serviceAnswers({ script, environment }: ServiceDefinition): Promise<boolean> {
  const settings = new Map(environment);
  const folder = settings.get('DROVER_DATA') ?? '';
  try {
    const pid = Number(await readFile(join(folder, 'server.pid'), 'utf8'));
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    if (!args.includes(script)) return false;
    const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
    const link = await HttpLink.open({ url: parseServerUrl(localUrl(settings.get('DROVER_LISTEN'))), token });
    await link.call(['system', 'info'], {}, { signal: AbortSignal.timeout(2_000) });
    link.close();
    return true;
  } catch {
    return false;
  }
}
