import { type HostFacts, judge, type LoadResult, type Target } from '@drover/compose';
import {
  type ContainerView,
  type DeploymentView,
  type DeployOptions,
  type DiagnosticView,
  disabledReason,
  type PlanView,
  type RevisionView,
  type ServiceView,
  type SourceInput,
  type SourceView,
  type StackAction,
  type StackSummary,
  type StackView,
  type VerdictReportView,
} from '@drover/contract';
import type { DeploymentStore } from '../deployment/deployment-store.ts';
import type { Deployments } from '../deployment/deployments.ts';
import type { RequestedSource } from '../deployment/request.ts';
import type { WorkerParts } from '../deployment/worker-parts.ts';
import { diagnosticView, reportView } from '../diagnostic-view.ts';
import type { RunOnceRequest } from '../orchestrator/orchestrator.ts';
import { Refusal } from '../refusal.ts';
import { ingestSource } from '../source/ingest.ts';
import type { Environment, Source } from '../source/source.ts';
import { sourceView } from '../source/source-view.ts';
import { acceptOrRefuse } from './accept.ts';
import { collectContent } from './content.ts';
import { secretValues, toDesired } from './desired.ts';
import type { Drift } from './drift.ts';
import { previewDeploy } from './plan-preview.ts';
import type { RevisionRecord } from './revision.ts';
import { servingImages } from './serving-images.ts';
import { assertStackName } from './stack-name.ts';
import { describeStack } from './stack-state.ts';
import type { StackRecord } from './stack-store.ts';

export interface StacksOptions {
  readonly parts: WorkerParts;
  readonly deployments: Deployments;
  readonly deploymentStore: DeploymentStore;
  readonly drift: Drift;
}

interface Draft {
  readonly source: Source;
  /** Undefined keeps the values that were saved before. */
  readonly environment: Environment | undefined;
}

interface Selection {
  readonly services?: readonly string[] | undefined;
  readonly timeout?: number | undefined;
}

type StartedDeployment = Promise<{ deployment: DeploymentView }>;

/** The stacks that Drover has, and the Compose projects that it could adopt. What may be done when is the contract's table. */
export class Stacks {
  readonly #parts: WorkerParts;
  readonly #deployments: Deployments;
  readonly #deploymentStore: DeploymentStore;
  readonly #drift: Drift;

  constructor({ parts, deployments, deploymentStore, drift }: StacksOptions) {
    this.#parts = parts;
    this.#deployments = deployments;
    this.#deploymentStore = deploymentStore;
    this.#drift = drift;
  }

  async list(): Promise<StackSummary[]> {
    const [containers, records, latest] = await Promise.all([
      this.#containersByStack(),
      this.#parts.stacks.list(),
      this.#deploymentStore.latest(),
    ]);
    const byName = new Map(records.map((record) => [record.name, record]));
    const names = [...new Set([...byName.keys(), ...containers.keys()])].sort();
    return names.map(
      (name) => this.#describe(name, byName.get(name), containers.get(name) ?? [], latest.get(name)).summary,
    );
  }

