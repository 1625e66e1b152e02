import type { HostFacts, Project, Target } from '@drover/compose';
import type { ContainerView } from '@drover/contract';
import type { ConvergenceResult, Desired, Plan, PlanOptions, ServiceImage } from '@drover/orchestration';
import type { DeploymentRun, Outcome } from '../deployment/run.ts';
import type { MadeRun } from './run-once.ts';
import type { StackImages } from './stack-images.ts';

/** How a deploy is planned. */
export interface DeployPlanOptions extends PlanOptions {
  /** Pinned services whose container goes to another host, with none of its data; only a Swarm has such. */
  readonly move?: ReadonlySet<string>;
}

/** What a convergence is about. */
export interface ConvergeRequest {
  readonly target: Desired;
  /** The revision to put back when the target fails; null takes down what was made. */
  readonly previous: Desired | null;
  readonly options: DeployPlanOptions;
  readonly timeoutMs: number;
  /** How long a container without a health check must have run before the target counts, where that was asked for. */
  readonly settleMs?: number | undefined;
  /** Values that messages and log lines must not show. */
  readonly secrets: readonly string[];
}

/** Something that is done to a stack as it stands, without another revision. */
export type StackOperation =
  | { readonly action: 'stop' | 'start' | 'restart'; readonly services?: readonly string[]; readonly timeout?: number }
  | { readonly action: 'remove'; readonly volumes: readonly string[]; readonly timeout?: number };

export interface OperateRequest {
  readonly operation: StackOperation;
  /** The model of the revision that serves; absent for what Drover has not deployed. */
  readonly project: Project | undefined;
  /** The whole of that revision. */
  readonly serving: () => Promise<Desired | undefined>;
  /** What the deployment ends with where it goes well. */
  readonly success: Partial<Outcome>;
  readonly secrets: readonly string[];
}

/** Something of a stack's name that Drover did not make. */
export interface Standing {
  /** Whether anything of it runs. */
  readonly runs: boolean;
  /** A model that says what stands there, for where its own files cannot be read. */
  writtenProject(): Project;
  /** The image of each service: what runs, by the name that the files give it; else what the name stands for now. */
  images(project: Project): Promise<ReadonlyMap<string, ServiceImage>>;
  /** What a deploy of this revision would change. */
  plan(desired: Desired): Plan;
}

export interface RunOnceRequest {
  readonly service: string;
  readonly command?: readonly string[] | undefined;
  readonly entrypoint?: readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly user?: string | undefined;
  readonly workdir?: string | undefined;
  readonly tty: boolean;
  readonly interactive: boolean;
  readonly servicePorts: boolean;
  readonly dependencies: boolean;
}

/**
 * What runs the stacks of one environment: one Docker Engine, or a Swarm. Everything about stacks that is the same for both is
 * above it, and everything that differs is behind it.
 */
export interface Orchestrator {
  readonly target: Target;
  /** Whether paths of this machine mean the same to what runs the containers. */
  readonly sharesFiles: boolean;
  readonly images: StackImages;
  /** Whether it can be talked to, as far as is known. */
  isConnected(): boolean;
  /** What is known of the hosts without asking them: nothing while they cannot be reached. */
  knownFacts(): HostFacts | undefined;
  /** What the hosts can do, as far as verdicts and plans depend on it. */
  collectFacts(signal?: AbortSignal): Promise<HostFacts>;
  /** Every container that tells how its stacks are now, whoever made it. */
  containers(): Promise<readonly ContainerView[]>;
  /** Why what is wanted of a stack does not run, by service, in words; nothing where containers tell all there is. */
  explainMissing(stack: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Something was changed from here: whoever reads next sees it, whether its events have come or not. */
  invalidate(): void;
  /** What a deploy of the revision would do now; changes nothing. Throws `PlanError`. */
  plan(desired: Desired, options: DeployPlanOptions, signal?: AbortSignal): Promise<Plan>;
  /** Brings a revision about, telling of every step; puts the previous one back where that fails. */
  converge(run: DeploymentRun, request: ConvergeRequest): Promise<ConvergenceResult>;
  /** Stops, starts, restarts or removes what stands. */
  operate(run: DeploymentRun, request: OperateRequest): Promise<Outcome>;
  /** What stands there under the name of a stack; undefined where nothing does. */
  standing(stack: string, signal: AbortSignal): Promise<Standing | undefined>;
  /** Makes a one-off container of a service, with what it depends on up, and does not start it: who attaches does. */
  runOnce(
    desired: Desired,
    request: RunOnceRequest,
    secrets: readonly string[],
    signal?: AbortSignal,
  ): Promise<MadeRun>;
}
