import type { Service } from '@drover/compose';
import type { ObservedContainer } from '../model/observed.ts';
import type { StartNeed } from './slot.ts';
import { staysEnded } from './spec/restart-policy.ts';

/**
 * What it takes for a container to run. One that ended with code 0 has done its work, and stays, where the file says that
 * it is such a one: something waits for its completion, or `restart` is explicitly `no` or `on-failure`. Without that it
 * cannot be told from a server that was stopped, which must start again.
 */
export function startNeed(
  service: Service,
  container: ObservedContainer,
  awaitedCompletion: boolean,
  completedNow: boolean,
): StartNeed {
  const { Status, ExitCode } = container.State;
  switch (Status) {
    case 'running':
    case 'restarting':
      return { kind: 'none' };
    case 'paused':
      return { kind: 'unpause', cause: 'container is paused' };
    case 'exited': {
      const declared = awaitedCompletion || explicitlyOnce(service);
      if (ExitCode === 0 && staysEnded(service) && (declared || completedNow)) return { kind: 'completed' };
      return {
        kind: 'start',
        cause: ExitCode === 0 ? 'container is stopped' : `container ended with code ${ExitCode}`,
      };
    }
    case 'created':
      return { kind: 'start', cause: 'container was created and never started' };
    default:
      return { kind: 'start', cause: `container is ${Status}` };
  }
}

/** Whether the author said, in so many words, that the container is not to be restarted. */
function explicitlyOnce(service: Service): boolean {
  return (service.restart ?? '') !== '' || (service.deploy?.restart_policy?.condition ?? '') !== '';
}
