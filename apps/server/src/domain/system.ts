import type { ChangeEvent, SystemView } from '@drover/contract';
import type { ChangeFeed } from './change-feed.ts';
import type { Host } from './host/host.ts';

export interface SystemOptions {
  readonly version: string;
  readonly dataDir: string;
  readonly host: Host;
  readonly feed: ChangeFeed;
  readonly backUp: () => { readonly path: string; readonly sizeBytes: number };
}

/** Drover itself and the engine that it runs on. */
export class SystemService {
  readonly #options: SystemOptions;

  constructor(options: SystemOptions) {
    this.#options = options;
  }

  info(): SystemView {
    const { host, version, dataDir } = this.#options;
    const { state } = host;
    const engine = { endpoint: host.endpoint, sharesFiles: host.sharesFiles };
    if (state.state === 'unreachable')
      return { version, dataDir, engine: { ...engine, state: 'unreachable', reason: state.reason } };
    const { info, apiVersion } = state;
    return {
      version,
      dataDir,
      engine: {
        ...engine,
        state: 'connected',
        version: info.ServerVersion,
        apiVersion,
        name: info.Name,
        cpus: info.NCPU,
        memoryBytes: info.MemTotal,
        operatingSystem: info.OperatingSystem,
      },
    };
  }

  /** What changes from now on; with `stack`, of that stack alone (and what concerns all). */
  async *events(stack: string | undefined, signal: AbortSignal): AsyncGenerator<ChangeEvent> {
    for await (const event of this.#options.feed.subscribe(signal))
      if (stack === undefined || !('stack' in event) || event.stack === stack) yield event;
  }

  backup(): { path: string; sizeBytes: number } {
    return this.#options.backUp();
  }
}
