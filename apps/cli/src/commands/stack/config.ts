import { writeFile } from 'node:fs/promises';
import { messageOf } from '@drover/base';
import type { SkippedStages } from '@drover/compose';
import { serviceHash } from '@drover/compose/hash/hashes';
import { shownService } from '@drover/compose/print/shown-project';
import { toJson } from '@drover/compose/print/to-json';
import { servicesInOrder } from '@drover/compose/project/graph';
import { withoutUnusedResources } from '@drover/compose/project/select';
import type { Invocation } from '../../command/command.ts';
import { CommandError } from '../../command/errors.ts';
import type { Context } from '../../context.ts';
import { type LoadedProject, loadProject, loadWritten } from '../../project/load-project.ts';
import { unknownService } from '../../project/unknown-service.ts';
import { printVariables } from './config-variables.ts';
import type { configSpec } from './specs.ts';

type Flags = Invocation<typeof configSpec.flags>['flags'];

/** As in docker compose, the listing flags come before the printing ones, and some of them look at the whole project. */
export async function run(context: Context, { flags, args }: Invocation<typeof configSpec.flags>): Promise<number> {
  const skip: SkippedStages = {
    normalize: flags.noNormalize,
    resolvePaths: flags.noPathResolution,
    consistency: flags.noConsistency,
    resolveEnvironment: flags.noEnvResolution,
  };
  const services = args.length === 0 ? {} : { services: args };
  const whole = (): Promise<LoadedProject> => loadProject(context, { skip: { ...skip, resolveEnvironment: true } });
  const chosen = (): Promise<LoadedProject> => loadProject(context, { ...services, skip });
  if (flags.services) {
    if (flags.noInterpolate) printNames(context, await writtenServices(context, skip));
    else printNames(context, servicesInOrder((await whole()).result.project.services));
  } else if (flags.volumes || flags.networks || flags.models) printNames(context, resourceNames(await whole(), flags));
  else if (flags.hash !== undefined) printHashes(context, await whole(), flags.hash);
  else if (flags.profiles) printNames(context, profilesOf(await chosen()));
  else if (flags.images) printNames(context, imagesOf(await chosen()));
  else if (flags.variables) printVariables(context, (await whole()).result.variables, flags.format);
  else if (flags.environment) printEnvironment(context, await chosen());
  else {
    const format = context.global.json ? 'json' : (flags.format ?? 'yaml');
    const text = flags.noInterpolate
      ? await writtenText(context, skip, format)
      : await projectText(await chosen(), format);
    if (!flags.quiet) await printText(context, text, flags.output);
  }
  return 0;
}

function printNames(context: Context, names: readonly string[]): void {
  if (context.global.json) context.printJson(names);
  else for (const name of names) context.print(name);
}

async function writtenServices(context: Context, skip: SkippedStages): Promise<string[]> {
  const services = (await loadWritten(context, skip)).entries.get('services');
  return services?.kind === 'map' ? [...services.entries.keys()].sort() : [];
}

function resourceNames({ result }: LoadedProject, flags: Flags): string[] {
  const { volumes, networks, models } = withoutUnusedResources(result.project);
  if (flags.volumes) return Object.keys(volumes).sort();
  if (flags.networks) return Object.keys(networks).sort();
  return Object.values(models).flatMap(({ model = '' }) => (model === '' ? [] : [model]));
}

function profilesOf({ result }: LoadedProject): string[] {
  const { services, disabledServices } = result.project;
  const all = [...Object.values(services), ...Object.values(disabledServices)];
  return [...new Set(all.flatMap(({ profiles = [] }) => profiles))].sort();
}

function imagesOf({ result: { project } }: LoadedProject): string[] {
  return Object.entries(project.services).map(([name, { image }]) => image ?? `${project.name}-${name}`);
}

function printHashes(context: Context, { result: { project } }: LoadedProject, wanted: string): void {
  const known = Object.keys(project.services).sort();
  const names = wanted === '*' ? known : wanted.split(',').sort();
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

function printEnvironment(context: Context, { input, result }: LoadedProject): void {
  const environment: Readonly<Record<string, string>> = {
    ...input.environment,
    COMPOSE_PROJECT_NAME: result.project.name,
  };
  if (context.global.json) context.printJson(environment);
  else for (const name of Object.keys(environment).sort()) context.print(`${name}=${environment[name]}`);
}

async function writtenText(context: Context, skip: SkippedStages, format: 'yaml' | 'json'): Promise<string> {
  const model = await loadWritten(context, skip);
  const { modelToJson, modelToYaml } = await import('@drover/compose/print/model');
  return format === 'json' ? modelToJson(model) : modelToYaml(model);
}

async function projectText({ result: { project } }: LoadedProject, format: 'yaml' | 'json'): Promise<string> {
  if (format === 'json') return toJson(project);
  const { toYaml } = await import('@drover/compose/print/to-yaml');
  return toYaml(project);
}

async function printText(context: Context, text: string, file: string | undefined): Promise<void> {
  if (file === undefined) context.terminal.stdout.write(text);
  else
    await writeFile(file, text).catch((error: unknown) => {
      throw new CommandError(`writing ${file}: ${messageOf(error)}`, { cause: error });
    });
}
