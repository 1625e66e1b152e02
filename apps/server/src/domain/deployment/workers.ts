import { adoptWorker } from './adopt-worker.ts';
import { deployWorker, rollbackWorker } from './deploy-worker.ts';
import { buildWorker, pullWorker } from './image-workers.ts';
import { removeWorker, restartWorker, startWorker, stopWorker } from './operate-workers.ts';
import type { Workers } from './run.ts';
import type { WorkerParts } from './worker-parts.ts';

/** A worker for every kind of deployment. */
export function createWorkers(parts: WorkerParts): Workers {
  return {
    deploy: deployWorker(parts),
    rollback: rollbackWorker(parts),
    stop: stopWorker(parts),
    start: startWorker(parts),
    restart: restartWorker(parts),
    remove: removeWorker(parts),
    pull: pullWorker(parts),
    build: buildWorker(parts),
    adopt: adoptWorker(parts),
  };
}
