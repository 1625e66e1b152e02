import { playKills } from './crash/kills.ts';
import { everyEngine, scenarioLab } from './stage/scenario.ts';

const { scenario } = scenarioLab(everyEngine, ['busybox', 'echo']);

/** On each of three engines, so that there are more than twenty. */
const killsOnEachEngine = 7;

scenario(
  'a server that is killed in the middle of a deploy goes on truthfully, and the next deploy converges',
  { files: 'crash', timeoutMs: 600_000 },
  (stage) => playKills(stage, killsOnEachEngine),
);
