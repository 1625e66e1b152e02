import { EngineError, type EngineErrorCode, isEngineError } from '@drover/engine';
import { composeLabel } from '../model/labels.ts';
import { finalName } from '../model/names.ts';
import type { OperationKind, OperationOf } from '../model/operation.ts';
import { stackLabel } from '../model/swarm/labels.ts';
import { checkContainers } from './check.ts';
import { createContainer } from './create-container.ts';
import type { Executor } from './executor.ts';
import { explain, isPortRace } from './explain.ts';
import { monitorContainers } from './monitor.ts';
import { fileArchive } from './put-files.ts';
import { removeVolume } from './remove-volume.ts';
import { idOf, type Run } from './run.ts';
import { runHook } from './run-hook.ts';
import { runPreStart } from './run-pre-start.ts';
import { swarmExecutors } from './swarm/operations.ts';
import { removeSwarmNetwork } from './swarm/remove-network.ts';
import { waitForContainer } from './wait.ts';

export const executors: { readonly [Kind in OperationKind]: Executor<Kind> } = {
  'network-create': async (run, { body, network }) => {
    const doing = `creating network ${body.Name}`;
    try {
      await run.engine.networks.create(body, { signal: run.hard, doing });
    } catch (thrown) {
      if (!isEngineError(thrown, 'conflict') || !(await hasNetwork(run, body.Name, network))) throw thrown;
    }
  },
  'network-remove': (run, operation) => {
    if (run.swarm !== undefined) return removeSwarmNetwork(run, run.swarm, operation);
    const options = { signal: run.hard, doing: `removing network ${operation.name}` };
    return tolerate(['not-found'], run.engine.networks.remove(operation.networkId, options));
  },
  'network-connect': async (run, { networkName, container, endpoint }) => {
    const options = { signal: run.hard, doing: `connecting ${container.name} to ${networkName}` };
    try {
      await run.engine.networks.connect(networkName, idOf(run, container), endpoint, options);
    } catch (thrown) {
      if (!(thrown instanceof EngineError && /already exists in network/.test(thrown.reason))) throw thrown;
    }
  },
  'network-disconnect': async (run, { networkName, container }) => {
    const options = { signal: run.hard, force: true, doing: `disconnecting ${container.name} from ${networkName}` };
    try {
      await run.engine.networks.disconnect(networkName, idOf(run, container), options);
    } catch (thrown) {
      const gone =
        isEngineError(thrown, 'not-found') || (thrown instanceof EngineError && /is not connected/.test(thrown.reason));
      if (!gone) throw thrown;
    }
  },
  'volume-create': async (run, { body }) => {
    await run.engine.volumes.create(body, { signal: run.hard, doing: `creating volume ${body.Name}` });
  },
  'volume-remove': removeVolume,
  'container-create': createContainer,
  'container-update': (run, { container, change }) =>
    run.engine.containers.update(idOf(run, container), change, {
      signal: run.hard,
      doing: `updating ${container.name}`,
    }),
  'container-start': startContainer,
  'container-unpause': (run, { container }) =>
    tolerate(
      ['conflict'],
      run.engine.containers.unpause(idOf(run, container), { signal: run.hard, doing: `unpausing ${container.name}` }),
    ),
  'container-stop': (run, { container, timeout }) =>
    tolerate(
      ['not-found'],
      run.engine.containers.stop(idOf(run, container), {
        timeout,
        signal: run.hard,
        doing: `stopping ${container.name}`,
      }),
    ),
  'container-restart': async (run, { container, timeout }) => {
    const options = { timeout, signal: run.hard, doing: `restarting ${container.name}` };
    await run.engine.containers.restart(idOf(run, container), options);
    run.starts.noteEnd(idOf(run, container));
  },
  'container-remove': async (run, { container }) => {
    const options = { force: true, signal: run.hard, doing: `removing ${container.name}` };
    try {
      await run.engine.containers.remove(idOf(run, container), options);
    } catch (thrown) {
      const goes =
        isEngineError(thrown, 'not-found') || (isEngineError(thrown, 'conflict') && /in progress/.test(thrown.reason));
      if (!goes) throw thrown;
    }
  },
  'container-rename': async (run, { container, name }) => {
    const id = idOf(run, container);
    const options = { signal: run.hard, doing: `renaming ${container.name} to ${name}` };
    try {
      await run.engine.containers.rename(id, name, options);
    } catch (thrown) {
      const { Name } = await run.engine.containers.inspect(id, options);
      if (Name !== `/${name}`) throw thrown;
    }
  },
  'files-put': async (run, { container, files }) => {
    const options = { copyUidGid: true, signal: run.soft, doing: `putting secrets and configs into ${container.name}` };
    await run.engine.containers.putArchive(idOf(run, container), '/', await fileArchive(files), options);
  },
  'hook-run': async (run, { container, moment, hook }) => {
    const request = {
      engine: run.engine,
      containerId: idOf(run, container),
      name: container.name,
      moment,
      hook,
      signal: run.soft,
    };
    try {
      await runHook(request);
      return [];
    } catch (thrown) {
      // A container that cannot say goodbye is stopped all the same.
      if (moment === 'post_start' || run.soft.aborted) throw thrown;
      return [explain(thrown).message];
    }
  },
  'pre-start-run': async (run, { container, service = '', hook, number, image }) => {
    const containerId = idOf(run, container);
    const { engine, project, soft: signal } = run;
    await runPreStart({ engine, project, containerId, service, hook, number, image, signal });
    return [];
  },
  wait: async (run, { containers, condition, required }) => {
    const { engine, watch, soft: signal } = run;
    let warning: string | undefined;
    const waits = containers.map((container) =>
      waitForContainer({
        engine,
        watch,
        containerId: idOf(run, container),
        name: finalName(container.name),
        condition,
        signal,
      }),
    );
    try {
      await Promise.all(waits);
    } catch (thrown) {
      signal.throwIfAborted();
      if (required) throw thrown;
      warning = explain(thrown).message;
    }
    return warning === undefined ? [] : [warning];
  },
  monitor: async (run, { containers, ms }) => {
    const watched = containers.map((container) => ({ id: idOf(run, container), name: finalName(container.name) }));
    await monitorContainers({ watch: run.watch, containers: watched, ms, signal: run.soft });
  },
  gate: async () => {},
  ...swarmExecutors,
  check: async (run, operation) => {
    const resolved = operation.containers.map((checked) => {
      const id = idOf(run, checked.container);
      return { ...checked, id, startedAt: run.starts.at(id), settledAt: run.starts.settledAt(id, run.settleMs) };
    });
    const { engine, watch, project, parallel, soft: signal } = run;
    const request = { engine, watch, project, containers: resolved, parallel, signal };
    run.settling(operation);
    for (const id of await checkContainers(request)) run.completed.add(id);
  },
};

