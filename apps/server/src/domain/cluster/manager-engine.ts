import { type CallOptions, type Engine, type EventOptions, watchEvents } from '@drover/engine';
import { type CallKind, Failover, type FailoverOptions, type ManagerSource } from './failover.ts';

type Kinds<Group> = { readonly [Method in keyof Group]: CallKind | 'stream' };
type SharedGroup =
  | 'swarm'
  | 'nodes'
  | 'services'
  | 'tasks'
  | 'secrets'
  | 'configs'
  | 'distribution'
  | 'networks'
  | 'system';

const files = { list: 'quick', inspect: 'quick', create: 'write', update: 'write', remove: 'write' } as const;

/** What every manager answers alike, and whether it may be asked again. A `stream` may be, until its first item came. */
const shared: { readonly [Name in SharedGroup]: Kinds<Engine[Name]> } = {
  swarm: {
    inspect: 'quick',
    init: 'write',
    join: 'write',
    leave: 'write',
    update: 'write',
    unlockKey: 'quick',
    unlock: 'write',
  },
  nodes: { list: 'quick', inspect: 'quick', update: 'write', remove: 'write' },
  services: { ...files, logs: 'stream' },
  tasks: { list: 'quick', inspect: 'quick', logs: 'stream' },
  secrets: files,
  configs: files,
  distribution: { inspect: 'read' },
  networks: {
    list: 'read',
    inspect: 'read',
    create: 'write',
    connect: 'write',
    disconnect: 'write',
    remove: 'write',
    prune: 'write',
  },
  system: { ping: 'read', version: 'read', info: 'read', checkRegistryAuth: 'read', df: 'read' },
};

/**
 * The Swarm as one engine, which survives the loss of any manager: reads go to another one, writes only where it is certain that
 * they were not carried out; an election is waited for. `containers`, `exec`, `images` and `volumes` belong to one host: here to the
 * manager that answers now; whoever means a host takes that host's own engine.
 */
export function createManagerEngine(source: ManagerSource, options?: FailoverOptions): Engine {
  const failover = new Failover(source, options);
  const group = <Name extends SharedGroup>(name: Name): Engine[Name] => sharedGroup(name, failover);
  const open = (call?: EventOptions) => failover.call('read', call?.signal, (engine) => engine.events.open(call));
  return {
    swarm: group('swarm'),
    nodes: group('nodes'),
    services: group('services'),
    tasks: group('tasks'),
    secrets: group('secrets'),
    configs: group('configs'),
    distribution: group('distribution'),
    networks: group('networks'),
    system: group('system'),
    events: { open, watch: (call) => watchEvents(open, call ?? {}) },
    get containers() {
      return failover.first.engine.containers;
    },
    get exec() {
      return failover.first.engine.exec;
    },
    get images() {
      return failover.first.engine.images;
    },
    get volumes() {
      return failover.first.engine.volumes;
    },
    apiVersion: (call) => failover.call('read', call?.signal, (engine) => engine.apiVersion(call)),
    close: () => {},
  };
}

type AnyMethod = (...args: readonly unknown[]) => unknown;

function sharedGroup<Name extends SharedGroup>(name: Name, failover: Failover): Engine[Name] {
  const kinds: Readonly<Record<string, CallKind | 'stream'>> = shared[name];
  const methods = Object.entries(kinds).map(([method, kind]): [string, AnyMethod] => {
    const on = (engine: Engine, args: readonly unknown[]): unknown => {
      const group = engine[name] as unknown as Readonly<Record<string, AnyMethod>>;
      return group[method]?.(...args);
    };
    return [
      method,
      kind === 'stream'
        ? (...args) => streamed(failover, signalOf(args), (engine) => on(engine, args) as AsyncIterable<unknown>)
        : (...args) => failover.call(kind, signalOf(args), (engine) => on(engine, args) as Promise<unknown>),
    ];
  });
  return Object.fromEntries(methods) as unknown as Engine[Name];
}

/** Options come last in every method of the Engine. */
function signalOf(args: readonly unknown[]): AbortSignal | undefined {
  const last = args.at(-1);
  return typeof last === 'object' && last !== null ? (last as CallOptions).signal : undefined;
}

async function* streamed<T>(
  failover: Failover,
  signal: AbortSignal | undefined,
  open: (engine: Engine) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const { iterator, first } = await failover.call('read', signal, async (engine) => {
    const begun = open(engine)[Symbol.asyncIterator]();
    return { iterator: begun, first: await begun.next() };
  });
  try {
    for (let item = first; item.done !== true; item = await iterator.next()) yield item.value;
  } finally {
    await iterator.return?.();
  }
}
