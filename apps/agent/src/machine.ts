import { readFile } from 'node:fs/promises';
import { arch, cpus, hostname, platform, release, totalmem } from 'node:os';
import { messageOf } from '@drover/base';
import type { Engine, EngineInfo } from '@drover/engine';
import type { EngineFacts, HostFacts } from '@drover/tunnel';
import { readDisks } from './disks.ts';
import { findAbilities } from './kernel.ts';

/** Milliseconds that the engine may take to say what it is. */
const engineMs = 10_000;
const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', arm: 'armv7l' };

/** Looks at this machine; keeps what the engine said last, so that its id is known while it is stopped. */
export class Machine {
  readonly #engine: Engine;
  #engineId: string | undefined;
  #dockerRoot: string | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The engine's id as far as it was ever seen. */
  get engineId(): string | undefined {
    return this.#engineId;
  }

  /** Where the disks are that matter, the engine's first. */
  get diskPaths(): readonly string[] {
    return [...(this.#dockerRoot === undefined ? [] : [this.#dockerRoot]), '/'];
  }

  async facts(signal?: AbortSignal): Promise<HostFacts> {
    const asked = await this.#askEngine(signal);
    const info = 'info' in asked ? asked.info : undefined;
    return {
      hostname: info?.Name || hostname(),
      cpus: info?.NCPU || cpus().length,
      memoryBytes: info?.MemTotal || totalmem(),
      disks: await readDisks(this.diskPaths),
      ...('info' in asked ? { engine: asked.engine } : { engine: null, engineProblem: asked.problem }),
      kernel: info?.KernelVersion || release(),
      os: platform(),
      architecture: info?.Architecture || (architectures[arch()] ?? arch()),
      distribution: info?.OperatingSystem || (await distribution()),
      abilities: await findAbilities(),
    };
  }

  async #askEngine(
    signal: AbortSignal | undefined,
  ): Promise<{ readonly info: EngineInfo; readonly engine: EngineFacts } | { readonly problem: string }> {
    const timeout = AbortSignal.timeout(engineMs);
    const call = { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) };
    try {
      const [info, version] = await Promise.all([this.#engine.system.info(call), this.#engine.system.version(call)]);
      this.#engineId = info.ID;
      this.#dockerRoot = info.DockerRootDir;
      const engine = {
        id: info.ID,
        version: version.Version,
        apiVersion: version.ApiVersion,
        swarmNodeId: info.Swarm.NodeID,
        swarmState: info.Swarm.LocalNodeState,
        swarmManager: info.Swarm.ControlAvailable,
      };
      return { info, engine };
    } catch (thrown) {
      return { problem: messageOf(thrown).slice(0, 1000) };
    }
  }
}

async function distribution(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1] ?? '';
}

/** What a machine keeps over its life, and over one boot; empty where it has no such thing. */
export async function machineId(): Promise<string> {
  return (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim();
}

export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
}
