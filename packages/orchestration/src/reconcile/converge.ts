import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@drover/base';
import { isAway } from '@drover/engine';
import type { ExecutionResult } from '../execute/execution.ts';
import { redactor } from '../execute/redact.ts';
import { PlanError } from '../model/errors.ts';
import type { Operation } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import type { ExecutionEvent, Failure } from '../model/progress.ts';
import type {
  ConvergenceGoal,
  ConvergenceOptions,
  ConvergenceParts,
  ConvergenceRequest,
  ConvergenceResult,
} from './convergence.ts';
import { EarlyLook } from './early-look.ts';

const defaultRollbackMs = 120_000;

/** Operations that bring back what has ended. */
const restarting: ReadonlySet<Operation['kind']> = new Set(['container-start', 'service-wait']);

/** How often an engine that cannot be reached is asked again while a revision is put back. */
const retryMs = 500;

/**
 * Observes, plans, executes, and observes again: it succeeded when a second plan is empty. The second look is taken while what was
 * started last has yet to stay up, which the end of the execution finds out by itself; where that plan is not empty, or the look a second
 * old, once more after it. On failure, time-out or cancellation the previous revision is planned against what stands then, and put back.
 */
export async function converge<Goal extends ConvergenceGoal, Standing, Options extends ConvergenceOptions>(
  parts: ConvergenceParts<Goal, Standing, Options>,
  request: ConvergenceRequest<Goal, Options>,
): Promise<ConvergenceResult> {
  const { target, previous, signal, timeoutMs, onEvent } = request;
  const signals = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)];
  const deadline = AbortSignal.any(signals.filter((each) => each !== undefined));
  const forward = await bringAbout(parts, request, {
    desired: target,
    options: request.options ?? noOptions<Options>(),
    signal: deadline,
    purpose: 'forward',
  });
  if (forward.failure === undefined) {
    return { outcome: 'succeeded', servedRevision: target.revision, changed: forward.changed };
  }
  const { failure } = forward;
  const outcome = failure.reason === 'cancelled' ? 'cancelled' : 'failed';
  if (!forward.changed && request.resumed !== true)
    return { outcome, failure, servedRevision: previous?.revision ?? null };
  onEvent?.({ type: 'rolling-back', failure, to: previous?.revision ?? null });
  const back = await putBack(parts, request);
  return back === undefined
    ? { outcome, failure, servedRevision: previous?.revision ?? null }
    : { outcome, failure, servedRevision: null, rollbackFailure: back };
}

interface Attempt<Goal, Options> {
  readonly desired: Goal;
  readonly options: Options;
  readonly signal: AbortSignal;
  readonly purpose: 'forward' | 'rollback';
}

interface Outcome {
  readonly failure?: Failure;
  /** Whether anything was begun. */
  readonly changed: boolean;
}

async function bringAbout<Goal extends ConvergenceGoal, Standing, Options extends ConvergenceOptions>(
  parts: ConvergenceParts<Goal, Standing, Options>,
  request: ConvergenceRequest<Goal, Options>,
  attempt: Attempt<Goal, Options>,
): Promise<Outcome> {
  let changed = false;
  try {
    const first = parts.plan(attempt.desired, await parts.observe(attempt.desired, attempt.signal), attempt.options);
    request.onEvent?.({ type: 'planned', plan: first, purpose: attempt.purpose });
    if (first.operations.length === 0) return { changed };
    changed = true;
    const { options, desired, signal } = attempt;
    const verifying = once(() => request.onEvent?.({ type: 'verifying', purpose: attempt.purpose }));
    const early = new EarlyLook({
      operations: first.operations.length,
      look: () => {
        verifying();
        return parts.observe(desired, signal);
      },
    });
    const result = await carryOut(parts, request, first, attempt, (event) => {
      // What was replaced may be removed after the check.
      if (event.type === 'settling' && event.operation.kind === 'check') verifying();
      early.hear(event);
    });
    if (result.failure !== undefined) return { failure: result.failure, changed };
    verifying();
    const after = { ...withoutForce(options), completed: new Set([...(options.completed ?? []), ...result.completed]) };
    const seen = await early.seen();
    if (seen !== undefined && parts.plan(desired, seen, after).operations.length === 0) return { changed };
    const second = parts.plan(desired, await parts.observe(desired, signal), after);
    return second.operations.length === 0 ? { changed } : { failure: await unstable(parts, request, second), changed };
  } catch (thrown) {
    return { failure: asFailure(thrown, request, attempt), changed };
  }
}

