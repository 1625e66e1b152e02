import { describe, expect, test } from 'vitest';
import { planDeploy } from '../src/plan/deploy.ts';
import { fakeStage } from './fake-stage.ts';
import { makeProject, type ServiceSketch } from './make-project.ts';

const services: Readonly<Record<string, ServiceSketch>> = {
  provider: { provider: { type: 'cloud', options: { size: ['1'] } } },
  models: { models: { llm: { endpoint_var: 'URL', model_var: 'MODEL' } } },
  use_api_socket: { use_api_socket: true },
};

const objects = {
  external: { external: true as const },
  driver: { driver: 'vault' },
  driver_opts: { driver_opts: { a: 'b' } },
  template_driver: { template_driver: 'golang' },
};

async function refusal(project: ReturnType<typeof makeProject>, os: 'linux' | 'windows' = 'linux'): Promise<string> {
  const stage = await fakeStage();
  const desired = stage.desired(project);
  const observed = await stage.observe(desired);
  try {
    planDeploy(desired, { ...observed, engine: { ...observed.engine, os } });
    return 'none';
  } catch (error) {
    return String(error);
  }
}

describe('what one engine cannot do is refused before anything happens, by name', () => {
  test.each(Object.entries(services))('%s of a service', async (key, sketch) => {
    expect(await refusal(makeProject({ web: sketch }))).toContain(`${key} of web is refused on one engine`);
  });

  test('build.isolation, on the engines that know one', async () => {
    const project = makeProject({ web: { build: { context: '/srv', isolation: 'hyperv' } } });
    expect(await refusal(project, 'windows')).toContain('build.isolation of web is refused on one engine');
    expect(await refusal(project)).toBe('none');
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
