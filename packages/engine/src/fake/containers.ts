import type { EngineContainers } from '../api/containers.ts';
import type { ContainerExit } from '../model/container.ts';
import { getFakeArchive, putFakeArchive, statFakePath } from './archive.ts';
import { attachContainer } from './attach.ts';
import { type FakeContainer, isRunning } from './container.ts';
import { containerEvent } from './container-facts.ts';
import { checkName, createContainer } from './create-container.ts';
import { conflict, Refusal } from './failure.ts';
import { applyFilters, type FilterTests, labelsMatch } from './filters.ts';
import type { Gate } from './gate.ts';
import { inspectContainer, summarizeContainer } from './inspect-container.ts';
import { killContainer, removeContainer, startContainer, stopContainer } from './lifecycle.ts';
import { fakeStats } from './stats.ts';
import type { FakeWorld } from './world.ts';

const tests: FilterTests<FakeContainer> = {
  label: (container, wanted) => labelsMatch(container.config.Labels, wanted),
  name: (container, wanted) =>
    wanted.some((name) => new RegExp(name).test(container.name) || new RegExp(name).test(`/${container.name}`)),
  id: (container, wanted) => wanted.some((id) => container.id.startsWith(id)),
  status: (container, wanted) => wanted.includes(container.status),
  health: (container, wanted) => wanted.includes(container.health?.Status ?? 'none'),
  exited: (container, wanted) => container.status === 'exited' && wanted.includes(String(container.exitCode)),
  volume: (container, wanted) =>
    container.mounts.some((mount) => wanted.includes(mount.Name ?? '') || wanted.includes(mount.Destination)),
  network: (container, wanted) => wanted.some((network) => container.endpoints.has(network)),
  ancestor: (container, wanted) =>
    wanted.some(
      (image) =>
        container.image.id.includes(image) ||
        container.image.tags.has(image) ||
        container.image.tags.has(`${image}:latest`),
    ),
};

