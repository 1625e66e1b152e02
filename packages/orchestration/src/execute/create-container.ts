import type { ContainerId } from '@drover/base';
import { serviceHash } from '@drover/compose';
import { isEngineError } from '@drover/engine';
import type { ContainerBody } from '../model/container-body.ts';
import { composeLabel, droverLabel } from '../model/labels.ts';
import type { OperationOf } from '../model/operation.ts';
import { replaceTokens } from '../model/tokens.ts';
import { idOf, type Run } from './run.ts';

/** Labels that are equal only on the container that this very operation made before. */
const identity = [
  composeLabel.project,
  composeLabel.service,
  composeLabel.number,
  composeLabel.configHash,
  droverLabel.revision,
];

/** Makes the container, on one host of several after a pull of its image. One that an earlier try made is taken. Answers warnings. */
export async function createContainer(
  run: Run,
  operation: OperationOf<'container-create'>,
  isRetry = false,
): Promise<readonly string[]> {
  const { engine, hard: signal } = run;
  const { name, platform } = operation;
  const body = resolveLate(run, operation);
  const doing = `creating ${name}`;
  try {
    const { Id, Warnings } = await engine.containers.create(body, { name, platform, signal, doing });
    run.created.set(operation.id, Id);
    return Warnings ?? [];
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found') && run.fetchImage !== undefined && body.Image && !isRetry) {
      await run.fetchImage(body.Image, platform);
      return await createContainer(run, operation, true);
    }
    if (!isEngineError(thrown, 'conflict')) throw thrown;
    const id = await findEarlierTry(run, name, body);
    if (id === undefined) throw thrown;
    run.created.set(operation.id, id);
    return [];
  }
}

function resolveLate(run: Run, { body, late }: OperationOf<'container-create'>): ContainerBody {
  if (late === undefined) return body;
  const ids = new Map(late.tokens.map(({ token, container }) => [token, idOf(run, container)]));
  const resolved = replaceTokens(body, ids);
  const configHash = serviceHash(replaceTokens(late.service, ids), late);
  return { ...resolved, Labels: { ...resolved.Labels, [composeLabel.configHash]: configHash } };
}

async function findEarlierTry(run: Run, name: string, body: ContainerBody): Promise<ContainerId | undefined> {
  const { Id, Config } = await run.engine.containers.inspect(name, {
    signal: run.hard,
    doing: `creating ${name}`,
  });
  const same = identity.every((label) => Config.Labels?.[label] === body.Labels?.[label]);
  return same ? Id : undefined;
}
