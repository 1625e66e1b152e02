import { toYaml } from '@drover/compose';
import type { Desired } from '@drover/orchestration';
import type { Standing } from '../orchestrator/orchestrator.ts';
import { planView } from '../plan-view.ts';
import { Refusal } from '../refusal.ts';
import type { Source } from '../source/source.ts';
import { collectContent, fingerprintOf, summarize } from '../stack/content.ts';
import { toDesired } from '../stack/desired.ts';
import type { RequestedSource } from './request.ts';
import type { DeploymentRun, Worker } from './run.ts';
import { type WorkerParts, workSignal } from './worker-parts.ts';

/**
 * Records what another tool made as revision 1, and touches nothing. Without the files, they are written from what stands there.
 */
export function adoptWorker(parts: WorkerParts): Worker<'adopt'> {
  return async (run, { from }) => {
    try {
      return await adopt(parts, run, from);
    } catch (error) {
      // What was not adopted is not Drover's.
      if (!run.abandoned.aborted && (await parts.stacks.revisions(run.record.stack)).length === 0)
        await parts.stacks.forget(run.record.stack);
      throw error;
    }
  };
}

async function adopt(parts: WorkerParts, run: DeploymentRun, given: RequestedSource | undefined) {
  const { orchestrator, stacks, deployments, blobs, loader, sealer } = parts;
  const { stack, id } = run.record;
  const signal = workSignal(run);
  run.report({ type: 'phase', phase: 'load' });
  const standing = await orchestrator.standing(stack, signal);
  if (standing === undefined)
    throw new Refusal('not-found', `adopting ${stack}: ${nothing[orchestrator.target]} of that name`);
  const from = given ?? (await writtenSource(parts, standing));
  const loaded = await loader.loadGood({ stack, ...from }, signal);
  const images = await standing.images(loaded.result.project);
  const content = await collectContent({ loaded, from: { stack, ...from }, images, blobs });
  const revision =
    run.record.revision ??
    (await deployments.addRevision(id, {
      origin: 'adopted',
      source: from.source,
      summary: summarize(content, parts.orchestrator.target),
      fingerprint: fingerprintOf(content, from.source, loaded, sealer),
      content,
    }));
  await orchestrator.images.keep({ stack, revision }, images);
  if (given === undefined) await stacks.saveDraft(stack, from.source, from.environment);
  const desired = await toDesired(parts, {
    stack,
    revision,
    content,
    imagesAreFresh: true,
    provenance: (path) => loaded.result.provenance(path),
  });
  reportDifferences(run, desired, standing);
  return {
    state: 'succeeded',
    revision,
    servingRevision: revision,
    wanted: standing.runs ? 'running' : 'stopped',
  } as const;
}

const nothing = {
  engine: 'the engine has no containers of a project',
  swarm: 'the Swarm has no services of a stack',
} as const;

function reportDifferences(run: DeploymentRun, desired: Desired, standing: Standing): void {
  const plan = standing.plan(desired);
  if (plan.operations.length === 0) {
    run.report({ type: 'plan', purpose: 'forward', plan: planView(plan) });
    return;
  }
  const changed = plan.services.filter(({ change }) => change !== 'unchanged');
  run.report({
    type: 'message',
    level: 'warning',
    text: `adopted as it stands; the next deploy will change ${changed.map(({ service }) => service).join(', ') || 'it'} (drover plan shows why)`,
  });
}

/** A Compose file that says what stands there. */
async function writtenSource({ blobs }: WorkerParts, standing: Standing): Promise<RequestedSource> {
  const project = standing.writtenProject();
  const text = `# Written by Drover from what stands of ${project.name}, whose own files could not be read.\n${toYaml(project)}`;
  const bytes = Buffer.from(text);
  const [sha256 = ''] = await blobs.putAll([bytes]);
  const name = 'compose.yaml';
  const source: Source = {
    ...(project.workingDir === '/' ? {} : { workingDir: project.workingDir }),
    composeFiles: [name],
    files: [{ path: name, sha256, size: bytes.length }],
  };
  return { source, environment: {}, variables: [] };
}
