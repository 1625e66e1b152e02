import { readFile } from 'node:fs/promises';
import type { LoadSuccess } from '@drover/compose';

/**
 * The values, from the caller's environment, of the variables that the files ask for, and no others: those in `${…}`, those that
 * secrets, configs and bare names take, and those that env files mention.
 */
export async function usedEnvironment(options: {
  readonly results: readonly LoadSuccess[];
  readonly envFiles: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
}): Promise<Record<string, string>> {
  const { results, environment } = options;
  const names = new Set<string>();
  for (const { variables, project } of results) {
    for (const { name } of variables) names.add(name);
    for (const object of [...Object.values(project.secrets), ...Object.values(project.configs)])
      if (object.environment !== undefined) names.add(object.environment);
    // A bare name was filled in from the caller's environment.
    for (const { build, environment: given } of Object.values(project.services))
      for (const [name, value] of [...Object.entries(given ?? {}), ...Object.entries(build?.args ?? {})])
        if (value === null || value === environment[name]) names.add(name);
  }
  const serviceFiles = results.flatMap(({ inputs }) =>
    inputs.filter(({ kind }) => kind === 'env-file').map(({ uri }) => uri),
  );
  for (const file of new Set([...options.envFiles, ...serviceFiles]))
    for (const name of mentionedNames(await readFile(file, 'utf8').catch(() => ''))) names.add(name);
  const used: Record<string, string> = Object.create(null);
  for (const name of [...names].sort()) {
    // Docker compose sets PWD itself where the shell has not.
    const value = environment[name] ?? (name === 'PWD' ? options.directory : undefined);
    if (value !== undefined) used[name] = value;
  }
  return used;
}

/** The variables that an env file takes from elsewhere: `$NAME`, `${NAME…}`, and a line that holds only a name. */
export function mentionedNames(text: string): string[] {
  const inValues = [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => name!);
  const bare = [...text.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*$/gm)].map(([, name]) => name!);
  return [...inValues, ...bare];
}