export function createFakeContainers(world: FakeWorld, gate: Gate): EngineContainers {
  const call = <T>(
    verb: string,
    doing: string,
    container: string,
    options: { readonly signal?: AbortSignal | undefined; readonly doing?: string | undefined } | undefined,
    effect: (container: FakeContainer) => T | Promise<T>,
  ): Promise<T> =>
    gate.pass(
      { name: `containers.${verb}`, target: container },
      `${doing} container ${shortId(container)}`,
      options,
      () => effect(world.container(container)),
    );
  return {
    list: (options) =>
      gate.pass({ name: 'containers.list', target: '' }, 'listing containers', options, () => {
        const anyState =
          options?.all === true || options?.filters?.status !== undefined || options?.filters?.exited !== undefined;
        const candidates = [...world.containers.values()]
          .reverse()
          .filter((container) => anyState || isRunning(container));
        return applyFilters(candidates, withNetworkIds(world, options?.filters), tests).map((container) =>
          summarizeContainer(world, container),
        );
      }),
    inspect: (container, options) =>
      call('inspect', 'reading', container, options, (found) => inspectContainer(world, found)),
    create: (body, options) => {
      const name = options?.name ?? '';
      return gate.pass(
        { name: 'containers.create', target: name },
        `creating container ${name}`.trim(),
        options,
        () => ({
          Id: createContainer(world, body, options ?? {}).id,
          Warnings: [],
        }),
      );
    },
    start: (container, options) =>
      call('start', 'starting', container, options, (found) => startContainer(world, found)),
    stop: (container, options) =>
      call('stop', 'stopping', container, options, (found) => stopContainer(world, found, options?.timeout)),
    kill: (container, options) =>
      call('kill', 'killing', container, options, (found) =>
        killContainer(world, found, options?.signalName ?? 'SIGKILL'),
      ),
    restart: (container, options) =>
      call('restart', 'restarting', container, options, async (found) => {
        await stopContainer(world, found, options?.timeout);
        startContainer(world, found);
        containerEvent(world, found, 'restart');
      }),
    pause: (container, options) =>
      call('pause', 'pausing', container, options, (found) => {
        if (found.status !== 'running')
          throw conflict(`container ${found.id} is ${found.status === 'paused' ? 'already paused' : 'not running'}`);
        found.status = 'paused';
        containerEvent(world, found, 'pause');
      }),
    unpause: (container, options) =>
      call('unpause', 'resuming', container, options, (found) => {
        if (found.status !== 'paused') throw new Refusal('server', `Container ${found.id} is not paused`);
        found.status = 'running';
        containerEvent(world, found, 'unpause');
      }),
    rename: (container, name, options) =>
      call('rename', 'renaming', container, options, (found) => {
        checkName(world, name);
        const oldName = found.name;
        world.names.delete(oldName);
        world.names.set(name, found.id);
        found.name = name;
        containerEvent(world, found, 'rename', { oldName: `/${oldName}` });
      }),
    update: (container, change, options) =>
      call('update', 'changing', container, options, (found) => {
        found.hostConfig = { ...found.hostConfig, ...change } as FakeContainer['hostConfig'];
        containerEvent(world, found, 'update');
        return [];
      }),
    remove: (container, options) =>
      call('remove', 'removing', container, options, (found) => removeContainer(world, found, options ?? {})),
    wait: (container, options) =>
      call('wait', 'waiting for', container, options, (found) => {
        const condition = options?.condition ?? 'not-running';
        const exit = waitFor(found, condition);
        options?.onRegistered?.();
        return exit;
      }),
    logs: (container, options) => {
      const doing = options?.doing ?? `reading the log of container ${shortId(container)}`;
      return stream(gate, doing, options?.signal, async () => {
        const found = await call('logs', 'reading the log of', container, options, (it) => it);
        return found.output.read(options ?? {}, isRunning(found));
      });
    },
    attach: (container, options) =>
      call('attach', 'attaching to', container, options, (found) => attachContainer(gate, found, options ?? {})),
    stats: (container, options) => {
      const doing = options?.doing ?? `sampling container ${shortId(container)}`;
      return stream(gate, doing, options?.signal, async () => {
        const found = await call('stats', 'sampling', container, options, (it) => it);
        return fakeStats(world, found, gate.connectionSignal, options?.signal);
      });
    },
    statsOnce: (container, options) =>
      call('statsOnce', 'sampling', container, options, async (found) => {
        for await (const sample of fakeStats(world, found, gate.connectionSignal, options?.signal)) return sample;
        throw new Refusal('not-found', `No such container: ${container}`);
      }),
    top: (container, options) =>
      call('top', 'listing the processes of', container, options, (found) => {
        if (!isRunning(found)) throw conflict(`container ${found.id} is not running`);
        const command = [...(found.config.Entrypoint ?? []), ...(found.config.Cmd ?? [])].join(' ');
        return { Titles: ['PID', 'USER', 'TIME', 'COMMAND'], Processes: [['4242', 'root', '0:00', command]] };
      }),
    resize: (container, _size, options) =>
      call('resize', 'resizing the terminal of', container, options, (found) => {
        if (!isRunning(found))
          throw conflict(`cannot resize a stopped container: container ${found.id} is not running`);
      }),
    putArchive: (container, path, archive, options) =>
      call('putArchive', 'copying into', container, options, (found) => putFakeArchive(found, path, archive)),
    getArchive: (container, path, options) =>
      call('getArchive', 'copying out of', container, options, (found) => getFakeArchive(found, path)),
    statArchive: (container, path, options) =>
      call('statArchive', 'looking into', container, options, (found) => statFakePath(found, path)),
    prune: (options) =>
      gate.pass({ name: 'containers.prune', target: '' }, 'removing stopped containers', options, () => {
        const stopped = [...world.containers.values()].filter(
          (container) => !isRunning(container) && labelsMatch(container.config.Labels, options?.filters?.label ?? []),
        );
        for (const container of stopped) removeContainer(world, container, {});
        return { removed: stopped.map((container) => container.id), spaceReclaimed: 0 };
      }),
  };
}

function shortId(container: string): string {
  return /^[0-9a-f]{64}$/.test(container) ? container.slice(0, 12) : container;
}

function withNetworkIds(world: FakeWorld, filters: { readonly [name: string]: readonly string[] } | undefined) {
  if (filters?.network === undefined) return filters;
  return { ...filters, network: filters.network.map((network) => world.findNetwork(network)?.Id ?? network) };
}

function waitFor(
  container: FakeContainer,
  condition: 'not-running' | 'next-exit' | 'removed',
): ContainerExit | Promise<ContainerExit> {
  const exit = (): ContainerExit => ({ StatusCode: container.exitCode, Error: null });
  if (condition === 'not-running' && !isRunning(container)) return exit();
  return new Promise((resolve) => {
    const waiter = (moment: 'exit' | 'removed') => {
      if (condition === 'removed' && moment === 'exit') return;
      container.waiters.delete(waiter);
      resolve(exit());
    };
    container.waiters.add(waiter);
  });
}

async function* stream<T>(
  gate: Gate,
  doing: string,
  signal: AbortSignal | undefined,
  open: () => Promise<AsyncIterable<T>>,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* await open();
  } catch (thrown) {
    throw gate.streamError(thrown, doing, signal);
  }
}
