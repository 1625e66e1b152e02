import type { LabHost } from '@drover/lab';
import type { EngineHttp } from '../../scenarios/stage/engine-http.ts';

/** Two local images with the same content and different ids, so that no pull is part of what is measured. */
export async function prepareImages(http: EngineHttp, host: LabHost): Promise<readonly string[]> {
  const pulled = await host.exec(['docker', 'pull', 'busybox:1.36']);
  if (pulled.exitCode !== 0) throw new Error(`pulling busybox: ${pulled.stderr}`);
  const images = ['drover-bench:1', 'drover-bench:2'];
  const made = await http.json<{ Id: string }>('POST', '/containers/create', { Image: 'busybox:1.36', Cmd: ['true'] });
  for (const image of images) {
    const [repository, tag] = image.split(':');
    const change = encodeURIComponent(`LABEL edition=${tag}`);
    await http.json('POST', `/commit?container=${made.Id}&repo=${repository}&tag=${tag}&changes=${change}`);
  }
  await http.json('DELETE', `/containers/${made.Id}`);
  return images;
}
