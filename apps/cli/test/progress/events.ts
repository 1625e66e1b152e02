import type { DeploymentEvent, DeploymentView, PlanView } from '@drover/contract';

type Operation = PlanView['operations'][number];

export const start = Date.parse('2026-01-01T00:00:00.000Z');
export const at = (milliseconds: number): string => new Date(start + milliseconds).toISOString();

export function deployment(changes: Partial<DeploymentView> = {}): DeploymentView {
  return {
    id: 'd1',
    stack: 'shop',
    action: 'deploy',
    state: 'running',
    revision: 7,
    createdAt: at(0),
    startedAt: at(0),
    operationsTotal: 0,
    operationsDone: 0,
    ...changes,
  };
}

export function operation(id: string, kind: string, target: string, service?: string): Operation {
  return { id, kind, target, ...(service === undefined ? {} : { service }), causes: [], impact: 'none', dependsOn: [] };
}

const create = operation('1', 'network-create', 'shop_default');
const makeWeb = operation('2', 'container-create', 'shop-web-1', 'web');
const startWeb = operation('3', 'container-start', 'shop-web-1', 'web');
const waitWeb = operation('4', 'wait', 'web', 'web');

export const plan: PlanView = {
  empty: false,
  services: [
    { service: 'db', change: 'unchanged', causes: [] },
    {
      service: 'web',
      change: 'recreated',
      causes: ['image changed: nginx:1.25 → nginx:1.27', 'environment LOG_LEVEL added'],
    },
  ],
  operations: [create, makeWeb, startWeb, waitWeb],
  diagnostics: [],
};

const done = (step: Operation, from: number, to: number): DeploymentEvent[] => [
  { type: 'operation', at: at(from), operation: step, status: 'started' },
  { type: 'operation', at: at(to), operation: step, status: 'done', ms: to - from },
];

/** A deploy from its beginning to its end. */
export const wholeDeploy: readonly DeploymentEvent[] = [
  { type: 'state', at: at(0), state: 'running' },
  { type: 'phase', at: at(1), phase: 'images' },
  { type: 'image', at: at(2), ref: 'nginx:1.27', service: 'web', status: 'pulling' },
  {
    type: 'image',
    at: at(500),
    ref: 'nginx:1.27',
    service: 'web',
    status: 'pulling',
    current: 20_000_000,
    total: 60_000_000,
  },
  { type: 'image', at: at(1000), ref: 'nginx:1.27', service: 'web', status: 'done' },
  { type: 'phase', at: at(1001), phase: 'plan' },
  { type: 'plan', at: at(1002), plan, purpose: 'forward' },
  { type: 'phase', at: at(1003), phase: 'execute' },
  ...done(create, 1004, 1040),
  ...done(makeWeb, 1050, 1100),
  ...done(startWeb, 1110, 1310),
  ...done(waitWeb, 1320, 3320),
  { type: 'message', at: at(3330), level: 'warning', text: 'the host is short of memory', service: 'web' },
  { type: 'phase', at: at(3340), phase: 'verify' },
  {
    type: 'ended',
    at: at(3400),
    deployment: deployment({ state: 'succeeded', endedAt: at(3400), servingRevision: 7, previousRevision: 6 }),
  },
];