  async get(name: string): Promise<StackView> {
    assertStackName(name);
    const { record, summary, services } = await this.#find(name);
    const [draft, [last]] = await Promise.all([this.#parts.stacks.draft(name), this.#deployments.list(name, 1)]);
    const isShort = summary.activeDeployment === undefined && summary.running < summary.wanted;
    return {
      ...summary,
      serviceStates: isShort ? await this.#explained(name, services) : services,
      undeployedEdits: record?.edited ?? false,
      ...(draft === undefined ? {} : { source: await sourceView(draft.source, this.#parts.blobs) }),
      ...(last === undefined ? {} : { lastDeployment: last }),
    };
  }

  /** With the reasons for what is missing; without them where nobody can be asked. */
  async #explained(name: string, services: ServiceView[]): Promise<ServiceView[]> {
    const missing = await this.#parts.orchestrator.explainMissing(name).catch(() => undefined);
    return services.map((service) => {
      const words = missing?.get(service.name);
      return words === undefined ? service : { ...service, missing: [...words] };
    });
  }

  /** Keeps the files; nothing is deployed. What is wrong with them is told and stops nothing. */
  async save(name: string, input: SourceInput): Promise<StackView & { diagnostics: DiagnosticView[] }> {
    assertStackName(name);
    await this.#allow(name, 'edit');
    const draft = await this.#ingest(name, input);
    const { diagnostics } = await this.#check(name, await this.#requested(name, draft));
    await this.#parts.stacks.saveDraft(name, draft.source, draft.environment);
    return { ...(await this.get(name)), diagnostics };
  }

  /** What is wrong with the files, and which services they have. */
  async validate(name: string, input: SourceInput): Promise<{ diagnostics: DiagnosticView[]; services: string[] }> {
    assertStackName(name);
    const { diagnostics, services } = await this.#check(
      name,
      await this.#requested(name, await this.#ingest(name, input)),
    );
    return { diagnostics, services };
  }

  /** What a target does with every field of these files, or of the saved ones; what is wrong with them where they have errors. */
  async check(
    name: string,
    request: { source?: SourceInput | undefined; target: Target; facts?: HostFacts | undefined },
  ): Promise<{ diagnostics: DiagnosticView[]; report?: VerdictReportView }> {
    assertStackName(name);
    const from = await this.#sourceOf(name, request.source);
    const { diagnostics, result } = await this.#check(name, from);
    if (result?.ok !== true) return { diagnostics };
    const { target } = request;
    const { orchestrator } = this.#parts;
    const facts = request.facts ?? (target === orchestrator.target ? orchestrator.knownFacts() : undefined);
    return { diagnostics, report: reportView(judge(result.project, (path) => result.provenance(path), target, facts)) };
  }

  /** What a deploy would do now, of these files, of the saved ones, or of an older revision. */
  async plan(
    name: string,
    request: { source?: SourceInput | undefined; options?: DeployOptions | undefined; revision?: number | undefined },
    signal?: AbortSignal,
  ): Promise<PlanView> {
    assertStackName(name);
    const from =
      request.revision === undefined
        ? await this.#sourceOf(name, request.source)
        : await this.#sourceOfRevision(name, request.revision);
    const loaded = await this.#parts.loader.loadGood({ stack: name, ...from }, signal);
    const record = await this.#parts.stacks.find(name);
    const given = request.options ?? defaultOptions;
    const options =
      request.revision === undefined ? given : { ...given, accept: await this.#accepted(name, request.revision) };
    return await previewDeploy(this.#parts, { stack: name, record, from, loaded, options, signal });
  }

  /** Begins to bring these (or the saved) files about. Files with errors are refused before anything is kept. */
  async deploy(
    name: string,
    input: SourceInput | undefined,
    options: DeployOptions = defaultOptions,
  ): StartedDeployment {
    assertStackName(name);
    await this.#allow(name, 'deploy');
    const draft = input === undefined ? undefined : await this.#ingest(name, input);
    const from = draft === undefined ? await this.#sourceOf(name, undefined) : await this.#requested(name, draft);
    const loaded = await this.#parts.loader.loadGood({ stack: name, ...from });
    const { orchestrator } = this.#parts;
    acceptOrRefuse(loaded, options.accept, { target: orchestrator.target, facts: orchestrator.knownFacts() });
    return { deployment: await this.#deployments.begin(name, { action: 'deploy', from, options }, draft) };
  }

  async stop(name: string, selection: Selection): StartedDeployment {
    return await this.#operate(name, 'stop', selection);
  }

  async start(name: string, selection: Selection): StartedDeployment {
    return await this.#operate(name, 'start', selection);
  }

  async restart(name: string, selection: Selection): StartedDeployment {
    return await this.#operate(name, 'restart', selection);
  }

  async pull(name: string, input: SourceInput | undefined, services: readonly string[] | undefined): StartedDeployment {
    assertStackName(name);
    await this.#allow(name, 'pull');
    const from = await this.#sourceOf(name, input);
    await this.#parts.loader.loadGood({ stack: name, ...from });
    const selection = services === undefined ? {} : { services };
    return { deployment: await this.#deployments.begin(name, { action: 'pull', from, ...selection }) };
  }

  async build(
    name: string,
    input: SourceInput | undefined,
    request: { services?: readonly string[] | undefined; noCache: boolean; pull: boolean },
  ): StartedDeployment {
    assertStackName(name);
    await this.#allow(name, 'build');
    const from = await this.#sourceOf(name, input);
    await this.#parts.loader.loadGood({ stack: name, ...from });
    const { services, noCache, pull } = request;
    const selection = services === undefined ? {} : { services };
    return { deployment: await this.#deployments.begin(name, { action: 'build', from, noCache, pull, ...selection }) };
  }

  /** Takes over a project that docker compose made. Nothing of it is restarted. */
  async adopt(name: string, input: SourceInput | undefined): StartedDeployment {
    assertStackName(name);
    const { summary } = await this.#find(name);
    refuseWhere('adopt', name, summary);
    if (input === undefined) return { deployment: await this.#deployments.begin(name, { action: 'adopt' }) };
    const draft = await this.#ingest(name, input);
    const from = await this.#requested(name, draft);
    await this.#parts.loader.loadGood({ stack: name, ...from });
    return { deployment: await this.#deployments.begin(name, { action: 'adopt', from }, draft) };
  }

  async remove(
    name: string,
    request: { volumes: readonly string[]; removeOrphans: boolean; forget: boolean; timeout?: number | undefined },
  ): StartedDeployment {
    assertStackName(name);
    const { summary } = await this.#find(name);
    refuseWhere('remove', name, summary);
    const { volumes, removeOrphans, forget, timeout } = request;
    const rest = timeout === undefined ? {} : { timeout };
    return {
      deployment: await this.#deployments.begin(name, { action: 'remove', volumes, removeOrphans, forget, ...rest }),
    };
  }

  /** Returns to a revision, the one that served before when none is named. */
  async rollback(name: string, number: number | undefined, timeout: number | undefined): StartedDeployment {
    assertStackName(name);
    await this.#allow(name, 'rollback');
    const revision = number ?? (await this.#deploymentStore.servedBefore(name));
    if (revision === undefined)
      throw new Refusal('not-now', `rolling ${name} back: no other revision of it has served and is kept`);
    if ((await this.#parts.stacks.revision(name, revision)) === undefined)
      throw new Refusal('not-found', `rolling ${name} back: revision ${revision} is not (or no longer) kept`);
    const rest = timeout === undefined ? {} : { timeout };
    return { deployment: await this.#deployments.begin(name, { action: 'rollback', revision, ...rest }) };
  }

  async revisions(name: string): Promise<RevisionView[]> {
    assertStackName(name);
    const { record } = await this.#find(name);
    const [revisions, present] = await Promise.all([
      this.#parts.stacks.revisions(name),
      this.#parts.orchestrator.images.present(),
    ]);
    return revisions.map((revision) => revisionView(revision, record?.servingRevision, present));
  }

  async revisionSource(name: string, number: number): Promise<{ revision: RevisionView; source: SourceView }> {
    assertStackName(name);
    const record = await this.#parts.stacks.find(name);
    const revision = await this.#parts.stacks.revision(name, number);
    if (revision === undefined)
      throw new Refusal('not-found', `looking for revision ${number} of ${name}: it is not (or no longer) kept`);
    const source: Source = revision.source ?? { composeFiles: [], files: [] };
    return {
      revision: revisionView(revision, record?.servingRevision, await this.#parts.orchestrator.images.present()),
      source: await sourceView(source, this.#parts.blobs),
    };
  }

  /** Makes a one-off container of a service; it starts when somebody attaches. */
  async run(
    name: string,
    input: SourceInput | undefined,
    request: RunOnceRequest,
    signal?: AbortSignal,
  ): Promise<{ containerId: string; name: string }> {
    assertStackName(name);
    await this.#allow(name, 'run');
    const { orchestrator, loader, blobs } = this.#parts;
    const { target } = orchestrator;
    const from = await this.#sourceOf(name, input);
    const record = await this.#parts.stacks.find(name);
    const serving = record?.servingRevision;
    const { loaded, accepted } = acceptOrRefuse(
      await loader.loadGood({ stack: name, ...from }, signal),
      serving === undefined ? [] : await this.#accepted(name, serving),
      { target, facts: await orchestrator.collectFacts(signal) },
    );
    const settled = await orchestrator.images.settle({
      loaded,
      source: from.source,
      id: `run-${name}`,
      serving: () => servingImages(this.#parts, name, serving),
      onEvent: () => {},
      signal: signal ?? new AbortController().signal,
    });
    const content = await collectContent({ loaded, from: { stack: name, ...from }, images: settled, blobs, accepted });
    const desired = await toDesired(this.#parts, {
      stack: name,
      revision: serving ?? 0,
      content,
      imagesAreFresh: true,
      provenance: (path) => loaded.result.provenance(path),
    });
    return await orchestrator.runOnce(desired, request, secretValues(content), signal);
  }

  async #operate(
    name: string,
    action: 'stop' | 'start' | 'restart',
    { services, timeout }: Selection,
  ): StartedDeployment {
    assertStackName(name);
    const { summary } = await this.#find(name);
    refuseWhere(action, name, summary);
    const selection = {
      ...(services === undefined ? {} : { services }),
      ...(timeout === undefined ? {} : { timeout }),
    };
    return { deployment: await this.#deployments.begin(name, { action, ...selection }) };
  }

  /** Refuses what the stack's state does not allow; a stack that is not there yet allows what makes it. */
  async #allow(name: string, action: StackAction): Promise<void> {
    const found = await this.#lookUp(name);
    if (found !== undefined) refuseWhere(action, name, found.summary);
  }

  async #find(name: string) {
    const found = await this.#lookUp(name);
    if (found === undefined)
      throw new Refusal('not-found', `looking for the stack ${name}: there is none of that name`);
    return found;
  }

  async #lookUp(name: string) {
    const [record, containers] = await Promise.all([
      this.#parts.stacks.find(name),
      this.#containersByStack().then((byStack) => byStack.get(name) ?? []),
    ]);
    if (record === undefined && containers.length === 0) return undefined;
    const [last] = await this.#deploymentStore.list(name, 1);
    const active = last !== undefined && last.endedAt === undefined ? last : undefined;
    return { record, ...this.#describe(name, record, containers, last && { active, last }) };
  }

  #describe(
    name: string,
    record: StackRecord | undefined,
    containers: readonly ContainerView[],
    latest: { active: { id: string } | undefined; last: { state: string } } | undefined,
  ) {
    const described = describeStack({
      name,
      record,
      containers,
      activeDeployment: latest?.active?.id,
      lastDeploymentFailed: latest?.last.state === 'failed' || latest?.last.state === 'cancelled',
    });
    const drift = record === undefined || latest?.active !== undefined ? undefined : this.#drift.of(name);
    return drift === undefined ? described : { ...described, summary: { ...described.summary, drift } };
  }

  async #containersByStack(): Promise<Map<string, ContainerView[]>> {
    const views = await this.#parts.orchestrator.containers();
    return Map.groupBy(
      views.filter(({ stack }) => stack !== undefined),
      ({ stack }) => stack ?? '',
    );
  }

  async #ingest(name: string, input: SourceInput): Promise<Draft> {
    const source = await ingestSource(input, this.#parts.blobs);
    if (input.keepFiles !== true) return { source, environment: input.environment };
    const before = (await this.#parts.stacks.draft(name))?.source.files ?? [];
    const paths = new Set(source.files.map(({ path }) => path));
    const files = [...source.files, ...before.filter(({ path }) => !paths.has(path))];
    return {
      source: { ...source, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) },
      environment: input.environment,
    };
  }

  /** Files with every value that they are resolved with, as of now. */
  async #requested(name: string, { source, environment }: Draft): Promise<RequestedSource> {
    const [saved, variables] = await Promise.all([
      environment === undefined ? this.#parts.stacks.draft(name) : undefined,
      this.#parts.stacks.variables(name),
    ]);
    return {
      source,
      environment: environment ?? saved?.environment ?? {},
      variables: variables.map(({ name: variable, value, secret }) => ({ name: variable, value, secret })),
    };
  }

  async #sourceOf(name: string, input: SourceInput | undefined): Promise<RequestedSource> {
    if (input !== undefined) return await this.#requested(name, await this.#ingest(name, input));
    const draft = await this.#parts.stacks.draft(name);
    if (draft === undefined) throw new Refusal('not-found', `reading the files of ${name}: none are saved`);
    return await this.#requested(name, draft);
  }

  async #sourceOfRevision(name: string, number: number): Promise<RequestedSource> {
    const revision = await this.#parts.stacks.revision(name, number);
    const { environment, variables } = await this.#parts.stacks.revisionContent(name, number);
    if (revision?.source === undefined)
      throw new Refusal('not-found', `looking for revision ${number} of ${name}: it is not (or no longer) kept`);
    return { source: revision.source, environment, variables };
  }

  /** The names of the fields that a revision leaves out. */
  async #accepted(name: string, number: number): Promise<string[]> {
    return [...((await this.#parts.stacks.revision(name, number))?.summary.accepted ?? [])];
  }

  async #check(
    name: string,
    from: RequestedSource,
  ): Promise<{ diagnostics: DiagnosticView[]; services: string[]; result?: LoadResult }> {
    try {
      const { result } = await this.#parts.loader.load({ stack: name, ...from });
      return {
        diagnostics: result.diagnostics.map(diagnosticView),
        services: result.ok ? Object.keys(result.project.services).sort() : [],
        result,
      };
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'invalid-source') throw error;
      return { diagnostics: [{ severity: 'error', code: 'env-file', message: error.message }], services: [] };
    }
  }
}

const defaultOptions: DeployOptions = {
  pull: 'policy',
  build: false,
  forceRecreate: false,
  removeOrphans: false,
  timeout: 600,
};

function refuseWhere(action: StackAction, name: string, summary: StackSummary): void {
  const reason = disabledReason(action, summary.state);
  if (reason === undefined) return;
  const code = summary.state === 'deploying' ? 'busy' : 'not-now';
  const which = summary.activeDeployment === undefined ? '' : ` (${summary.activeDeployment})`;
  throw new Refusal(code, `${name}: ${reason}${which}`);
}

function revisionView(
  revision: RevisionRecord,
  serving: number | undefined,
  present: (id: string) => boolean,
): RevisionView {
  const images = revision.summary.services
    .filter(({ imageId }) => imageId !== '')
    .map(({ name, image, imageId }) => ({ service: name, ref: image, id: imageId }));
  return {
    number: revision.number,
    createdAt: revision.createdAt,
    origin: revision.origin,
    serving: revision.number === serving,
    images,
    accepted: [...(revision.summary.accepted ?? [])],
    restorable: images.every(({ id }) => present(id)),
  };
}
