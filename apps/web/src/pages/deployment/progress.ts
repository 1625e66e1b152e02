import type { DeploymentEvent, DeploymentState, DeploymentView, OperationView, PlanView } from '@drover/contract';

type EventOf<Type extends DeploymentEvent['type']> = Extract<DeploymentEvent, { readonly type: Type }>;
export type Phase = EventOf<'phase'>['phase'];
export type ImageProgress = Omit<EventOf<'image'>, 'type' | 'at'>;
export type Message = Omit<EventOf<'message'>, 'type'>;

export type OperationStatus = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

export type OperationProgress = {
  readonly operation: Omit<OperationView, 'dependsOn'>;
  readonly status: OperationStatus;
  /** Milliseconds since the first event of the deployment. */
  readonly from?: number;
  readonly to?: number;
  readonly message?: string;
};

/** One plan as it is carried out: the way forward, then perhaps the way back. */
export type Round = {
  readonly purpose: 'forward' | 'rollback';
  readonly plan: PlanView;
  readonly operations: ReadonlyMap<string, OperationProgress>;
};

/** Everything that is known of a deployment from its events. */
export type Progress = {
  readonly began: number | undefined;
  /** The moment of the last event, in milliseconds since the first. */
  readonly latest: number;
  readonly state: DeploymentState | undefined;
  readonly phases: readonly { readonly phase: Phase; readonly from: number }[];
  readonly images: ReadonlyMap<string, ImageProgress>;
  readonly rounds: readonly Round[];
  readonly messages: readonly Message[];
  readonly ended: DeploymentView | undefined;
};

export const noProgress: Progress = {
  began: undefined,
  latest: 0,
  state: undefined,
  phases: [],
  images: new Map(),
  rounds: [],
  messages: [],
  ended: undefined,
};

/** The progress after more events, in their order. */
export function withEvents(progress: Progress, events: readonly DeploymentEvent[]): Progress {
  const next = new Accumulator(progress);
  for (const event of events) next.add(event);
  return next.result();
}

/** A copy that a batch of events is written into; thousands of events make one new value and not thousands. */
class Accumulator {
  #progress: { -readonly [Key in keyof Progress]: Progress[Key] };
  readonly #images: Map<string, ImageProgress>;
  readonly #rounds: (Omit<Round, 'operations'> & { readonly operations: Map<string, OperationProgress> })[];

  constructor(progress: Progress) {
    this.#progress = { ...progress, phases: [...progress.phases], messages: [...progress.messages] };
    this.#images = new Map(progress.images);
    this.#rounds = progress.rounds.map((round) => ({ ...round, operations: new Map(round.operations) }));
  }

  result(): Progress {
    return { ...this.#progress, images: this.#images, rounds: this.#rounds };
  }

  add(event: DeploymentEvent): void {
    const moment = Date.parse(event.at);
    this.#progress.began ??= moment;
    const at = Math.max(0, moment - this.#progress.began);
    this.#progress.latest = Math.max(this.#progress.latest, at);
    switch (event.type) {
      case 'state':
        this.#progress.state = event.state;
        break;
      case 'phase':
        this.#progress.phases = [...this.#progress.phases, { phase: event.phase, from: at }];
        break;
      case 'image': {
        const { type: _type, at: _at, ...image } = event;
        // Services that share an image ask for it each; it comes once.
        if (this.#images.get(image.ref)?.status !== 'done') this.#images.set(image.ref, image);
        break;
      }
      case 'plan':
        this.#rounds.push({ purpose: event.purpose, plan: event.plan, operations: waitingOperations(event.plan) });
        break;
      case 'operation':
        this.#addOperation(event, at);
        break;
      case 'message': {
        const { type: _type, ...message } = event;
        this.#progress.messages = [...this.#progress.messages, message].slice(-200);
        break;
      }
      case 'ended':
        this.#progress.ended = event.deployment;
        this.#progress.state = event.deployment.state;
        break;
    }
  }

  #addOperation({ operation, status, message }: EventOf<'operation'>, at: number): void {
    const operations = this.#rounds.at(-1)?.operations;
    if (operations === undefined) return;
    const known = operations.get(operation.id);
    const from = status === 'started' ? at : known?.from;
    operations.set(operation.id, {
      operation,
      status: status === 'started' ? 'running' : status,
      ...(from === undefined ? {} : { from }),
      ...(status === 'started' || status === 'skipped' ? {} : { to: at }),
      ...(message === undefined ? {} : { message }),
    });
  }
}

function waitingOperations(plan: PlanView): Map<string, OperationProgress> {
  return new Map(
    plan.operations.map(({ dependsOn: _dependsOn, ...operation }) => [operation.id, { operation, status: 'waiting' }]),
  );
}

/** How many operations of a round have come to an end. */
export function doneCount({ operations }: Round): number {
  let done = 0;
  for (const { status } of operations.values()) if (status !== 'waiting' && status !== 'running') done += 1;
  return done;
}
