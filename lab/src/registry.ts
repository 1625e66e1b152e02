import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeCgroup } from './cgroups.ts';
import { mustRun } from './command.ts';
import { LabError } from './errors.ts';

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

export interface RegistryPlan {
  readonly labIndex: number;
  readonly programPath: string;
  /** HOST:PORT. */
  readonly listenAddress: string;
  /** Storages of images, only read; what is pushed goes to the registry's own folder. */
  readonly storages: readonly string[];
  readonly folder: string;
  readonly credentials?: RegistryCredentials;
}

/** Where a registry listens and keeps its images, as its configuration file says it. */
export interface RegistrySettings {
  readonly storageFolder: string;
  readonly http: { readonly addr: string; readonly net?: 'unix' };
  readonly passwordFile?: string;
}

const joinScript = fileURLToPath(new URL('host/join.sh', import.meta.url));
const mountAndServe = [
  'mount --make-rprivate /',
  'mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/pushed,workdir=$2/overlay" "$2/storage"',
  'exec "$3" serve "$2/config.yml"',
].join(' && ');

/** Starts a registry of a lab; it ends with the lab's processes. */
export async function startRegistry(plan: RegistryPlan): Promise<void> {
  for (const name of ['pushed', 'overlay', 'storage', 'empty']) {
    await mkdir(join(plan.folder, name), { recursive: true });
  }
  const passwordFile = join(plan.folder, 'passwords');
  if (plan.credentials) await writeFile(passwordFile, await passwordLine(plan.credentials));
  const config = registryConfig({
    storageFolder: join(plan.folder, 'storage'),
    http: { addr: plan.listenAddress },
    ...(plan.credentials ? { passwordFile } : {}),
  });
  await writeFile(join(plan.folder, 'config.yml'), config);
  const lower = plan.storages.length > 0 ? plan.storages : [join(plan.folder, 'empty')];
  const logPath = join(plan.folder, 'log');
  const log = openSync(logPath, 'a');
  const { joinFiles } = await makeCgroup(plan.labIndex, 'registry');
  const serve = ['/usr/bin/unshare', '--mount', '/bin/sh', '-c', mountAndServe, 'sh'];
  const started = spawn(
    '/bin/sh',
    [joinScript, joinFiles.join(' '), ...serve, lower.join(':'), plan.folder, plan.programPath],
    { detached: true, stdio: ['ignore', log, log], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } },
  );
  closeSync(log);
  started.on('error', () => {});
  started.unref();
  await registryAnswers(`http://${plan.listenAddress}`, () => started.exitCode === null, logPath);
}

/** The text of a registry's configuration file: plain HTTP, no log line per request. */
export function registryConfig(settings: RegistrySettings): string {
  // JSON is YAML.
  return JSON.stringify({
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: settings.storageFolder }, delete: { enabled: true } },
    http: settings.http,
    ...(settings.passwordFile && { auth: { htpasswd: { realm: 'lab', path: settings.passwordFile } } }),
  });
}

/** Resolves once a registry answers, be it that it wants credentials; fails when its process has ended or a minute has gone by. */
async function registryAnswers(url: string, alive: () => boolean, logPath: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && alive()) {
    const answer = await fetch(`${url}/v2/`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (answer?.ok || answer?.status === 401) return;
    await sleep(20);
  }
  throw new LabError(`starting the registry at ${url}: it does not answer; see ${logPath}`);
}

/** A line of a password file. The registry takes bcrypt only, which the C library has and Node has not. */
async function passwordLine(credentials: RegistryCredentials): Promise<string> {
  const salt = `$2b$05$${randomBytes(11).toString('hex')}`;
  const hash = await mustRun(
    'hashing the password of a registry',
    'perl',
    ['-e', 'print crypt(<STDIN>, $ARGV[0])', salt],
    {
      stdin: credentials.password,
    },
  );
  return `${credentials.username}:${hash}\n`;
}
