import { playKills } from './crash/kills.ts';
import { everyEngine, scenarioLab } from './stage/scenario.ts';

const { scenario } = scenarioLab(everyEngine, ['busybox', 'echo']);

scenario(
  'a server that is killed in the middle of a deploy, a hundred times on each engine',
  { files: 'crash', timeoutMs: 3_600_000 },
  (stage) => playKills(stage, 100),
);
