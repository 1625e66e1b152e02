import { describe, expect, test } from 'vitest';
import { fakeStage } from './fake-stage.ts';
import { makeProject, type ServiceSketch } from './make-project.ts';

const services: Readonly<Record<string, ServiceSketch>> = {
  provider: { provider: { type: 'cloud', options: { size: ['1'] } } },
  models: { models: { llm: { endpoint_var: 'URL', model_var: 'MODEL' } } },
  use_api_socket: { use_api_socket: true },
  'build.isolation': { build: { context: '/srv', isolation: 'hyperv' } },
};

const objects = {
  external: { external: true as const },
  driver: { driver: 'vault' },
  driver_opts: { driver_opts: { a: 'b' } },
  template_driver: { template_driver: 'golang' },
};

async function refusal(project: ReturnType<typeof makeProject>): Promise<string> {
  const stage = await fakeStage();
  return await stage.plan(stage.desired(project)).then(
    () => 'none',
    (error: unknown) => String(error),
  );
}

describe('what one engine cannot do is refused before anything happens, by name', () => {
  test.each(Object.entries(services))('%s of a service', async (key, sketch) => {
    expect(await refusal(makeProject({ web: sketch }))).toContain(`services.web.${key}`);
  });

  test.each(
    (['secrets', 'configs'] as const).flatMap((section) =>
      Object.entries(objects).map(([key, object]) => [key, section, object] as const),
    ),
  )('%s of %s', async (_, section, object) => {
    const project = makeProject({ web: { [section]: [{ source: 'key' }] } }, { [section]: { key: object } });
    expect(await refusal(project)).toMatch(/key/);
  });
});
