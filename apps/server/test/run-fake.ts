// A server over an engine in memory with a few containers, to work on CLI and UI with: node apps/server/test/run-fake.ts
// Honours DROVER_DATA, DROVER_LISTEN and DROVER_WEB_DIR.
import { createFakeEngine } from '@drover/engine/fake';
import { createLog } from '../src/log.ts';
import { startServer } from '../src/server.ts';
import { readSettings } from '../src/settings.ts';

const engine = createFakeEngine();
const health = { Test: ['CMD', 'true'], Interval: 1_000_000_000 };
for (const image of ['busybox:latest', 'nginx:1.27', 'redis:7.2', 'redis:7.4', 'postgres:16']) {
  engine.control.addImage(image, { config: { Cmd: ['run'] }, behaviour: { logs: [`${image} is ready`] } });
  engine.control.publishImage(image);
}
for (const [number, service] of ['web', 'cache', 'db'].entries()) {
  const { Id } = await engine.containers.create(
    {
      Image: ['nginx:1.27', 'redis:7.2', 'postgres:16'][number] ?? '',
      Healthcheck: health,
      Labels: {
        'com.docker.compose.project': 'foreign',
        'com.docker.compose.service': service,
        'com.docker.compose.container-number': '1',
        'com.docker.compose.oneoff': 'False',
      },
    },
    { name: `foreign-${service}-1` },
  );
  await engine.containers.start(Id);
  setInterval(() => engine.control.writeOutput(Id, 'stdout', `${service} says ${new Date().toISOString()}\n`), 2000);
}
const settings = readSettings({
  DROVER_DATA: '/tmp/drover-fake',
  DROVER_LISTEN: '127.0.0.1:8429',
  ...process.env,
  DOCKER_HOST: 'unix:///fake',
});
const server = await startServer(settings, { engine, log: createLog('info'), version: '0.0.0-fake' });
process.stdout.write(`Drover is ready: ${server.url}\n${await server.signInLink()}\n`);
process.on('SIGINT', () => void server.stop().then(() => process.exit(0)));
