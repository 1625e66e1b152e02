import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, unreachable } from '@drover/base';
import type { ContainerView } from '@drover/contract';
import {
  type ContainerInspect,
  type ContainerSummary,
  type Engine,
  type EngineEvent,
  type EngineInfo,
  ListAfterEvents,
  listTouched,
  touchedContainer,
  watchedEvents,
} from '@drover/engine';
import type { ObservedContainer } from '@drover/orchestration';
import type { ChangeFeed } from '../change-feed.ts';
import type { Log } from '../log.ts';
import { changeEventOf } from './change-event.ts';
import { containerView, statusLater } from './container-view.ts';
import type { HostChange, HostChanges } from './host-changes.ts';
import type { ViewedHost } from './membership.ts';

export interface HostOptions extends ViewedHost {
  readonly engine: Engine;
  /** Who tells what changes; the engine's events where nothing is said. */
  readonly changes?: HostChanges | undefined;
  readonly endpoint: string;
  /** Whether paths of this machine mean the same to the engine. */
  readonly sharesFiles: boolean;
  readonly feed: ChangeFeed;
  readonly log: Log;
  /** Tells by `alive` that the engine may be there again. */
  readonly liveness?: EventTarget | undefined;
  /** Milliseconds between two full lists, whatever the events say. */
  readonly relistMs?: number;
}

export type HostState =
  | { readonly state: 'connected'; readonly info: EngineInfo; readonly apiVersion: string }
  | { readonly state: 'unreachable'; readonly reason: string };

/** Milliseconds in which a list that the agent made may be older than one that was asked for from here and came before it. */
const uncertainMs = 250;

/**
 * What stands on one engine, held in memory: one list, then the engine's events, corrected by a list now and then. The lists after
 * events are made here or, where an agent tells what changes, beside the engine.
 *
 * INVARIANTS: a container that an event named is listed again before subscribers hear of it; an inspect is kept only until the
 * next event about its container; while the engine cannot be reached the last known containers stay, and `state` says so.
 */
export class Host {
  readonly engine: Engine;
  readonly endpoint: string;
  readonly sharesFiles: boolean;
  /** Its name, where the environment has several hosts. */
  readonly name: string | undefined;
  readonly #viewed: ViewedHost;
  readonly #changes: HostChanges;
  readonly #feed: ChangeFeed;
  readonly #log: Log;
  readonly #relistMs: number;
  readonly #liveness: EventTarget | undefined;
  readonly #stopped = new AbortController();
  readonly #firstList = Promise.withResolvers<void>();
  #state: HostState = { state: 'unreachable', reason: 'it was not asked yet' };
  #containers = new Map<string, ContainerSummary>();
  /** When each was told, by `performance.now()`. */
  readonly #toldAt = new WeakMap<ContainerSummary, number>();
  #allViews: readonly ContainerView[] | undefined;
  /** When the last whole list was asked for from here, by `Date.now()`; what an agent tells may be older than what was done since. */
  #listedAt = 0;
  /** Lists run one after the other, so that an older answer never overwrites a newer one. */
  #lists: Promise<unknown> = Promise.resolve();
  #waitingList: Promise<void> | undefined;
  readonly #views = new WeakMap<ContainerSummary, ContainerView>();
  #inspects = new Map<string, ContainerInspect>();
  #eventCount = 0;
  #lastEvent = new Map<string, number>();
  /** Lists what events touched, unless an agent does. */
  readonly #listsAfter: ListAfterEvents;
  /** Events of an agent whose containers it has not told yet; undefined where there is no agent that tells. */
  #unlisted: EngineEvent[] | undefined;
  #runningLists = 0;
  #lastListEndedAt = 0;
  #working: Promise<unknown> | undefined;

