import { setTimeout as delay } from 'node:timers/promises';
import {
  type BundleFile,
  type ContainerPage,
  type ContainerPageRequest,
  type ContainerView,
  containerDisabledReason,
  type ExecStart,
  type LogLine,
  type StatsView,
} from '@drover/contract';
import type { Engine } from '@drover/engine';
import type { ChangeFeed } from '../change-feed.ts';
import type { Host } from '../host/host.ts';
import { findContainer, type HostGroup } from '../host/host-group.ts';
import { Refusal } from '../refusal.ts';
import type { BlobStore } from '../source/blob-store.ts';
import { containerLogs, type LogRequest, stackLogs } from './logs.ts';
import { maskInspect } from './mask.ts';
import { pageOf } from './page.ts';
import { slimText } from './slim.ts';
import { StatsFeed } from './stats.ts';
import { syncContainer } from './sync.ts';
import { openAttach, openExec, type Terminal } from './terminal.ts';

/** Milliseconds that a reader waits for hosts that are behind their events, and how many of them are asked. */
const catchUpMs = 1000;
const mostBehind = 8;

export interface ContainersOptions {
  readonly group: HostGroup;
  readonly feed: ChangeFeed;
  readonly blobs: BlobStore;
}

/**
 * The containers of the environment's hosts, whoever made them. `container` is a full id, a unique prefix of one, or a name; what is
 * done to one goes to the engine of the host that has it.
 */
export class Containers {
  readonly #group: HostGroup;
  readonly #feed: ChangeFeed;
  readonly #blobs: BlobStore;
  readonly #stats = new Map<Engine, StatsFeed>();

  constructor({ group, feed, blobs }: ContainersOptions) {
    this.#group = group;
    this.#feed = feed;
    this.#blobs = blobs;
  }

