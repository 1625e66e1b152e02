import { expect } from 'vitest';
import { everyEngine, scenarioLab } from './stage/scenario.ts';
import type { Stage } from './stage/stage.ts';

const { scenario } = scenarioLab(everyEngine, ['busybox', 'echo']);

scenario(
  'a rollback returns to files, variables, configs, secrets and image together, though the tag was moved',
  { files: 'editions' },
  async (stage) => {
    await moveTag(stage, 'echo:v1');
    await stage.mustDrover(['up']);
    const first = await stage.engine.imageId('example/app:stable');
    expect(await whatServes(stage)).toEqual(['one', 'settings one', 'password one', first]);

    await moveTag(stage, 'echo:v2');
    const second = await stage.engine.imageId('example/app:stable');
    await stage.write('settings.conf', 'settings two\n');
    await stage.write('password.txt', 'password two\n');
    await stage.write('.env', 'EDITION=two\n');
    const plan = await stage.mustDrover(['plan'], 2);
    expect(plan.output).not.toMatch(/password (one|two)/);
    await stage.mustDrover(['up']);
    expect(await whatServes(stage)).toEqual(['two', 'settings two', 'password two', second]);

    await stage.mustDrover(['rollback', '1']);
    expect(await whatServes(stage)).toEqual(['one', 'settings one', 'password one', first]);
    await stage.mustDrover(['rollback', '2']);
    expect(await whatServes(stage)).toEqual(['two', 'settings two', 'password two', second]);

    // The files were never touched, and they are revision 2's.
    await stage.mustDrover(['plan'], 0);
    const unknown = await stage.mustDrover(['rollback', '77'], 1);
    expect(unknown.output).toMatch(/77/);
  },
);

async function moveTag(stage: Stage, image: string): Promise<void> {
  const moved = await stage.host.exec([
    'sh',
    '-c',
    `docker pull -q ${image} && docker tag ${image} example/app:stable`,
  ]);
  if (moved.exitCode !== 0) throw new Error(`tagging ${image}: ${moved.stderr}`);
}

/** The variable, config and secret that the application sees, and the image that it runs. */
async function whatServes(stage: Stage): Promise<string[]> {
  const [app] = await stage.engine.service('editions', 'app');
  expect([app?.name, app?.state]).toEqual(['editions-app-1', 'running']);
  const script = 'echo $EDITION; cat /etc/settings /run/secrets/password';
  const told = await stage.host.exec(['docker', 'exec', 'editions-app-1', 'sh', '-c', script]);
  return [...told.stdout.trim().split('\n'), app?.imageId ?? ''];
}
