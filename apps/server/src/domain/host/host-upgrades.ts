import { messageOf } from '@drover/base';
import type { UpgradeEvent } from '@drover/contract';
import { type AgentBuild, isTunnelError, sendUpgrade } from '@drover/tunnel';
import type { Log } from '../log.ts';
import { Refusal } from '../refusal.ts';
import type { HostRecord } from './host-store.ts';
import type { Hosts } from './hosts.ts';

/** The agent that this server carries. */
export interface AgentSource {
  /** Its version. */
  readonly software: string;
  /** The build of it that hosts run; made when it is first asked for. */
  build(): Promise<AgentBuild>;
}

/** How long a new agent may take to dial in before the old one counts as back, or both as lost. */
const comesBackWithinMs = 90_000;

/**
 * Brings the server's build of the agent to hosts, one after the other. A host whose new agent does not come back ends the run, so that a
 * bad build reaches one host only; that host's old agent takes over again by itself.
 */
export class HostUpgrades {
  readonly #hosts: Hosts;
  readonly #source: AgentSource;
  readonly #log: Log;
  #isRunning = false;

  constructor(hosts: Hosts, source: AgentSource, log: Log) {
    this.#hosts = hosts;
    this.#source = source;
    this.#log = log;
  }

  /** The steps as they happen. Without names: every host that is connected and has another build. Ends early when the signal fires. */
  async *run(names: readonly string[] | undefined, signal: AbortSignal): AsyncGenerator<UpgradeEvent> {
    if (this.#isRunning) throw new Refusal('busy', 'upgrading hosts: an upgrade runs already; wait for its end');
    this.#isRunning = true;
    try {
      const targets = this.#targets(names);
      const build = await this.#source.build();
      for (const { name } of targets) yield { host: name, step: 'waiting' };
      for (const host of targets) {
        if (signal.aborted) return;
        let failed = false;
        for await (const event of this.#upgrade(host, build, signal)) {
          failed = event.step === 'failed';
          yield event;
        }
        if (failed) return;
      }
    } finally {
      this.#isRunning = false;
    }
  }

  #targets(names: readonly string[] | undefined): HostRecord[] {
    const doing = 'upgrading hosts';
    if (names !== undefined) return [...new Set(names.map((name) => this.#hosts.allow(name, 'upgrade', doing)))];
    return this.#hosts
      .list()
      .filter(({ upgradable, state }) => upgradable && state !== 'unreachable' && state !== 'connecting')
      .map(({ id }) => this.#hosts.allow(id, 'upgrade', doing));
  }

  async *#upgrade(host: HostRecord, build: AgentBuild, signal: AbortSignal): AsyncGenerator<UpgradeEvent> {
    const { name } = host;
    const { software } = build;
    if (this.#hosts.get(host.id).agentVersion === software) {
      yield { host: name, step: 'current', version: software };
      return;
    }
    try {
      const tunnel = this.#hosts.requireTunnel(host);
      yield { host: name, step: 'sending', version: software };
      // The new agent may be there before the answer of the old one is read.
      const waited = new AbortController();
      const next = this.#hosts.tunnels.next(host.id, waited.signal);
      next.catch(() => {});
      try {
        await sendUpgrade(tunnel, build, signal).catch((error) => {
          // The answer may be lost with the tunnel; who dials in next tells whether the build arrived.
          if (!isTunnelError(error, 'closed')) throw error;
        });
        yield { host: name, step: 'restarting', version: software };
        const late = setTimeout(() => waited.abort(), comesBackWithinMs);
        const back = await next.finally(() => clearTimeout(late));
        if (back.hello.software !== software)
          throw new Refusal(
            'not-now',
            `upgrading ${name}: the new agent did not work there; ${back.hello.software} is back`,
          );
      } finally {
        waited.abort();
      }
      this.#log.info({ host: host.id, name, software }, 'the agent of a host was upgraded');
      yield { host: name, step: 'done', version: software };
    } catch (error) {
      const message = messageOf(error).startsWith('This operation was aborted')
        ? `no agent came back within ${comesBackWithinMs / 1000} s`
        : messageOf(error);
      this.#log.warn({ host: host.id, name, reason: message }, 'the agent of a host was not upgraded');
      yield { host: name, step: 'failed', message };
    }
  }
}
