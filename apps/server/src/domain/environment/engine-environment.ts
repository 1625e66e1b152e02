import { ChangeFeed } from '../change-feed.ts';
import type { Registries } from '../credential/registries.ts';
import { engineView } from '../host/engine-view.ts';
import { Host } from '../host/host.ts';
import { EngineImages } from '../orchestrator/engine/engine-images.ts';
import { EngineOrchestrator } from '../orchestrator/engine/engine-orchestrator.ts';
import { assembleEnvironment, type EnvironmentBase } from './assemble-environment.ts';
import type { EngineAccess } from './engine-access.ts';
import type { RunningEnvironment } from './environment-domain.ts';

export interface EngineEnvironmentOptions extends EnvironmentBase, EngineAccess {
  readonly registries: Registries;
}

/** The environment of exactly one Docker Engine. Nothing happens until `start`. */
export function createEngineEnvironment(options: EngineEnvironmentOptions): RunningEnvironment {
  const { name, engine, changes, endpoint, sharesFiles, folder, blobs, registries, log } = options;
  const feed = new ChangeFeed();
  const liveness = new EventTarget();
  const host = new Host({ engine, changes, endpoint, sharesFiles, feed, log, liveness });
  const images = new EngineImages({ engine, registries, blobs, workFolder: folder.work });
  const environment = assembleEnvironment(options, {
    kind: 'engine',
    orchestrator: new EngineOrchestrator(host, images),
    group: { hosts: () => [host] },
    feed,
    engine: () => engineView(host),
    start: () => host.start(),
    stop: () => host.stop(),
  });
  return {
    ...environment,
    announce(event) {
      environment.announce(event);
      // With its host the way to the engine is back; nothing waits for the next attempt.
      if (event.type === 'host' && event.environment === name && event.state === 'ready')
        liveness.dispatchEvent(new Event('alive'));
    },
  };
}