  constructor(options: HostOptions) {
    this.engine = options.engine;
    this.endpoint = options.endpoint;
    this.sharesFiles = options.sharesFiles;
    this.name = options.name;
    this.#viewed = { name: options.name, readsTasks: options.readsTasks };
    this.#feed = options.feed;
    this.#log = options.log;
    this.#liveness = options.liveness;
    this.#relistMs = options.relistMs ?? 60_000;
    this.#changes = options.changes ?? ((watch) => this.engine.events.watch({ ...watch, filters: watchedEvents }));
    this.#listsAfter = new ListAfterEvents({
      list: async (events, ids) => {
        await this.#listTouched(events, ids);
        this.#publish(events);
      },
      onGap: (error) => this.#noteGap(error),
      signal: this.#stopped.signal,
    });
  }

  get state(): HostState {
    return this.#state;
  }

  /** Begins to watch; resolves when the first list is there, or when it is clear that the engine cannot be reached. */
  async start(): Promise<void> {
    this.#working = Promise.all([this.#watch(), this.#relistNowAndThen()]);
    await this.#firstList.promise;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#working;
  }

  /** Whether it is connected and something happened on it of which it is not known yet what became of the container. */
  get isBehind(): boolean {
    return this.#state.state === 'connected' && (this.#unlisted?.length ?? Number(this.#listsAfter.isBehind)) > 0;
  }

  /** All containers, as they were at most `maxAgeMs` ago where the engine answers, and after every event that came by now. */
  async containers(maxAgeMs = 2000): Promise<readonly ContainerSummary[]> {
    if (this.isBehind || (this.#state.state === 'connected' && Date.now() - this.#listedAt > maxAgeMs))
      await this.#listAll().catch(() => {});
    return [...this.#containers.values()];
  }

  /** Something was changed from here: whoever reads next sees it, whether its events have come or not. */
  invalidate(): void {
    this.#listedAt = 0;
  }

  /** One of its containers as the API shows it. */
  view(summary: ContainerSummary): ContainerView {
    const known = this.#views.get(summary) ?? containerView(summary, this.#viewed);
    this.#views.set(summary, known);
    return known;
  }

  /** All that is known now as the API shows it; the same list until one of them changes. */
  knownViews(): readonly ContainerView[] {
    this.#allViews ??= Array.from(this.#containers.values(), (summary) => this.view(summary));
    return this.#allViews;
  }

  /** One of `knownViews` with its status as of now: the list that told it may be a minute old. */
  viewNow(view: ContainerView): ContainerView {
    const summary = this.#containers.get(view.id);
    const toldAt = summary === undefined ? undefined : this.#toldAt.get(summary);
    if (toldAt === undefined || this.#state.state !== 'connected') return view;
    const status = statusLater(view.status, (performance.now() - toldAt) / 1000);
    return status === view.status ? view : { ...view, status };
  }

  /** What is known now, without asking. */
  knownContainers(): Iterable<ContainerSummary> {
    return this.#containers.values();
  }

  /** An inspect that no event has contradicted since, if there is one. */
  knownInspect(summary: ContainerSummary): ContainerInspect | undefined {
    const known = this.#inspects.get(summary.Id);
    if (this.#state.state !== 'connected' || known === undefined) return undefined;
    return known.State.Status === summary.State && summary.Names.includes(known.Name) ? known : undefined;
  }

  /** Remembers what `inspect` answered, when `eventCount` was read before it; drops it when an event came in between. */
  keepInspect(inspect: ObservedContainer, eventCount: number): void {
    if (this.#state.state !== 'connected' || (this.#lastEvent.get(inspect.Id) ?? 0) > eventCount) return;
    this.#inspects.set(inspect.Id, inspect as ContainerInspect);
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  async #watch(): Promise<void> {
    try {
      for await (const change of this.#changes({ signal: this.#stopped.signal, liveness: this.#liveness }))
        await this.#take(change);
    } catch (error) {
      this.#log.error({ reason: messageOf(error) }, 'watching the engine ended');
      this.#lose(error);
    }
    this.#firstList.resolve();
  }

  async #take(change: HostChange): Promise<void> {
    switch (change.type) {
      case 'event':
        this.#note(change.event);
        break;
      case 'listed':
        await this.#takeList(change);
        break;
      case 'lost':
        this.#lose(change.error);
        break;
      case 'relist':
        this.#unlisted = undefined;
        await this.#connect(change.reason);
        break;
      case 'connected':
        this.#unlisted = [];
        this.#forgetInspects();
        this.#replaceAll(change.containers);
        // A list that is under way may be older, and comes later.
        if (this.#runningLists > 0) void this.#listAll().catch((error) => this.#noteGap(error));
        this.#becomeConnected('told by the agent', change.info, change.apiVersion);
        this.#firstList.resolve();
        break;
      default:
        unreachable(change);
    }
  }

  async #connect(reason: string): Promise<void> {
    const signal = this.#stopped.signal;
    this.#forgetInspects();
    try {
      const [info, apiVersion] = await Promise.all([
        this.engine.system.info({ signal }),
        this.engine.apiVersion({ signal }),
        this.#listAll(),
      ]);
      this.#becomeConnected(reason, info, apiVersion);
    } catch (error) {
      this.#lose(error);
    }
    this.#firstList.resolve();
  }

  #becomeConnected(reason: string, info: EngineInfo, apiVersion: string): void {
    const before = this.#state.state;
    this.#state = { state: 'connected', info, apiVersion };
    this.#log.info({ reason, engine: info.ServerVersion, api: apiVersion }, 'the engine is connected');
    if (before !== 'connected') this.#feed.publish({ type: 'engine', state: 'connected', at: now() });
    this.#feed.publish({ type: 'resync' });
  }

  #forgetInspects(): void {
    this.#inspects.clear();
    this.#lastEvent.clear();
  }

  #lose(error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    const before = this.#state.state;
    this.#state = { state: 'unreachable', reason: messageOf(error) };
    this.#inspects.clear();
    if (before === 'connected') {
      this.#log.warn({ reason: messageOf(error) }, 'the engine is gone');
      this.#feed.publish({ type: 'engine', state: 'unreachable', at: now() });
    }
    this.#firstList.resolve();
  }

  #note(event: EngineEvent): void {
    this.#eventCount += 1;
    const container = touchedContainer(event);
    if (container !== undefined) {
      this.#inspects.delete(container);
      this.#lastEvent.set(container, this.#eventCount);
    }
    if (this.#unlisted === undefined) this.#listsAfter.note(event);
    else this.#unlisted.push(event);
  }

  async #takeList({ covers, ids, containers }: Extract<HostChange, { readonly type: 'listed' }>): Promise<void> {
    const events = this.#unlisted?.splice(0, covers) ?? [];
    // It may be older than what was asked for from here; then the engine is asked.
    const isCertain = this.#runningLists === 0 && performance.now() - this.#lastListEndedAt > uncertainMs;
    try {
      if (!isCertain) await this.#listTouched(events, ids ?? 'all');
      else if (ids === undefined) this.#replaceAll(containers);
      else this.#replaceSome(ids, containers);
      this.#publish(events);
    } catch (error) {
      this.#noteGap(error);
    }
  }

  #publish(events: readonly EngineEvent[]): void {
    for (const event of events) {
      const change = changeEventOf(event, this.#viewed);
      if (change !== undefined) this.#feed.publish(change);
    }
  }

  #noteGap(error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    this.#log.warn({ reason: messageOf(error) }, 'listing changed containers failed');
    this.#listedAt = 0;
    this.#feed.publish({ type: 'resync' });
  }

  async #relistNowAndThen(): Promise<void> {
    const signal = this.#stopped.signal;
    try {
      for (;;) {
        // Spread, so that the hosts of a server that just started do not list all at once for ever.
        await delay(this.#relistMs * (0.75 + Math.random() / 4), undefined, { signal, ref: false });
        if (this.#state.state !== 'connected') {
          // An agent that tells comes back by itself.
          if (this.#unlisted === undefined) await this.#connect('retry');
        } else
          await this.#listAll().catch((error) => this.#log.warn({ reason: messageOf(error) }, 'the relist failed'));
      }
    } catch {
      // The delay was aborted: the host stops.
    }
  }

  // Callers share a list that has not begun yet, and never get one that began before they asked.
  #listAll(): Promise<void> {
    this.#waitingList ??= this.#afterOthers(() => {
      this.#waitingList = undefined;
      return this.#takeWhole(() => this.engine.containers.list({ all: true, signal: this.#stopped.signal }));
    });
    return this.#waitingList;
  }

  async #takeWhole(list: () => Promise<readonly ContainerSummary[]>): Promise<void> {
    const began = Date.now();
    this.#replaceAll(await list());
    this.#listedAt = began;
  }

  #replaceAll(containers: readonly ContainerSummary[]): void {
    this.#containers = new Map(containers.map((each) => [each.Id, each]));
    this.#noteTold(containers);
    this.#allViews = undefined;
    for (const known of [this.#inspects, this.#lastEvent])
      for (const id of known.keys()) if (!this.#containers.has(id)) known.delete(id);
  }

  #listTouched(events: readonly EngineEvent[], ids: readonly string[] | 'all'): Promise<void> {
    if (ids.length === 0) return Promise.resolve();
    const list = () => listTouched(this.engine, { events, ids, signal: this.#stopped.signal });
    return this.#afterOthers(async () =>
      ids === 'all' ? await this.#takeWhole(list) : this.#replaceSome(ids, await list()),
    );
  }

  #replaceSome(ids: readonly string[], found: readonly ContainerSummary[]): void {
    for (const id of ids) this.#containers.delete(id);
    for (const each of found) this.#containers.set(each.Id, each);
    this.#noteTold(found);
    this.#allViews = undefined;
  }

  #noteTold(containers: readonly ContainerSummary[]): void {
    const now = performance.now();
    for (const each of containers) this.#toldAt.set(each, now);
  }

  #afterOthers<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#runningLists += 1;
    const result = this.#lists.then(work, work);
    this.#lists = result
      .catch(() => {})
      .then(() => {
        this.#runningLists -= 1;
        this.#lastListEndedAt = performance.now();
      });
    return result;
  }
}

function now(): string {
  return new Date().toISOString();
}
