import { writeFile } from 'node:fs/promises';
import { messageOf } from '@drover/base';
import type { Project, VariableUse } from '@drover/compose';
import { serviceHash } from '@drover/compose/hash/hashes';
import { shownService } from '@drover/compose/print/shown-project';
import { toJson } from '@drover/compose/print/to-json';
import type { Invocation } from '../../command/command.ts';
import { CommandError } from '../../command/errors.ts';
import type { Context } from '../../context.ts';
import { loadProject } from '../../project/load-project.ts';
import { unknownService } from '../../project/unknown-service.ts';
import { printTable } from '../../terminal/print-table.ts';
import type { configSpec } from './specs.ts';

type Flags = Invocation<typeof configSpec.flags>['flags'];

export async function run(context: Context, { flags, args }: Invocation<typeof configSpec.flags>): Promise<number> {
  const { result, input } = await loadProject(context, {
    ...(args.length === 0 ? {} : { services: args }),
    skip: {
      interpolate: flags.noInterpolate,
      normalize: flags.noNormalize,
      resolvePaths: flags.noPathResolution,
      consistency: flags.noConsistency,
      resolveEnvironment: flags.noEnvResolution,
    },
  });
  const { project } = result;
  const list = namesAskedFor(project, flags);
  if (list !== undefined) printNames(context, list);
  else if (flags.hash !== undefined) printHashes(context, project, flags.hash);
  else if (flags.variables) printVariables(context, result.variables, input.environment);
  else if (flags.environment) printEnvironment(context, input.environment);
  else if (!flags.quiet) await printProject(context, project, flags);
  return 0;
}

/** What one of the listing flags asks for. */
function namesAskedFor(project: Project, flags: Flags): string[] | undefined {
  if (flags.services) return Object.keys(project.services).sort();
  if (flags.volumes) return Object.keys(project.volumes).sort();
  if (flags.networks) return Object.keys(project.networks).sort();
  if (flags.images)
    return Object.entries(project.services).map(([name, { image }]) => image ?? `${project.name}-${name}`);
  if (!flags.profiles) return undefined;
  const all = [...Object.values(project.services), ...Object.values(project.disabledServices)];
  return [...new Set(all.flatMap(({ profiles = [] }) => profiles))].sort();
}

function printNames(context: Context, names: readonly string[]): void {
  if (context.global.json) context.printJson(names);
  else for (const name of names) context.print(name);
}

function printHashes(context: Context, project: Project, wanted: string): void {
  const known = Object.keys(project.services).sort();
  const names = wanted === '*' ? known : wanted.split(',');
  const hashes = names.map((name) => {
    const service = known.includes(name) ? project.services[name] : undefined;
    if (service === undefined) throw new CommandError(unknownService(project.name, name, known));
    return [
      name,
      serviceHash(shownService(service), { defaultPlatform: context.environment.DOCKER_DEFAULT_PLATFORM }),
    ] as const;
  });
  if (context.global.json) context.printJson(hashes.map(([service, hash]) => ({ service, hash })));
  else for (const [name, hash] of hashes) context.print(`${name} ${hash}`);
}

function printVariables(
  context: Context,
  variables: readonly VariableUse[],
  environment: Readonly<Record<string, string>>,
): void {
  if (context.global.json) context.printJson(variables);
  else
    printTable(
      context,
      [{ title: 'NAME' }, { title: 'REQUIRED' }, { title: 'DEFAULT VALUE', flexible: true }, { title: 'SET' }],
      variables.map(({ name, required, default: word = '' }) => [
        name,
        String(required),
        word,
        Object.hasOwn(environment, name) ? 'yes' : 'no',
      ]),
    );
}

function printEnvironment(context: Context, environment: Readonly<Record<string, string>>): void {
  if (context.global.json) context.printJson(environment);
  else for (const name of Object.keys(environment).sort()) context.print(`${name}=${environment[name]}`);
}

async function printProject(context: Context, project: Project, flags: Flags): Promise<void> {
  const text = await projectText(project, context.global.json ? 'json' : (flags.format ?? 'yaml'));
  if (flags.output === undefined) context.terminal.stdout.write(text);
  else
    await writeFile(flags.output, text).catch((error: unknown) => {
      throw new CommandError(`writing ${flags.output}: ${messageOf(error)}`, { cause: error });
    });
}

async function projectText(project: Project, format: 'yaml' | 'json'): Promise<string> {
  if (format === 'json') return `${toJson(project)}\n`;
  const { toYaml } = await import('@drover/compose/print/to-yaml');
  return toYaml(project);
}
