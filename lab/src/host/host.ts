import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroupOf, killCgroup, makeCgroup } from '../cgroups.ts';
import type { CommandResult } from '../command.ts';
import { type EngineName, editionOf } from '../engines.ts';
import { LabError } from '../errors.ts';
import { cutLink, healLink, unplug } from '../fabric.ts';
import { isAlive, type ProcessIdentity } from '../owner.ts';
import { type BootPlan, boot } from './boot.ts';
import {
  type EngineDaemonPlan,
  engineAnswers,
  engineLogPath,
  enginePort,
  engineStartArguments,
} from './engine-daemon.ts';
import { engineServiceFiles } from './init-setup.ts';
import {
  execInside,
  type HostExecOptions,
  type HostPlace,
  type HostProcess,
  type HostSpawnOptions,
  spawnInside,
} from './process.ts';

export interface HostPlan extends BootPlan {
  readonly labIndex: number;
  readonly engine: EngineName;
  /** Files that the host has from its first boot on: absolute path → content. */
  readonly files: ReadonlyMap<string, string>;
  /** HOST:PORT of the registry that stands for the public one. */
  readonly mirrorAddress: string;
  /** Variables that every program run in the host gets. */
  readonly environment: Readonly<Record<string, string>>;
}

const engineStartTimeoutMs = 120_000;

/**
 * A real Docker host in a lab. INVARIANTS: its disk (containers, volumes, files) outlives kill() and start(); at most one
 * boot of it runs; nothing of it is mounted or named in the machine's own namespaces except one link of its bridge.
 */
export class LabHost {
  readonly #plan: HostPlan;

  constructor(plan: HostPlan) {
    this.#plan = plan;
  }

  get name(): string {
    return this.#plan.name;
  }

  get engine(): EngineName {
    return this.#plan.engine;
  }

  /** Its address on the lab's bridge, reachable from this machine and from the lab's other hosts. */
  get address(): string {
    return this.#plan.link.address;
  }

  /** The engine's socket as a path of this machine. It keeps working while the host is cut off; the TCP port does not. */
  get socketPath(): string {
    return join(this.#plan.socketFolder, 'docker.sock');
  }

  /** A `DOCKER_HOST` over the socket. */
  get dockerHost(): string {
    return `unix://${this.socketPath}`;
  }

  /** A `DOCKER_HOST` over the network, which `cut` interrupts. */
  get tcpDockerHost(): string {
    return `tcp://${this.address}:${enginePort}`;
  }

  /** Boots the host with an empty disk, or again after `kill`, and resolves once its engine answers. */
  async start(signal?: AbortSignal): Promise<void> {
    if (await this.isRunning()) throw new LabError(`starting ${this.name}: it runs already`);
    await this.#layFiles();
    const cgroup = await makeCgroup(this.#plan.labIndex, this.name);
    const init = await boot(this.#plan, cgroup);
    await writeFile(this.#initFile, JSON.stringify(init));
    if (this.engine === 'none') return;
    if (this.#plan.init === 'tini') await this.startEngine(signal);
    else await this.#untilEngineAnswers(signal);
  }

  /** The sudden loss of the machine: nothing in it gets a chance to end properly. */
  async kill(): Promise<void> {
    const init = await this.#init();
    if (init !== undefined) {
      process.kill(init.pid, 'SIGKILL');
      while (isAlive(init)) await sleep(5);
    }
    await killCgroup(this.#plan.labIndex, this.name);
    await unplug(this.#plan.link);
  }

  async isRunning(): Promise<boolean> {
    return (await this.#init()) !== undefined;
  }

  /** Cuts its network: neither this machine nor the other hosts reach it, nor it them. Programs in it go on. */
  async cut(): Promise<void> {
    await cutLink(this.#plan.link);
  }

  async heal(): Promise<void> {
    await healLink(this.#plan.subnet, this.#plan.link);
  }

  /** Runs a program inside to its end and resolves with its exit code, whatever that is. */
  async exec(args: readonly string[], options: HostExecOptions = {}): Promise<CommandResult> {
    return await execInside(await this.#place(), args, {
      ...options,
      env: { ...this.#plan.environment, ...options.env },
    });
  }

  /** Starts a program inside, with streams. */
  async spawn(args: readonly string[], options: HostSpawnOptions = {}): Promise<HostProcess> {
    return spawnInside(await this.#place(), args, { ...options, env: { ...this.#plan.environment, ...options.env } });
  }

  /** Starts the engine of a running host and resolves once it answers. */
  async startEngine(signal?: AbortSignal): Promise<void> {
    await this.exec(engineStartArguments(this.#daemonPlan()), signal ? { signal } : {});
    await this.#untilEngineAnswers(signal);
  }

  async #untilEngineAnswers(signal?: AbortSignal): Promise<void> {
    const init = await this.#init();
    const alive = () => init !== undefined && isAlive(init);
    if (await engineAnswers(this.socketPath, engineStartTimeoutMs, alive, signal)) return;
    const log = await this.engineLog();
    throw new LabError(
      `starting the engine of ${this.name}: it does not answer: ${log.split('\n').slice(-10).join('\n')}`,
    );
  }

  /** Ends the engine alone, as a restart of its service does; its containers end too, the host stays. */
  async stopEngine(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const pidFile = await this.exec(['cat', '/var/run/docker.pid']);
    const pid = pidFile.stdout.trim();
    if (pidFile.exitCode !== 0 || !/^\d+$/.test(pid)) return;
    await this.exec(['kill', `-${signal.slice(3)}`, pid]);
    while ((await this.exec(['kill', '-0', pid])).exitCode === 0) await sleep(20);
    if (signal === 'SIGKILL') await this.exec(['rm', '-f', '/var/run/docker.pid']);
  }

  /** What the engine has logged so far. */
  async engineLog(): Promise<string> {
    return await readFile(join(this.#plan.workFolder, 'upper', engineLogPath), 'utf8').catch(() => '');
  }

  get #initFile(): string {
    return join(dirname(this.#plan.socketFolder), `${this.name}.init`);
  }

  async #init(): Promise<ProcessIdentity | undefined> {
    const text = await readFile(this.#initFile, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const init = JSON.parse(text) as ProcessIdentity;
    return isAlive(init) ? init : undefined;
  }

  async #place(): Promise<HostPlace> {
    const init = await this.#init();
    if (init === undefined) throw new LabError(`running a program in ${this.name}: the host is down`);
    const { joinFiles } = await cgroupOf(this.#plan.labIndex, this.name);
    return { pid: init.pid, joinFiles };
  }

  async #layFiles(): Promise<void> {
    await mkdir(this.#plan.socketFolder, { recursive: true });
    await rm(this.socketPath, { force: true });
    const upper = join(this.#plan.workFolder, 'upper');
    const service = engineServiceFiles(this.#plan.init, this.#daemonPlan());
    for (const [path, content] of [...this.#plan.files, ...service]) {
      await mkdir(dirname(join(upper, path)), { recursive: true });
      // What the host has changed since its first boot stays.
      await writeFile(join(upper, path), content, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
  }

  #daemonPlan(): EngineDaemonPlan {
    return {
      address: this.address,
      socketPath: this.socketPath,
      mirrorUrl: `http://${this.#plan.mirrorAddress}`,
      insecureRegistries: this.#plan.subnet.cidr,
    };
  }
}

/** The suite and packages of a host's engine, in words for a status line. */
export function describeEngine(engine: EngineName): string {
  const { engineVersion, suite } = editionOf(engine);
  return engineVersion === undefined ? `no engine (${suite})` : `engine ${engineVersion} (${suite})`;
}
