import type { DeploymentEvent, DeploymentView, PlanView } from '@drover/contract';
import { inwardKinds } from './words.ts';

type EventOf<Type extends DeploymentEvent['type']> = Extract<DeploymentEvent, { readonly type: Type }>;
export type OperationEvent = EventOf<'operation'>;
export type ServiceChange = PlanView['services'][number];

export interface ImageProgress {
  readonly ref: string;
  status: EventOf<'image'>['status'];
  text: string | undefined;
  current: number | undefined;
  total: number | undefined;
  readonly startedAt: number;
  endedAt: number | undefined;
}

export type ItemState = 'waiting' | 'active' | 'done' | 'failed' | 'skipped' | 'unchanged';

/** A service, or something that belongs to none (a network, a volume), as it is shown on one line. */
export interface ItemProgress {
  readonly name: string;
  readonly change: ServiceChange['change'] | undefined;
  readonly causes: readonly string[];
  state: ItemState;
  /** What runs now, by operation. */
  readonly active: Map<string, { readonly kind: string; readonly target: string }>;
  operationsLeft: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
  message: string | undefined;
}

/** A deployment as far as its events have told it. Times are those of the server. */
export interface DeploymentProgress {
  phase: string | undefined;
  purpose: 'forward' | 'rollback';
  startedAt: number | undefined;
  lastAt: number;
  plan: PlanView | undefined;
  /** What becomes of each service, over all plans forward: one that was cut off by a restart is planned again. */
  readonly changes: Map<string, ServiceChange['change']>;
  readonly images: Map<string, ImageProgress>;
  /** What was tried, once it is being taken back. */
  attempt: ReadonlyMap<string, ItemProgress> | undefined;
  /** By service, or by target for what belongs to none. */
  items: Map<string, ItemProgress>;
  readonly messages: EventOf<'message'>[];
  ended: DeploymentView | undefined;
}

export function emptyProgress(): DeploymentProgress {
  return {
    phase: undefined,
    purpose: 'forward',
    startedAt: undefined,
    lastAt: 0,
    plan: undefined,
    changes: new Map(),
    images: new Map(),
    attempt: undefined,
    items: new Map(),
    messages: [],
    ended: undefined,
  };
}

/** Takes one event in. */
export function applyEvent(progress: DeploymentProgress, event: DeploymentEvent): void {
  const at = Date.parse(event.at);
  progress.startedAt ??= at;
  progress.lastAt = at;
  switch (event.type) {
    case 'state':
      return;
    case 'phase':
      progress.phase = event.phase;
      return;
    case 'image':
      applyImage(progress, event, at);
      return;
    case 'plan':
      if (event.purpose === 'rollback' && progress.purpose === 'forward') progress.attempt = progress.items;
      progress.purpose = event.purpose;
      progress.plan = event.plan;
      if (event.purpose === 'forward') noteChanges(progress, event.plan);
      progress.items = itemsOf(event.plan);
      return;
    case 'operation':
      applyOperation(progress, event, at);
      return;
    case 'message':
      progress.messages.push(event);
      return;
    case 'ended':
      progress.ended = event.deployment;
  }
}

function noteChanges({ changes }: DeploymentProgress, { services }: PlanView): void {
  for (const { service, change } of services)
    if (change !== 'unchanged' || !changes.has(service)) changes.set(service, change);
}

function applyImage({ images }: DeploymentProgress, event: EventOf<'image'>, at: number): void {
  const image = images.get(event.ref) ?? {
    ref: event.ref,
    status: event.status,
    text: undefined,
    current: undefined,
    total: undefined,
    startedAt: at,
    endedAt: undefined,
  };
  images.set(event.ref, image);
  image.status = event.status;
  image.text = event.text;
  image.current = event.current ?? image.current;
  image.total = event.total ?? image.total;
  if (event.status === 'done' || event.status === 'failed') image.endedAt = at;
}

function itemsOf(plan: PlanView): Map<string, ItemProgress> {
  const items = new Map<string, ItemProgress>();
  const item = (name: string, change: ItemProgress['change'], causes: readonly string[]): ItemProgress => {
    const made: ItemProgress = {
      name,
      change,
      causes,
      state: change === 'unchanged' ? 'unchanged' : 'waiting',
      active: new Map(),
      operationsLeft: 0,
      startedAt: undefined,
      endedAt: undefined,
      message: undefined,
    };
    items.set(itemKey(change === undefined ? undefined : name, name), made);
    return made;
  };
  const operations = plan.operations.filter(({ kind }) => !inwardKinds.has(kind));
  for (const { service, target, causes } of operations)
    if (service === undefined && !items.has(itemKey(undefined, target))) item(target, undefined, causes);
  for (const { service, change, causes } of plan.services) item(service, change, causes);
  for (const { service, target } of operations) {
    const key = itemKey(service, target);
    const found = items.get(key) ?? item(service ?? target, service === undefined ? undefined : 'started', []);
    found.operationsLeft += 1;
    if (found.state === 'unchanged') found.state = 'waiting';
  }
  return items;
}

/** Services and other things may bear the same name. */
function itemKey(service: string | undefined, target: string): string {
  return service === undefined ? `target:${target}` : `service:${service}`;
}

function applyOperation({ items }: DeploymentProgress, event: OperationEvent, at: number): void {
  const { id, kind, target, service } = event.operation;
  const item = items.get(itemKey(service, target));
  if (item === undefined || inwardKinds.has(kind)) return;
  if (event.status === 'started') {
    item.startedAt ??= at;
    item.active.set(id, { kind, target });
    if (item.state !== 'failed') item.state = 'active';
    return;
  }
  item.active.delete(id);
  item.operationsLeft -= 1;
  item.endedAt = at;
  if (event.status === 'failed') {
    item.state = 'failed';
    item.message = event.message;
  } else if (item.state !== 'failed' && item.active.size === 0) {
    if (item.operationsLeft > 0) item.state = 'waiting';
    else item.state = event.status === 'skipped' ? 'skipped' : 'done';
  }
}
