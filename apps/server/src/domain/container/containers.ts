import {
  type BundleFile,
  type ContainerView,
  containerDisabledReason,
  type ExecStart,
  type LogLine,
  type StatsView,
} from '@drover/contract';
import type { ChangeFeed } from '../change-feed.ts';
import { containerView, nameOf } from '../host/container-view.ts';
import type { Host } from '../host/host.ts';
import { Refusal } from '../refusal.ts';
import type { BlobStore } from '../source/blob-store.ts';
import { containerLogs, type LogRequest, stackLogs } from './logs.ts';
import { maskInspect } from './mask.ts';
import { StatsFeed } from './stats.ts';
import { syncContainer } from './sync.ts';
import { openAttach, openExec, type Terminal } from './terminal.ts';

export interface ContainersOptions {
  readonly host: Host;
  readonly feed: ChangeFeed;
  readonly blobs: BlobStore;
}

/** The containers of the host, whoever made them. `container` is a full id, a unique prefix of one, or a name. */
export class Containers {
  readonly #host: Host;
  readonly #feed: ChangeFeed;
  readonly #blobs: BlobStore;
  readonly #stats: StatsFeed;

  constructor({ host, feed, blobs }: ContainersOptions) {
    this.#host = host;
    this.#feed = feed;
    this.#blobs = blobs;
    this.#stats = new StatsFeed(host.engine);
  }

  stop(): void {
    this.#stats.stop();
  }

  async list(stack: string | undefined): Promise<ContainerView[]> {
    const views = (await this.#host.containers()).map(containerView);
    return views
      .filter((view) => stack === undefined || view.stack === stack)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  async inspect(
    container: string,
    signal?: AbortSignal,
  ): Promise<{ container: ContainerView; inspect: Record<string, unknown> }> {
    const inspect = await this.#host.engine.containers.inspect(container, { signal });
    return { container: await this.#view(inspect.Id, signal), inspect: maskInspect(inspect) };
  }

  async start(container: string, signal?: AbortSignal): Promise<ContainerView> {
    return await this.#act(container, signal, (id) => this.#host.engine.containers.start(id, { signal }));
  }

  async stopContainer(container: string, timeout: number | undefined, signal?: AbortSignal): Promise<ContainerView> {
    return await this.#act(container, signal, (id) => this.#host.engine.containers.stop(id, { timeout, signal }));
  }

  async restart(container: string, timeout: number | undefined, signal?: AbortSignal): Promise<ContainerView> {
    return await this.#act(container, signal, (id) => this.#host.engine.containers.restart(id, { timeout, signal }));
  }

  async kill(container: string, signalName: string, signal?: AbortSignal): Promise<ContainerView> {
    return await this.#act(container, signal, (id) => this.#host.engine.containers.kill(id, { signalName, signal }));
  }

  /** Removes the container; its volumes stay, the anonymous ones too. */
  async remove(container: string, force: boolean, signal?: AbortSignal): Promise<{ removed: string }> {
    const { Id, Name } = await this.#host.engine.containers.inspect(container, { signal });
    await this.#host.engine.containers.remove(Id, { force, volumes: false, signal });
    this.#host.invalidate();
    return { removed: Name.replace(/^\//, '') };
  }

  /** Writes files into a running container and removes others. */
  async sync(
    container: string,
    { files, remove }: { readonly files: readonly BundleFile[]; readonly remove: readonly string[] },
    signal?: AbortSignal,
  ): Promise<{ written: number; removed: number }> {
    const view = await this.#find(container, signal);
    const reason = containerDisabledReason('exec', view.state);
    if (reason !== undefined) throw new Refusal('not-now', `synchronising ${view.name}: ${reason}`);
    const { engine } = this.#host;
    return await syncContainer({ engine, blobs: this.#blobs, container: view.id, files, remove, signal });
  }

  async *logs(container: string, request: LogRequest, signal: AbortSignal): AsyncGenerator<LogLine> {
    const view = await this.#find(container, signal);
    yield* containerLogs(view, request, { engine: this.#host.engine, signal });
  }

  async *stackLogs(
    stack: string,
    services: readonly string[] | undefined,
    request: LogRequest,
    signal: AbortSignal,
  ): AsyncGenerator<LogLine> {
    const wanted = (view: ContainerView) =>
      view.stack === stack && (services === undefined || services.includes(view.service ?? ''));
    const ended = new AbortController();
    const ending = AbortSignal.any([signal, ended.signal]);
    const changes = this.#feed.subscribe(ending);
    try {
      const containers = (await this.list(stack)).filter(wanted);
      yield* stackLogs(containers, request, {
        engine: this.#host.engine,
        signal: ending,
        changes,
        find: async (id) => (await this.list(stack)).find((view) => view.id === id && wanted(view)),
      });
    } finally {
      ended.abort();
    }
  }

  async *stats(container: string, signal: AbortSignal): AsyncGenerator<StatsView> {
    const { Id } = await this.#host.engine.containers.inspect(container, { signal });
    yield* this.#stats.subscribe(Id, signal);
  }

  async exec(container: string, start: ExecStart, signal: AbortSignal): Promise<Terminal> {
    return await openExec(this.#host.engine, container, start, signal);
  }

  async attach(container: string, signal: AbortSignal): Promise<Terminal> {
    return await openAttach(this.#host.engine, container, signal);
  }

  async #act(
    container: string,
    signal: AbortSignal | undefined,
    work: (id: string) => Promise<void>,
  ): Promise<ContainerView> {
    const { Id } = await this.#host.engine.containers.inspect(container, { signal });
    await work(Id);
    this.#host.invalidate();
    return await this.#view(Id, signal);
  }

  // What events have told already is at hand; a name or a prefix of an id is the engine's to resolve.
  async #find(container: string, signal: AbortSignal | undefined): Promise<ContainerView> {
    for (const summary of this.#host.knownContainers())
      if (summary.Id === container || nameOf(summary) === container) return containerView(summary);
    const { Id } = await this.#host.engine.containers.inspect(container, { signal });
    return await this.#view(Id, signal);
  }

  async #view(id: string, signal: AbortSignal | undefined): Promise<ContainerView> {
    const [summary] = await this.#host.engine.containers.list({ all: true, filters: { id: [id] }, signal });
    if (summary === undefined)
      throw new Refusal('not-found', `looking for the container ${id.slice(0, 12)}: it is gone`);
    return containerView(summary);
  }
}