function carryOut<Goal extends ConvergenceGoal, Standing, Options extends ConvergenceOptions>(
  parts: ConvergenceParts<Goal, Standing, Options>,
  request: ConvergenceRequest<Goal, Options>,
  plan: Plan,
  attempt: Attempt<Goal, Options>,
  heard: (event: ExecutionEvent) => void,
): Promise<ExecutionResult> {
  const { parallel, settleMs, secrets, onEvent } = request;
  return parts.execute(plan, {
    signal: attempt.signal,
    ...(parallel === undefined ? {} : { parallel }),
    // What served before has shown that it runs.
    ...(settleMs === undefined || attempt.purpose === 'rollback' ? {} : { settleMs }),
    ...(secrets === undefined ? {} : { secrets }),
    onEvent: (event) => {
      heard(event);
      onEvent?.({ type: 'execution', event, purpose: attempt.purpose });
    },
  });
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

/** Puts the previous revision back, or takes down what was made when there was none. Answers why it could not. */
async function putBack<Goal extends ConvergenceGoal, Standing, Options extends ConvergenceOptions>(
  parts: ConvergenceParts<Goal, Standing, Options>,
  request: ConvergenceRequest<Goal, Options>,
): Promise<Failure | undefined> {
  const { previous, target } = request;
  const signal = AbortSignal.timeout(request.rollbackTimeoutMs ?? defaultRollbackMs);
  const desired = previous ?? nothingOf(target);
  const options = optionsBack(request.options ?? noOptions<Options>());
  for (;;) {
    const { failure } = await bringAbout(parts, request, { desired, options, signal, purpose: 'rollback' });
    if (failure === undefined || failure.reason !== 'unreachable' || signal.aborted) return failure;
    // An engine that restarts comes back; the containers of the previous revision are still there.
    await sleep(retryMs);
  }
}

/** The revision in which the stack has no services. */
function nothingOf<Goal extends ConvergenceGoal>(target: Goal): Goal {
  const project = { ...target.project, services: {}, disabledServices: {}, networks: {} };
  return { ...target, project, images: new Map() };
}

/** Every option has a default. */
function noOptions<Options extends ConvergenceOptions>(): Options {
  return {} as Options;
}

/** Which services, and how long things may take, is as on the way forward; what the caller wanted of the target is not. */
function optionsBack<Options extends ConvergenceOptions>(options: Options): Options {
  const { services, withoutDependencies, stopTimeout, keep } = options;
  const back: ConvergenceOptions = {
    orphans: 'own',
    ...(services === undefined ? {} : { services }),
    ...(withoutDependencies === undefined ? {} : { withoutDependencies }),
    ...(stopTimeout === undefined ? {} : { stopTimeout }),
    ...(keep === undefined ? {} : { keep }),
  };
  return back as Options;
}

/** What was asked for once is done; a second plan that asked again would do it again. */
function withoutForce<Options extends ConvergenceOptions>(options: Options): Options {
  const { recreate, move: _, ...rest } = options;
  return { ...rest, ...(recreate === 'never' ? { recreate } : {}) } as unknown as Options;
}

/** Told by the plan that would bring back what did not stay; it is not empty. */
async function unstable<Goal extends ConvergenceGoal, Standing, Options extends ConvergenceOptions>(
  parts: ConvergenceParts<Goal, Standing, Options>,
  { secrets }: ConvergenceRequest<Goal, Options>,
  plan: Plan,
): Promise<Failure> {
  // What is to be started or waited for again tells more than what only follows from that.
  const operation = (plan.operations.find(({ kind }) => restarting.has(kind)) ?? plan.operations[0]) as Operation;
  const end = await parts.endBefore?.(operation).catch(() => undefined);
  const causes = `${operation.target}, ${operation.causes.join(', ')}`;
  const redact = redactor(secrets ?? []);
  const container =
    operation.kind === 'container-start' && 'id' in operation.container ? operation.container : undefined;
  return {
    reason: 'unstable',
    message: redact(`${plan.project} does not stay as it was deployed: ${end?.words ?? causes}`),
    ...(operation.service === undefined ? {} : { service: operation.service }),
    ...(container === undefined ? {} : { container: container.name }),
    ...(end === undefined || end.lines.length === 0 ? {} : { logs: end.lines.map(redact) }),
  };
}

function asFailure<Goal extends ConvergenceGoal, Options extends ConvergenceOptions>(
  thrown: unknown,
  { signal, secrets, target }: ConvergenceRequest<Goal, Options>,
  attempt: Attempt<Goal, Options>,
): Failure {
  const redact = redactor(secrets ?? []);
  if (thrown instanceof PlanError) return { reason: 'plan', message: redact(thrown.message) };
  if (attempt.signal.aborted) {
    return attempt.purpose === 'forward' && signal?.aborted === true
      ? { reason: 'cancelled', message: `deploying ${target.identity.name} was cancelled` }
      : { reason: 'timed-out', message: `deploying ${target.identity.name} was not done in time` };
  }
  return { reason: isAway(thrown) ? 'unreachable' : 'engine', message: redact(messageOf(thrown)) };
}
