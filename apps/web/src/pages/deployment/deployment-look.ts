import type { DeploymentAction, DeploymentState } from '@drover/contract';
import type { StateLook } from '../../ui/state-mark.tsx';

const looks: Readonly<Record<DeploymentState, StateLook>> = {
  planned: { tone: 'progress', shape: 'ring', word: 'Planned' },
  running: { tone: 'progress', shape: 'turning', word: 'Running' },
  succeeded: { tone: 'good', shape: 'tick', word: 'Succeeded' },
  failed: { tone: 'bad', shape: 'cross', word: 'Failed' },
  cancelled: { tone: 'idle', shape: 'square', word: 'Cancelled' },
};

/** How a deployment's state is shown. */
export function deploymentLook(state: DeploymentState): StateLook {
  return looks[state];
}

const actions: Readonly<Record<DeploymentAction, string>> = {
  deploy: 'The deploy',
  rollback: 'The rollback',
  stop: 'The stop',
  start: 'The start',
  restart: 'The restart',
  remove: 'The removal',
  pull: 'The pull',
  build: 'The build',
  adopt: 'The adoption',
};

/** What a deployment is called in a sentence: `The deploy of revision 4`, `The rollback as revision 5`, `The restart`. */
export function deploymentWords(action: DeploymentAction, revision?: number): string {
  if (revision === undefined || (action !== 'deploy' && action !== 'rollback')) return actions[action];
  // Going back makes a revision of its own, equal to the older one.
  return `${actions[action]} ${action === 'rollback' ? 'as' : 'of'} revision ${revision}`;
}

/** The same as a title: `Deploy of revision 4`. */
export function deploymentTitle(action: DeploymentAction, revision?: number): string {
  const words = deploymentWords(action, revision).slice('The '.length);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
