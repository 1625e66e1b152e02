import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeCgroup } from '../cgroups.ts';
import { LabError } from '../errors.ts';
import type { GatewayPlan } from './main.ts';

const joinScript = fileURLToPath(new URL('../host/join.sh', import.meta.url));
const mainScript = fileURLToPath(new URL('main.ts', import.meta.url));

/** The port of a lab's proxy on its bridge. */
export const proxyPort = 3128;

/** Starts a lab's gateway as a process that ends with the lab. */
export async function startGateway(labIndex: number, plan: GatewayPlan, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const planPath = join(folder, 'plan.json');
  await writeFile(planPath, JSON.stringify(plan));
  const { joinFiles } = await makeCgroup(labIndex, 'gateway');
  const logPath = join(folder, 'gateway.log');
  const log = openSync(logPath, 'w');
  const started = spawn('/bin/sh', [joinScript, joinFiles.join(' '), process.execPath, mainScript, planPath], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  started.on('error', () => {});
  started.unref();
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && started.exitCode === null) {
    if ((await readFile(logPath, 'utf8')).includes('ready\n')) return;
    await sleep(10);
  }
  const said = (await readFile(logPath, 'utf8')).trim().split('\n').slice(-5).join('\n');
  throw new LabError(`starting the gateway of lab ${labIndex}: it does not answer: ${said}`);
}
