import { expect, it } from 'vitest';
import { firstOf, freshName } from '../subject.ts';
import { type GetSwarm, inState, jobOf, serviceOf, tasksOf, until, withService } from './subject.ts';

/** Services that run: tasks, scale, updates, jobs, and why tasks do not run. */
export function serviceContract(get: GetSwarm): void {
  it('runs as many tasks as it is asked for, counts them, and scales', async () => {
    const subject = get();
    const { manager } = subject;
    const spec = serviceOf(subject, 'sleep 300', { Mode: { Replicated: { Replicas: 2 } }, Labels: { a: 'b' } });
    await withService(subject, spec, async (name, id) => {
      const running = await until(
        () => inState(subject, name, 'running'),
        (tasks) => tasks.length === 2,
      );
      expect(running.map(({ Slot }) => Slot).sort()).toEqual([1, 2]);
      for (const task of running) {
        expect(task).toMatchObject({ ServiceID: id, DesiredState: 'running', Status: { Message: 'started' } });
        expect(task.Status.ContainerStatus?.ContainerID).toMatch(/^[0-9a-f]{64}$/);
        expect((await manager.tasks.inspect(task.ID)).ID).toBe(task.ID);
      }
      const listed = await manager.services.list({ filters: { name: [name] }, status: true });
      expect(listed.map(({ ServiceStatus }) => ServiceStatus)).toEqual([
        { RunningTasks: 2, DesiredTasks: 2, CompletedTasks: 0 },
      ]);
      const { Version, Spec, UpdateStatus } = await manager.services.inspect(name);
      expect(UpdateStatus ?? null).toBeNull();
      await manager.services.update(id, Version.Index, { ...Spec, Mode: { Replicated: { Replicas: 1 } } });
      await until(
        () => tasksOf(subject, name),
        (tasks) => tasks.filter((task) => task.Status.State === 'running').length === 1,
      );
      // A scale is no update: nothing was replaced.
      expect((await manager.services.inspect(name)).UpdateStatus ?? null).toBeNull();
    });
    await until(
      () => manager.tasks.list(),
      (tasks) => tasks.every((task) => task.Spec.ContainerSpec?.Image !== spec.Name),
    );
  });

  it('shows the spec that it was given with the defaults of Swarm', async () => {
    const subject = get();
    const spec = serviceOf(subject, 'sleep 300', { Mode: { Replicated: { Replicas: 0 } }, Labels: { a: '' } });
    await withService(subject, spec, async (name) => {
      const shown = (await subject.manager.services.inspect(name)).Spec;
      expect(shown).toEqual({
        Name: name,
        Labels: { a: '' },
        TaskTemplate: {
          ContainerSpec: {
            Image: subject.image,
            Args: ['sh', '-c', 'sleep 300'],
            StopGracePeriod: 100_000_000,
            Isolation: 'default',
          },
          RestartPolicy: { Condition: 'any', Delay: 50_000_000, MaxAttempts: 0 },
          ForceUpdate: 0,
          Runtime: 'container',
        },
        Mode: { Replicated: { Replicas: 0 } },
        UpdateConfig: {
          Parallelism: 1,
          Monitor: 300_000_000,
          FailureAction: 'pause',
          MaxFailureRatio: 0,
          Order: 'stop-first',
        },
        EndpointSpec: { Mode: 'dnsrr' },
      });
      const complete = (await subject.manager.services.inspect(name, { insertDefaults: true })).Spec;
      expect(complete).toMatchObject({
        RollbackConfig: { Parallelism: 1, FailureAction: 'pause', Monitor: 5e9, Order: 'stop-first' },
      });
    });
  });

  it('replaces its tasks, and goes back when it is told', async () => {
    const subject = get();
    const { manager } = subject;
    const spec = serviceOf(subject, 'sleep 300', { RollbackConfig: { Monitor: 300_000_000 } });
    await withService(subject, spec, async (name, id) => {
      const [first] = await until(
        () => inState(subject, name, 'running'),
        (tasks) => tasks.length === 1,
      );
      const before = await manager.services.inspect(name);
      const container = { ...before.Spec.TaskTemplate?.ContainerSpec, Env: ['A=1'] };
      const changed = { ...before.Spec, TaskTemplate: { ...before.Spec.TaskTemplate, ContainerSpec: container } };
      await manager.services.update(id, before.Version.Index, changed);
      const updated = await until(
        () => manager.services.inspect(name),
        ({ UpdateStatus }) => UpdateStatus?.State === 'completed',
      );
      expect(updated.UpdateStatus?.Message).toBe('update completed');
      expect(updated.PreviousSpec?.TaskTemplate?.ContainerSpec?.Env ?? null).toBeNull();
      const tasks = await tasksOf(subject, name);
      expect(tasks.find(({ ID }) => ID === first?.ID)).toMatchObject({
        DesiredState: 'shutdown',
        Status: { State: 'shutdown' },
      });
      expect(tasks.filter(({ DesiredState }) => DesiredState === 'running')).toHaveLength(1);
      await manager.services.update(id, updated.Version.Index, updated.Spec, { rollback: 'previous' });
      const back = await until(
        () => manager.services.inspect(name),
        ({ UpdateStatus }) => UpdateStatus?.State === 'rollback_completed',
      );
      expect(back.Spec.TaskTemplate?.ContainerSpec?.Env ?? null).toBeNull();
      expect(back.UpdateStatus?.Message).toBe('rollback completed');
    });
  });

  it.each(['pause', 'rollback'] as const)('ends an update whose task fails: %s', async (FailureAction) => {
    const subject = get();
    const { manager } = subject;
    const spec = serviceOf(subject, 'sleep 300', {
      UpdateConfig: { Parallelism: 1, Monitor: 5e9, FailureAction },
      RollbackConfig: { Monitor: 300_000_000 },
    });
    await withService(subject, spec, async (name, id) => {
      await until(
        () => inState(subject, name, 'running'),
        (tasks) => tasks.length === 1,
      );
      const { Version, Spec } = await manager.services.inspect(name);
      const container = { ...Spec.TaskTemplate?.ContainerSpec, Args: ['sh', '-c', 'exit 3'] };
      const TaskTemplate = { ...Spec.TaskTemplate, ContainerSpec: container };
      await manager.services.update(id, Version.Index, { ...Spec, TaskTemplate });
      const wanted = FailureAction === 'pause' ? 'paused' : 'rollback_completed';
      const ended = await until(
        () => manager.services.inspect(name),
        ({ UpdateStatus }) => UpdateStatus?.State === wanted,
      );
      if (FailureAction === 'pause') {
        expect(ended.UpdateStatus?.Message).toMatch(/^update paused due to failure or early termination of task \w+$/);
        const [failed] = await inState(subject, name, 'failed');
        expect(failed?.Status).toMatchObject({
          Message: 'started',
          Err: 'task: non-zero exit (3)',
          ContainerStatus: { ExitCode: 3 },
        });
      } else {
        expect(ended.Spec.TaskTemplate?.ContainerSpec?.Args).toEqual(['sh', '-c', 'sleep 300']);
        await until(
          () => inState(subject, name, 'running'),
          (tasks) => tasks.length === 1,
        );
      }
    });
  });

  it('runs a task again by the restart policy, and not beyond its attempts', async () => {
    const subject = get();
    const RestartPolicy = { Condition: 'on-failure', Delay: 50_000_000, MaxAttempts: 1 } as const;
    await withService(subject, serviceOf(subject, 'exit 4', {}, { RestartPolicy }), async (name) => {
      // That the last one is not to run any more is said a moment after its failure.
      const failed = await until(
        () => inState(subject, name, 'failed'),
        (tasks) => tasks.length === 2 && tasks.every(({ DesiredState }) => DesiredState === 'shutdown'),
      );
      expect(failed.map(({ Slot }) => Slot)).toEqual([1, 1]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await tasksOf(subject, name)).toHaveLength(2);
    });
  });

  it('completes a job once all its runs ended well', async () => {
    const subject = get();
    const { manager } = subject;
    const mode = { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 3 } };
    const spec = jobOf(subject, 'exit 0', mode, { RestartPolicy: { Condition: 'none' } });
    await withService(subject, spec, async (name) => {
      const [done] = await until(
        () => manager.services.list({ filters: { name: [name] }, status: true }),
        ([service]) => service?.ServiceStatus?.CompletedTasks === 3,
      );
      expect(done?.ServiceStatus).toEqual({ RunningTasks: 0, DesiredTasks: 2, CompletedTasks: 3 });
      expect(done?.JobStatus?.JobIteration.Index ?? 0).toBe(0);
      const tasks = await tasksOf(subject, name);
      expect(tasks.map(({ Slot }) => Slot ?? 0).sort()).toEqual([0, 1, 2]);
      for (const task of tasks)
        expect(task).toMatchObject({ DesiredState: 'complete', Status: { State: 'complete', Message: 'finished' } });
    });
  });

  it('says why a task does not get a node', async () => {
    const subject = get();
    const count = subject.worker === null ? '1 node' : '2 nodes';
    const cases = [
      [{ Placement: { Constraints: ['node.labels.none==x'] } }, `scheduling constraints not satisfied on ${count}`],
      [{ Resources: { Reservations: { MemoryBytes: 1e15 } } }, `insufficient resources on ${count}`],
      [{ Placement: { Platforms: [{ Architecture: 'sparc', OS: 'linux' }] } }, `unsupported platform on ${count}`],
    ] as const;
    await Promise.all(
      cases.map(async ([task, reason]) => {
        await withService(subject, serviceOf(subject, 'sleep 300', {}, task), async (name) => {
          const [waiting] = await until(
            () => tasksOf(subject, name),
            ([first]) => Boolean(first?.Status.Err),
          );
          expect(waiting?.Status).toMatchObject({
            State: 'pending',
            Message: 'pending task scheduling',
            Err: `no suitable node (${reason})`,
          });
          expect(waiting?.NodeID).toBeUndefined();
        });
      }),
    );
  });

  it('rejects a task whose image is not there', async () => {
    const subject = get();
    const task = { ContainerSpec: { Image: `${freshName('none')}:1` }, RestartPolicy: { Condition: 'none' } } as const;
    await withService(subject, serviceOf(subject, 'true', {}, task), async (name) => {
      const [rejected] = await until(
        () => inState(subject, name, 'rejected'),
        (tasks) => tasks.length === 1,
      );
      expect(rejected?.Status).toMatchObject({
        Message: 'preparing',
        Err: `No such image: ${task.ContainerSpec.Image}`,
      });
    });
  });

  it('fails a task that turns unhealthy, and calls one running once it is healthy', async () => {
    const subject = get();
    const health = (test: string) => ({ Test: ['CMD', test], Interval: 100_000_000, Retries: 2 });
    const of = (test: string) => ({
      ContainerSpec: { Healthcheck: health(test) },
      RestartPolicy: { Condition: 'none' } as const,
    });
    await withService(subject, serviceOf(subject, 'sleep 300', {}, of('true')), async (name) => {
      await until(
        () => inState(subject, name, 'running'),
        (tasks) => tasks.length === 1,
      );
    });
    await withService(subject, serviceOf(subject, 'sleep 300', {}, of('false')), async (name) => {
      const [failed] = await until(
        () => inState(subject, name, 'failed'),
        (tasks) => tasks.length === 1,
      );
      expect(failed?.Status.Err).toMatch(/^task: non-zero exit \((137|143)\): dockerexec: unhealthy container$/);
    });
  });

  it('makes containers that carry their task, with templates filled in', async () => {
    const subject = get();
    const { manager } = subject;
    const task = {
      Placement: { Constraints: ['node.role==manager'] },
      ContainerSpec: { Env: ['WHERE={{.Node.ID}}', 'SLOT={{.Task.Slot}}'], Labels: { mine: 'yes' } },
    };
    await withService(subject, serviceOf(subject, 'sleep 300', {}, task), async (name, id) => {
      const [running] = await until(
        () => inState(subject, name, 'running'),
        (tasks) => tasks.length === 1,
      );
      const container = await manager.containers.inspect(running?.Status.ContainerStatus?.ContainerID ?? '');
      expect(container.Name).toBe(`/${name}.1.${running?.ID}`);
      expect(container.Config.Env).toEqual(expect.arrayContaining([`WHERE=${running?.NodeID}`, 'SLOT=1']));
      expect(container.Config.Labels).toEqual({
        mine: 'yes',
        'com.docker.swarm.node.id': running?.NodeID,
        'com.docker.swarm.service.id': id,
        'com.docker.swarm.service.name': name,
        'com.docker.swarm.task': '',
        'com.docker.swarm.task.id': running?.ID,
        'com.docker.swarm.task.name': `${name}.1.${running?.ID}`,
      });
    });
  });

  it('runs a global service on every node, and a host port once a node', async () => {
    const subject = get();
    const nodes = subject.worker === null ? 1 : 2;
    const Ports = [{ TargetPort: 80, PublishedPort: 8096, PublishMode: 'host', Protocol: 'tcp' }] as const;
    const global = serviceOf(subject, 'sleep 300', { Mode: { Global: {} }, EndpointSpec: { Mode: 'dnsrr', Ports } });
    await withService(subject, global, async (name) => {
      const running = await until(
        () => inState(subject, name, 'running'),
        (tasks) => tasks.length === nodes,
      );
      expect(new Set(running.map(({ NodeID }) => NodeID)).size).toBe(nodes);
      for (const task of running) {
        expect(task.Slot).toBeUndefined();
        expect(task.Status.PortStatus?.Ports?.[0]).toMatchObject(Ports[0]);
      }
      const other = serviceOf(subject, 'sleep 300', { EndpointSpec: { Mode: 'dnsrr', Ports } });
      await withService(subject, other, async (second) => {
        const [waiting] = await until(
          () => tasksOf(subject, second),
          ([task]) => Boolean(task?.Status.Err),
        );
        expect(waiting?.Status.Err).toMatch(/^no suitable node \(.*host-mode port already in use on \d nodes?\)$/);
      });
      const ingress = { EndpointSpec: { Ports: [{ ...Ports[0], PublishMode: 'ingress' as const }] } };
      await expect(subject.manager.services.create(serviceOf(subject, 'true', ingress))).rejects.toMatchObject({
        code: 'bad-request',
        reason: expect.stringMatching(
          /^port '8096' is already in use by service '.*' \(\w+\) as a host-published port$/,
        ),
      });
    });
  });
}

