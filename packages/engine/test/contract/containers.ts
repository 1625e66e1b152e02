import { expect, it } from 'vitest';
import { eventually, freshName, type GetSubject, textOf, withContainer } from './subject.ts';

/** The life of a container, as callers rely on it. */
export function containerContract(get: GetSubject): void {
  it('creates, starts, stops and removes', async () => {
    const { engine } = get();
    await withContainer(get(), 'sleep 300', { Labels: { job: 'contract' } }, async (id, name) => {
      const created = await engine.containers.inspect(name);
      expect(created).toMatchObject({
        Id: id,
        Name: `/${name}`,
        State: { Status: 'created', Running: false, ExitCode: 0 },
      });
      expect(created.State.StartedAt).toBe('0001-01-01T00:00:00Z');
      await engine.containers.start(id);
      await engine.containers.start(id);
      const running = await engine.containers.inspect(id);
      expect(running.State).toMatchObject({ Status: 'running', Running: true });
      expect(running.State.Health ?? null).toBeNull();
      expect(Object.keys(running.NetworkSettings.Networks)).toEqual(['bridge']);
      await engine.containers.stop(id, { timeout: 0 });
      await engine.containers.stop(id, { timeout: 0 });
      const stopped = await engine.containers.inspect(id);
      expect(stopped.State).toMatchObject({ Status: 'exited', Running: false, ExitCode: 137 });
      await engine.containers.remove(id);
      await expect(engine.containers.inspect(id)).rejects.toMatchObject({
        code: 'not-found',
        status: 404,
        message: expect.stringMatching(/^reading container .*: No such container: /),
      });
    });
  });

  it('joins the configuration with the image and fills in the defaults', async () => {
    const { engine, image } = get();
    const body = {
      Env: ['A=1', 'B='],
      Labels: { job: 'contract' },
      HostConfig: { RestartPolicy: { Name: 'on-failure' as const, MaximumRetryCount: 3 }, Memory: 64 * 1024 * 1024 },
    };
    await withContainer(get(), 'true', body, async (id) => {
      const { Config, HostConfig, ...rest } = await engine.containers.inspect(id);
      expect(Config).toMatchObject({
        Image: image,
        Cmd: ['sh', '-c', 'true'],
        Hostname: id.slice(0, 12),
        Labels: { job: 'contract' },
        Tty: false,
        OpenStdin: false,
      });
      expect(Config.Env).toEqual(['A=1', 'B=', expect.stringMatching(/^PATH=/)]);
      expect(rest).toMatchObject({ Path: 'sh', Args: ['-c', 'true'], RestartCount: 0, Mounts: [] });
      expect(HostConfig).toMatchObject({
        NetworkMode: expect.stringMatching(/^(default|bridge)$/),
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
        LogConfig: { Type: 'json-file', Config: {} },
        Memory: 67_108_864,
        ShmSize: 67_108_864,
        IpcMode: 'private',
        AutoRemove: false,
        Privileged: false,
        Binds: null,
        PidMode: '',
      });
    });
  });

  it('refuses a name that is taken, an image that is not there, and a bad name', async () => {
    const { engine, image } = get();
    await withContainer(get(), 'true', {}, async (_, name) => {
      await expect(engine.containers.create({ Image: image, Cmd: ['true'] }, { name })).rejects.toMatchObject({
        code: 'conflict',
        status: 409,
        message: expect.stringContaining(
          `creating container ${name}: Conflict. The container name "/${name}" is already in use`,
        ),
      });
    });
    const name = freshName('contract');
    await expect(
      engine.containers.create({ Image: 'drover.invalid/nothing:1', Cmd: ['true'] }, { name }),
    ).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('No such image: drover.invalid/nothing:1'),
    });
    await expect(engine.containers.create({ Image: image, Cmd: ['true'] }, { name: 'a b' })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  it('waits for the end and tells the exit code', async () => {
    const { engine } = get();
    await withContainer(get(), 'echo out; echo err >&2; exit 7', {}, async (id) => {
      let registered = () => {};
      const waiting = new Promise<void>((resolve) => {
        registered = resolve;
      });
      const exit = engine.containers.wait(id, { condition: 'next-exit', onRegistered: registered });
      await waiting;
      await engine.containers.start(id);
      expect(await exit).toEqual({ StatusCode: 7, Error: null });
      expect(await engine.containers.wait(id)).toEqual({ StatusCode: 7, Error: null });
      expect(await textOf(engine.containers.logs(id), 'stdout')).toBe('out\n');
      expect(await textOf(engine.containers.logs(id), 'stderr')).toBe('err\n');
    });
  });

  it('lists by label, name and state', async () => {
    const { engine } = get();
    const label = freshName('label');
    await withContainer(get(), 'sleep 300', { Labels: { group: label } }, async (first, firstName) => {
      await withContainer(get(), 'sleep 300', { Labels: { group: label, extra: 'x=y' } }, async (second) => {
        await engine.containers.start(first);
        const list = async (all: boolean, filters: { [name: string]: string[] }) =>
          (await engine.containers.list({ all, filters })).map((container) => container.Id);
        expect(await list(true, { label: [`group=${label}`] })).toEqual([second, first]);
        expect(await list(false, { label: [`group=${label}`] })).toEqual([first]);
        expect(await list(true, { label: [`group=${label}`, 'extra=x=y'] })).toEqual([second]);
        expect(await list(true, { label: [`group=${label}`, 'extra'] })).toEqual([second]);
        expect(await list(true, { label: [`group=${label}`], status: ['created'] })).toEqual([second]);
        expect(await list(true, { name: [`^/${firstName}$`] })).toEqual([first]);
        const [summary] = await engine.containers.list({ filters: { label: [`group=${label}`] } });
        expect(summary).toMatchObject({ Names: [`/${firstName}`], State: 'running', Image: get().image });
        expect(summary?.Labels).toMatchObject({ group: label });
        await expect(engine.containers.list({ filters: { nonsense: ['1'] } })).rejects.toMatchObject({
          code: 'bad-request',
        });
      });
    });
  });

  it('renames, updates, pauses and resumes', async () => {
    const { engine } = get();
    await withContainer(get(), 'sleep 300', {}, async (id, name) => {
      await engine.containers.start(id);
      await engine.containers.rename(id, `${name}-new`);
      expect((await engine.containers.inspect(`${name}-new`)).Id).toBe(id);
      await expect(engine.containers.inspect(name)).rejects.toMatchObject({ code: 'not-found' });
      await engine.containers.update(id, { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } });
      expect((await engine.containers.inspect(id)).HostConfig.RestartPolicy).toEqual({
        Name: 'always',
        MaximumRetryCount: 0,
      });
      await engine.containers.pause(id);
      expect((await engine.containers.inspect(id)).State).toMatchObject({
        Status: 'paused',
        Paused: true,
        Running: true,
      });
      await expect(engine.containers.pause(id)).rejects.toMatchObject({ code: 'conflict' });
      await engine.containers.unpause(id);
      expect((await engine.containers.inspect(id)).State.Status).toBe('running');
    });
  });

  it('kills only what runs, and removes what runs only by force', async () => {
    const { engine } = get();
    await withContainer(get(), 'sleep 300', {}, async (id) => {
      await expect(engine.containers.kill(id)).rejects.toMatchObject({ code: 'conflict' });
      await engine.containers.start(id);
      await expect(engine.containers.remove(id)).rejects.toMatchObject({ code: 'conflict' });
      await engine.containers.kill(id, { signalName: 'SIGKILL' });
      expect(await engine.containers.wait(id)).toMatchObject({ StatusCode: 137 });
      await engine.containers.start(id);
      await engine.containers.remove(id, { force: true });
      await expect(engine.containers.remove(id)).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  it('restarts by the policy until it is stopped', async () => {
    const { engine } = get();
    const body = { HostConfig: { RestartPolicy: { Name: 'on-failure' as const, MaximumRetryCount: 2 } } };
    await withContainer(get(), 'exit 5', body, async (id) => {
      await engine.containers.start(id);
      const last = await eventually(
        () => engine.containers.inspect(id),
        ({ State, RestartCount }) => State.Status === 'exited' && RestartCount === 2,
      );
      expect(last).toMatchObject({ RestartCount: 2, State: { Status: 'exited', ExitCode: 5 } });
    });
  });

  it('removes by itself with AutoRemove', async () => {
    const { engine } = get();
    await withContainer(get(), 'exit 4', { HostConfig: { AutoRemove: true } }, async (id) => {
      let registered = () => {};
      const waiting = new Promise<void>((resolve) => {
        registered = resolve;
      });
      const gone = engine.containers.wait(id, { condition: 'removed', onRegistered: registered });
      await waiting;
      await engine.containers.start(id);
      expect(await gone).toMatchObject({ StatusCode: 4 });
      await expect(engine.containers.inspect(id)).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  it('reports health as its checks go', async () => {
    const { engine } = get();
    const check = { Interval: 200_000_000, Timeout: 1_000_000_000, Retries: 2 };
    const states = async (test: string[]) =>
      await withContainer(get(), 'sleep 300', { Healthcheck: { Test: test, ...check } }, async (id) => {
        await engine.containers.start(id);
        const first = (await engine.containers.inspect(id)).State.Health?.Status;
        const last = await eventually(
          async () => (await engine.containers.inspect(id)).State.Health?.Status,
          (status) => status !== 'starting',
        );
        return [first, last];
      });
    expect(await states(['CMD-SHELL', 'exit 0'])).toEqual(['starting', 'healthy']);
    expect(await states(['CMD', 'false'])).toEqual(['starting', 'unhealthy']);
    expect(await states(['NONE'])).toEqual([undefined, undefined]);
  });

  it('publishes ports, and says when one is taken', async () => {
    const { engine } = get();
    const body = {
      ExposedPorts: { '80/tcp': {} },
      HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    };
    await withContainer(get(), 'sleep 300', body, async (id) => {
      await engine.containers.start(id);
      const port = (await engine.containers.inspect(id)).NetworkSettings.Ports?.['80/tcp']?.[0]?.HostPort;
      expect(Number(port)).toBeGreaterThan(1023);
      const taken = {
        ExposedPorts: { '80/tcp': {} },
        HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: port }] } },
      };
      await withContainer(get(), 'sleep 300', taken, async (second) => {
        await expect(engine.containers.start(second)).rejects.toMatchObject({
          status: 500,
          code: 'server',
          message: expect.stringContaining('port is already allocated'),
        });
        const failed = await engine.containers.inspect(second);
        expect(failed.State).toMatchObject({ Status: 'created', Running: false });
        expect(failed.State.Error).toContain('port is already allocated');
      });
    });
  });

  it('ends a call that is cancelled', async () => {
    const { engine } = get();
    await withContainer(get(), 'sleep 300', {}, async (id) => {
      await engine.containers.start(id);
      await expect(engine.containers.wait(id, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
        code: 'aborted',
        status: null,
      });
      await expect(engine.containers.list({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    });
  });
}
