import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeCgroup } from './cgroups.ts';
import { LabError } from './errors.ts';

export interface RegistryPlan {
  readonly labIndex: number;
  readonly programPath: string;
  readonly address: string;
  readonly port: number;
  /** Storages of images, only read; what is pushed goes to the registry's own folder. */
  readonly storages: readonly string[];
  readonly folder: string;
}

const joinScript = fileURLToPath(new URL('host/join.sh', import.meta.url));
const mountAndServe =
  'mount --make-rprivate / && mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/pushed,workdir=$2/overlay" "$2/storage" && exec "$3" serve "$2/config.yml"';

/** Starts the registry of a lab, which hosts use as the mirror of the public one; it ends with the lab's processes. */
export async function startRegistry(plan: RegistryPlan): Promise<void> {
  for (const name of ['pushed', 'overlay', 'storage', 'empty'])
    await mkdir(join(plan.folder, name), { recursive: true });
  await writeFile(
    join(plan.folder, 'config.yml'),
    registryConfig(plan.address, plan.port, join(plan.folder, 'storage')),
  );
  const lower = plan.storages.length > 0 ? plan.storages : [join(plan.folder, 'empty')];
  const logPath = join(plan.folder, 'registry.log');
  const log = openSync(logPath, 'a');
  const { joinFiles } = await makeCgroup(plan.labIndex, 'registry');
  const started = spawn(
    '/bin/sh',
    [
      joinScript,
      joinFiles.join(' '),
      ...[
        '/usr/bin/unshare',
        '--mount',
        '/bin/sh',
        '-c',
        mountAndServe,
        'sh',
        lower.join(':'),
        plan.folder,
        plan.programPath,
      ],
    ],
    {
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', OTEL_TRACES_EXPORTER: 'none' },
    },
  );
  closeSync(log);
  started.on('error', () => {});
  started.unref();
  await registryAnswers(`http://${plan.address}:${plan.port}`, () => started.exitCode === null, logPath);
}

/** The configuration of a registry that serves plain HTTP from a folder, without a log line per request. */
export function registryConfig(address: string, port: number, storageFolder: string): string {
  const config = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storageFolder }, delete: { enabled: true } },
    http: { addr: `${address}:${port}` },
  };
  // JSON is YAML.
  return JSON.stringify(config);
}

/** Resolves once a registry answers; fails when its process has ended or 15 s have gone by. */
export async function registryAnswers(url: string, alive: () => boolean, logPath: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline && alive()) {
    const answer = await fetch(`${url}/v2/`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(20);
  }
  throw new LabError(`starting the registry at ${url}: it does not answer; see ${logPath}`);
}