/** Moves tasks between nodes, so nothing runs beside it. */
export function drainContract(get: GetSwarm): void {
  it('moves the tasks of a node that is drained, and gives a paused one no new ones', async () => {
    const subject = get();
    const { manager, worker } = subject;
    if (worker === null) return;
    const [node] = await manager.nodes.list({ filters: { role: ['worker'] } });
    if (node === undefined) throw new Error('there is no worker');
    const stop = new AbortController();
    const events = await manager.events.open({ filters: { type: ['node'] }, signal: stop.signal });
    const setAvailability = async (Availability: 'active' | 'pause' | 'drain') => {
      const read = await manager.nodes.inspect(node.ID);
      await manager.nodes.update(node.ID, read.Version.Index, { ...read.Spec, Availability });
    };
    await withService(
      subject,
      serviceOf(subject, 'sleep 300', { Mode: { Replicated: { Replicas: 2 } } }),
      async (name) => {
        await until(
          () => inState(subject, name, 'running'),
          (tasks) => new Set(tasks.map(({ NodeID }) => NodeID)).size === 2,
        );
        await setAvailability('drain');
        const moved = await until(
          () => inState(subject, name, 'running'),
          (tasks) => tasks.length === 2 && tasks.every(({ NodeID }) => NodeID !== node.ID),
        );
        expect(moved.map(({ Slot }) => Slot).sort()).toEqual([1, 2]);
        await setAvailability('pause');
        const pinned = { Placement: { Constraints: [`node.id==${node.ID}`] } };
        await withService(subject, serviceOf(subject, 'sleep 300', {}, pinned), async (second) => {
          const [waiting] = await until(
            () => tasksOf(subject, second),
            ([task]) => Boolean(task?.Status.Err),
          );
          expect(waiting?.Status.Err).toContain('1 node not available for new tasks');
          await setAvailability('active');
          const drained = await firstOf(events, ({ Actor }) => Actor.Attributes['availability.new'] === 'drain');
          expect(drained).toMatchObject({ Type: 'node', Action: 'update', scope: 'swarm', Actor: { ID: node.ID } });
          stop.abort();
          await until(
            () => inState(subject, second, 'running'),
            (tasks) => tasks.length === 1,
          );
        });
      },
    );
  });
}