const portTries = 5;

async function startContainer(run: Run, { container }: OperationOf<'container-start'>): Promise<undefined> {
  const id = idOf(run, container);
  const options = { signal: run.hard, doing: `starting ${container.name}` };
  for (let tries = 1; ; tries += 1) {
    try {
      await run.starts.note(id, () => run.engine.containers.start(id, options));
      return;
    } catch (thrown) {
      if (tries === portTries || !isPortRace(thrown) || !(await choosesPort(run, id))) throw thrown;
    }
  }
}

/** Whether the engine chooses one of the container's published ports. */
async function choosesPort(run: Run, id: string): Promise<boolean> {
  const { HostConfig } = await run.engine.containers.inspect(id, { signal: run.hard });
  const bindings = Object.values(HostConfig.PortBindings ?? {}).flatMap((targets) => targets ?? []);
  return bindings.some(({ HostPort }) => !/^[1-9]\d*$/.test(HostPort ?? ''));
}

async function hasNetwork(run: Run, name: string, key: string): Promise<boolean> {
  const networks = await run.engine.networks.list({ filters: { name: [name] }, signal: run.hard });
  return networks.some(
    ({ Name, Labels }) =>
      Name === name &&
      (Labels?.[stackLabel.namespace] === run.project ||
        (Labels?.[composeLabel.project] === run.project && Labels[composeLabel.network] === key)),
  );
}

async function tolerate(codes: readonly EngineErrorCode[], call: Promise<void>): Promise<undefined> {
  try {
    await call;
  } catch (thrown) {
    if (!codes.some((code) => isEngineError(thrown, code))) throw thrown;
  }
}