  stop(): void {
    for (const feed of this.#stats.values()) feed.stop();
  }

  async list(stack: string | undefined): Promise<ContainerView[]> {
    return (await containersOf(this.#group))
      .filter((view) => stack === undefined || view.stack === stack)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** A page of those that match. */
  async page(request: ContainerPageRequest): Promise<ContainerPage> {
    const page = pageOf(await listsOf(this.#group), request);
    return { ...page, containers: viewsNow(this.#group, page.containers) };
  }

  /** All of them in a few words, as JSON. */
  async slim(): Promise<string> {
    return slimText(await listsOf(this.#group));
  }

  async inspect(
    container: string,
    signal?: AbortSignal,
  ): Promise<{ container: ContainerView; inspect: Record<string, unknown> }> {
    const { host, id } = await findContainer(this.#group, container, signal);
    const inspect = await host.engine.containers.inspect(id, { signal });
    return { container: await viewOf(host, id, signal), inspect: maskInspect(inspect) };
  }

  async start(container: string, signal?: AbortSignal): Promise<ContainerView> {
    return await this.#act(container, signal, ({ engine }, id) => engine.containers.start(id, { signal }));
  }

  async stopContainer(container: string, timeout: number | undefined, signal?: AbortSignal): Promise<ContainerView> {
    return await this.#act(container, signal, ({ engine }, id) => engine.containers.stop(id, { timeout, signal }));
  }

  async restart(container: string, timeout: number | undefined, signal?: AbortSignal): Promise<ContainerView> {
    return await this.#act(container, signal, ({ engine }, id) => engine.containers.restart(id, { timeout, signal }));
  }

  async kill(container: string, signalName: string, signal?: AbortSignal): Promise<ContainerView> {
    return await this.#act(container, signal, ({ engine }, id) => engine.containers.kill(id, { signalName, signal }));
  }

  /** Removes the container; its volumes stay, the anonymous ones too. */
  async remove(container: string, force: boolean, signal?: AbortSignal): Promise<{ removed: string }> {
    const { host, id } = await findContainer(this.#group, container, signal);
    const { Name } = await host.engine.containers.inspect(id, { signal });
    await host.engine.containers.remove(id, { force, volumes: false, signal });
    host.invalidate();
    return { removed: Name.replace(/^\//, '') };
  }

  /** Writes files into a running container and removes others. */
  async sync(
    container: string,
    { files, remove }: { readonly files: readonly BundleFile[]; readonly remove: readonly string[] },
    signal?: AbortSignal,
  ): Promise<{ written: number; removed: number }> {
    const { host, view } = await this.#find(container, signal);
    const reason = containerDisabledReason('exec', view.state);
    if (reason !== undefined) throw new Refusal('not-now', `synchronising ${view.name}: ${reason}`);
    const { engine } = host;
    return await syncContainer({ engine, blobs: this.#blobs, container: view.id, files, remove, signal });
  }

  async *logs(container: string, request: LogRequest, signal: AbortSignal): AsyncGenerator<LogLine> {
    const { host, view } = await this.#find(container, signal);
    yield* containerLogs(view, request, { engine: host.engine, signal });
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
      const list = async (): Promise<readonly ContainerView[]> => (await this.list(stack)).filter(wanted);
      yield* stackLogs(await list(), request, {
        engineOf: ({ host }) => this.#engineOf(host),
        signal: ending,
        changes,
        list,
      });
    } finally {
      ended.abort();
    }
  }

  async *stats(container: string, signal: AbortSignal): AsyncGenerator<StatsView> {
    const { host, id } = await findContainer(this.#group, container, signal);
    const feed = this.#stats.get(host.engine) ?? new StatsFeed(host.engine);
    this.#stats.set(host.engine, feed);
    yield* feed.subscribe(id, signal);
  }

  async exec(container: string, start: ExecStart, signal: AbortSignal): Promise<Terminal> {
    const { host, id } = await findContainer(this.#group, container, signal);
    return await openExec(host.engine, id, start, signal);
  }

  async attach(container: string, signal: AbortSignal): Promise<Terminal> {
    const { host, id } = await findContainer(this.#group, container, signal);
    return await openAttach(host.engine, id, signal);
  }

  async #act(
    container: string,
    signal: AbortSignal | undefined,
    work: (host: Host, id: string) => Promise<void>,
  ): Promise<ContainerView> {
    const { host, id } = await findContainer(this.#group, container, signal);
    await work(host, id);
    host.invalidate();
    return await viewOf(host, id, signal);
  }

  async #find(
    container: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly host: Host; readonly view: ContainerView }> {
    const { host, id } = await findContainer(this.#group, container, signal);
    for (const summary of host.knownContainers()) if (summary.Id === id) return { host, view: host.view(summary) };
    return { host, view: await viewOf(host, id, signal) };
  }

  #engineOf(name: string | undefined): Engine {
    const host = this.#group.hosts().find((each) => each.name === name);
    if (host === undefined) throw new Refusal('not-now', `reading logs of the host ${name}: it has left`);
    return host.engine;
  }
}

/** The containers of all hosts, as they were last seen on those that cannot be reached now. */
export async function containersOf(group: HostGroup): Promise<ContainerView[]> {
  return viewsNow(group, (await listsOf(group)).flat());
}

function viewsNow(group: HostGroup, views: readonly ContainerView[]): ContainerView[] {
  const hosts = new Map(group.hosts().map((host) => [host.name, host]));
  return views.map((view) => hosts.get(view.host)?.viewNow(view) ?? view);
}

/** Many hosts are not asked again for every reader: their events tell of what changes. */
async function listsOf({ hosts }: HostGroup): Promise<readonly (readonly ContainerView[])[]> {
  const all = hosts();
  const [only] = all;
  if (all.length === 1 && only !== undefined) await only.containers();
  else await catchUp(all.filter(({ isBehind }) => isBehind));
  return all.map((host) =>
    host.name === undefined || host.state.state === 'connected' ? host.knownViews() : host.knownViews().map(notKnown),
  );
}

/** Asks those that are behind their events, for a while; where many are, things change all the time, and nobody is asked. */
async function catchUp(behind: readonly Host[]): Promise<void> {
  if (behind.length === 0 || behind.length > mostBehind) return;
  const asked = Promise.all(behind.map((host) => host.containers()));
  await Promise.race([asked, delay(catchUpMs, undefined, { ref: false })]);
}

/** Of a host that is away it is only known how it was. */
function notKnown(view: ContainerView): ContainerView {
  return { ...view, status: `not known, ${view.host} cannot be reached; last: ${view.status}` };
}

async function viewOf(host: Host, id: string, signal: AbortSignal | undefined): Promise<ContainerView> {
  const [summary] = await host.engine.containers.list({ all: true, filters: { id: [id] }, signal });
  if (summary === undefined) throw new Refusal('not-found', `looking for the container ${id.slice(0, 12)}: it is gone`);
  return host.view(summary);
}
