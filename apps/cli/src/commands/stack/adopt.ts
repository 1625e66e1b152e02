import { DroverError } from '@drover/base';
import type { SourceInput } from '@drover/contract';
import { UnreachableError } from '../../client/api-error.ts';
import type { Invocation } from '../../command/command.ts';
import { CommandError } from '../../command/errors.ts';
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

/** The project's files, if they are here or where docker compose found them; a project is adopted without them as well. */
async function foundSource(context: Context, name: string): Promise<SourceInput | undefined> {
  const here = await trySource(context, name, context.directory);
  if (here !== undefined) return here;
  const { client } = await context.connect();
  const stack = (await client.stacks.list()).find((each) => each.name === name);
  const there =
    stack?.workingDir === undefined ? undefined : await trySource(context, name, stack.workingDir, { given: true });
  if (stack !== undefined && there === undefined && !context.global.json)
    context.say(
      `The files of ${name} are not readable here: it is adopted as it runs; drover up with its files takes them over.`,
    );
  return there;
}

async function trySource(
  context: Context,
  name: string,
  directory: string,
  options: { readonly given: boolean } = { given: false },
): Promise<SourceInput | undefined> {
  const environment = { ...context.environment };
  delete environment.COMPOSE_FILE;
  const global = options.given ? { ...context.global, projectName: name } : context.global;
  try {
    const found = await makeSource({ ...context, global, directory, environment, say: () => {} }, []);
    return found.name === name ? found.source : undefined;
  } catch (error) {
    // Files that are wrong, or of another project, are as good as none.
    if (!(error instanceof DroverError) || error instanceof UnreachableError) throw error;
    return undefined;
  }
}
