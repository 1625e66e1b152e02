import { isStackName, type StackName } from '@drover/base';
import { CommandError, UsageError } from '../command/errors.ts';
import { quote } from '../command/quote.ts';
import type { Context } from '../context.ts';

const noneNamed = 'which stack is meant: name it with --project-name, or go to the folder of its Compose file';

/** The stack that a command is about: `--project-name`, else COMPOSE_PROJECT_NAME, else that of this folder's Compose file. */
export async function resolveStackName(context: Context): Promise<StackName>;
/** With `optional`, `undefined` where nothing names one. */
export async function resolveStackName(
  context: Context,
  options: { readonly optional: true },
): Promise<StackName | undefined>;
export async function resolveStackName(
  context: Context,
  options?: { readonly optional: true },
): Promise<StackName | undefined> {
  const { projectName, file } = context.global;
  if (projectName !== undefined) return checkStackName(projectName, '--project-name');
  const fromEnvironment = context.environment.COMPOSE_PROJECT_NAME;
  if (fromEnvironment) return checkStackName(fromEnvironment, 'COMPOSE_PROJECT_NAME');
  const { nameOfFiles } = await import('./files-name.ts');
  const found = await nameOfFiles(context, { mustExist: file.length > 0 });
  if (found !== undefined) return found;
  if (options?.optional) return undefined;
  throw new CommandError(noneNamed);
}

/** Throws `UsageError` for what cannot be a stack's name (`../x`, `$(id)`). */
export function checkStackName(name: string, where: string): StackName {
  if (isStackName(name)) return name;
  throw new UsageError(
    `${where}: ${quote(name)} is no stack's name: lower-case letters, digits, - and _, at most 63, beginning with a letter or digit.`,
  );
}
