import { DroverError } from '@drover/base';
import type { SourceInput } from '@drover/contract';
import { UnreachableError } from '../../client/api-error.ts';
import type { Invocation } from '../../command/command.ts';
import { CommandError } from '../../command/errors.ts';
import type { GlobalValues } from '../../command/global-flags.ts';
import type { Context } from '../../context.ts';
import { finishStarted } from '../../progress/follow.ts';
import { checkStackName } from '../../project/stack-name.ts';
import { makeSource } from '../../source/make-source.ts';
import type { adoptSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof adoptSpec.flags>): Promise<number> {
  const name = checkStackName(args[0]!, 'adopt');
  const source = context.global.file.length > 0 ? await givenSource(context, name) : await foundSource(context, name);
  const { client } = await context.connect();
  const { deployment } = await client.stacks.adopt({ name, ...(source === undefined ? {} : { source }) });
  return finishStarted(context, deployment, flags.noWait);
}

/** Files that were named must be right. */
async function givenSource(context: Context, name: string): Promise<SourceInput | undefined> {
  const found = await makeSource(context, []);
  if (found.name !== name) throw new CommandError(`adopting ${name}: these files make the project ${found.name}`);
  return found.source;
}

/**
 * The project's files: those that docker compose was called with, if they can be read here, else those of this folder. A project is
 * adopted without any as well.
 */
async function foundSource(context: Context, name: string): Promise<SourceInput | undefined> {
  const called = await filesByLabels(context, name);
  // A project that is not there is the server's to refuse.
  if (called === undefined) return undefined;
  const source =
    (await trySource({ ...context, global: { ...context.global, ...called } }, name)) ??
    (await trySource(context, name));
  if (source === undefined && !context.global.json)
    context.say(
      `The files of ${name} cannot be read here: it is adopted as it runs; drover up with its files takes them over.`,
    );
  return source;
}

/** What docker compose was called with, as the labels of the project's containers tell; `undefined` where it has none. */
async function filesByLabels(
  context: Context,
  name: string,
): Promise<Pick<GlobalValues, 'file' | 'envFile' | 'projectDirectory' | 'projectName'> | undefined> {
  const { client } = await context.connect();
  const [first] = await client.containers.list({ stack: name });
  if (first === undefined) return undefined;
  const { inspect } = await client.containers.inspect({ id: first.id });
  const labels = (inspect as { Config?: { Labels?: Readonly<Record<string, string>> | null } }).Config?.Labels ?? {};
  const list = (label: string): string[] =>
    (labels[`com.docker.compose.project.${label}`] ?? '').split(',').filter(Boolean);
  return {
    file: list('config_files'),
    envFile: list('environment_file'),
    projectDirectory: list('working_dir')[0],
    projectName: name,
  };
}

/** The files as a source; `undefined` where they are none, are wrong, or make another project. */
async function trySource(context: Context, name: string): Promise<SourceInput | undefined> {
  try {
    const found = await makeSource({ ...context, say: () => {} }, []);
    return found.name === name ? found.source : undefined;
  } catch (error) {
    if (!(error instanceof DroverError) || error instanceof UnreachableError) throw error;
    return undefined;
  }
}
