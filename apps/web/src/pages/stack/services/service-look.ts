import type { ContainerView, ServiceView, StackState } from '@drover/contract';
import type { StateLook } from '../../../ui/state-mark.tsx';
import { exitCodeWords } from '../../container/container-look.ts';

/** How a service's state is shown; a stack that was stopped has services that rest, not services that fail. */
export function serviceLook(service: ServiceView, stackState: StackState): StateLook {
  const { wanted, running, healthy, hasHealthCheck, completed, containers } = service;
  if (completed) return { tone: 'good', shape: 'tick', word: 'Completed' };
  if (containers.some(({ state }) => state === 'restarting'))
    return { tone: 'bad', shape: 'cross', word: 'Keeps restarting' };
  if (wanted === 0 && running === 0) return { tone: 'idle', shape: 'square', word: 'None wanted' };
  if (running === 0)
    return stackState === 'stopped' || stackState === 'new' || stackState === 'unmanaged'
      ? { tone: 'idle', shape: 'square', word: stackState === 'new' ? 'Not deployed' : 'Stopped' }
      : { tone: 'bad', shape: 'cross', word: 'Not running' };
  if (containers.some(({ health }) => health === 'unhealthy'))
    return { tone: 'bad', shape: 'triangle', word: 'Unhealthy' };
  if (running < wanted) return { tone: 'warn', shape: 'half', word: `${running} of ${wanted} running` };
  if (hasHealthCheck && healthy < running) return { tone: 'progress', shape: 'turning', word: 'Starting' };
  return { tone: 'good', shape: 'disc', word: hasHealthCheck ? 'Healthy' : 'Running' };
}

/** What is wrong with a container of a service, as a sentence without its name. */
export type Trouble = { readonly container: ContainerView; readonly words: string };

/** Everything about a service that somebody should look at. */
export function serviceTroubles({ containers, completed }: ServiceView): readonly Trouble[] {
  if (completed) return [];
  return containers.flatMap((container): Trouble[] => {
    const { state, health, exitCode } = container;
    if (state === 'restarting') return [{ container, words: `keeps restarting${lastExit(container)}` }];
    if (state === 'running' && health === 'unhealthy') return [{ container, words: 'fails its health check' }];
    if (state === 'exited' && exitCode !== undefined && exitCode !== 0)
      return [{ container, words: exitCodeWords(exitCode) }];
    if (state === 'dead') return [{ container, words: 'could not be removed by the engine' }];
    return [];
  });
}

function lastExit({ status }: ContainerView): string {
  const code = /\((\d+)\)/.exec(status)?.[1];
  return code === undefined ? '' : `; it ${exitCodeWords(Number(code))}`;
}
