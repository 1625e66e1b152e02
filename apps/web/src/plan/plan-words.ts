import type { ImpactView, OperationView, PlanView } from '@drover/contract';
import type { StateLook } from '../ui/state-mark.tsx';
import { countWords, listWords } from '../words/count.ts';

export type ServiceChange = PlanView['services'][number];
type Change = ServiceChange['change'];

/** How a change of a service is shown. What interrupts is doubtful, what takes away is bad, the rest is not. */
export const changeLooks: Readonly<Record<Change, StateLook>> = {
  created: { tone: 'good', shape: 'disc', word: 'is created' },
  recreated: { tone: 'warn', shape: 'half', word: 'is replaced' },
  'maybe-recreated': { tone: 'warn', shape: 'dashed', word: 'may be replaced, once its image is built' },
  restarted: { tone: 'warn', shape: 'half', word: 'is restarted' },
  changed: { tone: 'progress', shape: 'ring', word: 'is changed while it runs' },
  started: { tone: 'good', shape: 'disc', word: 'is started' },
  scaled: { tone: 'progress', shape: 'half', word: 'is scaled' },
  stopped: { tone: 'idle', shape: 'square', word: 'is stopped' },
  removed: { tone: 'bad', shape: 'cross', word: 'is removed' },
  unchanged: { tone: 'idle', shape: 'tick', word: 'stays as it is' },
};

const sentences: Readonly<Record<Change, (services: string) => string>> = {
  created: (services) => `creates ${services}`,
  recreated: (services) => `replaces ${services}`,
  'maybe-recreated': (services) => `may replace ${services}`,
  restarted: (services) => `restarts ${services}`,
  changed: (services) => `changes ${services} while running`,
  started: (services) => `starts ${services}`,
  scaled: (services) => `scales ${services}`,
  stopped: (services) => `stops ${services}`,
  removed: (services) => `removes ${services}`,
  unchanged: (services) => `leaves ${services} as it is`,
};

/** The whole plan in one sentence: `Creates 3 services, replaces web and leaves db as it is.` */
export function planSentence(plan: PlanView): string {
  if (plan.empty) return 'Nothing to do: what runs is what the files say.';
  const byChange = Map.groupBy(plan.services, ({ change }) => change);
  const parts = (Object.keys(sentences) as Change[]).flatMap((change) => {
    const services = byChange.get(change)?.map(({ service }) => service) ?? [];
    if (services.length === 0) return [];
    return [sentences[change](services.length > 2 ? countWords(services.length, 'service') : listWords(services))];
  });
  const words =
    parts.length === 0 ? `does ${countWords(plan.operations.length, 'thing')} beside the services` : listWords(parts);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

const verbs: Readonly<Record<string, string>> = {
  'network-create': 'Create network',
  'network-remove': 'Remove network',
  'network-connect': 'Connect to network',
  'network-disconnect': 'Disconnect from network',
  'volume-create': 'Create volume',
  'volume-remove': 'Remove volume',
  'container-create': 'Create',
  'container-update': 'Change',
  'container-start': 'Start',
  'container-unpause': 'Unpause',
  'container-stop': 'Stop',
  'container-restart': 'Restart',
  'container-remove': 'Remove',
  'container-rename': 'Rename',
  'files-put': 'Put files into',
  'hook-run': 'Run a hook in',
  'pre-start-run': 'Run a hook before the start of',
  wait: 'Wait for',
  monitor: 'Watch',
  check: 'Check that it stands',
};

/** An operation as a sentence: `Create shop-web-1`, `Wait for shop-db-1`. */
export function operationWords({ kind, target }: Pick<OperationView, 'kind' | 'target'>): string {
  const verb = verbs[kind] ?? kind.replaceAll('-', ' ');
  return kind === 'check' ? verb : `${verb} ${target}`;
}

/** What of a plan touches no service: networks and volumes, each with what happens to it. */
export function resourceOperations(plan: PlanView): readonly OperationView[] {
  return plan.operations.filter(({ kind }) => /^(network|volume)-(create|remove)$/.test(kind));
}

/** Whether the reader should be asked twice. */
export function losesData(plan: PlanView): boolean {
  return plan.operations.some(({ impact }) => impact === ('data-loss' satisfies ImpactView));
}
