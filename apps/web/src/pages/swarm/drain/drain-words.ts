import type { DrainPreviewView } from '@drover/contract';
import { countWords } from '../../../words/count.ts';

const ways: Readonly<Record<DrainPreviewView['moves'][number]['how'], string>> = {
  'start-first': 'The others run before these end',
  'stop-first': 'These end first, then the others start',
  ends: 'They end; nothing takes their place',
};

/** How the tasks of a service leave a host. */
export function wayWords(how: DrainPreviewView['moves'][number]['how']): string {
  return ways[how];
}

/** A drain in one sentence. */
export function drainSentence({ host, moves, stuck }: DrainPreviewView): string {
  const tasks = moves.reduce((sum, move) => sum + move.tasks, 0);
  const left = stuck.reduce((sum, each) => sum + each.tasks, 0);
  if (tasks + left === 0) return `No task of the Swarm runs on ${host}; it gets none from then on.`;
  const moving =
    tasks === 0 ? 'Nothing can move' : `${countWords(tasks, 'task')} leave${tasks === 1 ? 's' : ''} ${host}`;
  return left === 0
    ? `${moving}, and it gets no new one.`
    : `${moving}; ${countWords(left, 'task')} cannot go elsewhere.`;
}
