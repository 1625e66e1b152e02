import { join } from 'node:path';
import type { StackName } from '@drover/base';
import type { LoadSuccess } from '@drover/compose';
import { projectInput } from '@drover/compose/node/project-input';
import type { SourceInput } from '@drover/contract';
import { CommandError } from '../command/errors.ts';
import type { Context } from '../context.ts';
import { ComposeFilesError } from '../project/compose-error.ts';
import { type LoadedProject, loadInput, projectOptions } from '../project/load-project.ts';
import { checkStackName } from '../project/stack-name.ts';
import { unknownService } from '../project/unknown-service.ts';
import { bundlePath, collectFiles } from './collect.ts';
import { usedEnvironment } from './environment.ts';
import { uploadFiles } from './upload.ts';

export interface StackSource {
  readonly name: StackName;
  /** Absent: there are no files here, and those that the server keeps are meant. */
  readonly source: SourceInput | undefined;
}

/**
 * The stack that a command deploys: the files of this folder (or of `-f`), checked here and uploaded; or, with `--project-name` in a folder
 * without any, the files that the server keeps.
 */
export async function makeSource(context: Context, services: readonly string[]): Promise<StackSource> {
  const { global } = context;
  const found = await projectInput(projectOptions(context));
  if (!found.ok) {
    const nothingHere = global.file.length === 0 && found.diagnostics.every(({ code }) => code === 'not-found');
    if (nothingHere && global.projectName !== undefined && !context.environment.COMPOSE_FILE)
      return { name: checkStackName(global.projectName, '--project-name'), source: undefined };
    throw new ComposeFilesError(found.diagnostics);
  }
  const loaded = await loadInput(context, found);
  const { project } = loaded.result;
  checkServices(loaded.result, services);
  // A named service is meant though its profile is not active, and so are the files that it reaches.
  const hidden = services.filter((service) => Object.hasOwn(project.disabledServices, service));
  const results: LoadSuccess[] = [loaded.result];
  if (hidden.length > 0) results.push((await loadInput(context, found, { services: hidden })).result);
  return { name: checkStackName(project.name, 'the project'), source: await upload(context, loaded, results) };
}

async function upload(context: Context, loaded: LoadedProject, results: readonly LoadSuccess[]): Promise<SourceInput> {
  const { workingDir, files, profiles = [] } = loaded.input;
  const envFiles = loaded.envFiles.map((file) => bundlePath(workingDir, file));
  const [collected, environment, connection] = await Promise.all([
    collectFiles({ workingDir, results, envFiles: loaded.envFiles }),
    usedEnvironment({
      results,
      envFiles: loaded.envFiles,
      environment: context.environment,
      directory: context.directory,
    }),
    context.connect(),
  ]);
  const uploaded = await uploadFiles(connection, collected, (sent, total) => {
    if (total >= 20 && (sent === total || sent % 100 === 0)) context.say(`uploaded ${sent} of ${total} files`);
  });
  const standardInput = files.flatMap(({ uri, text }) => (uri === '-' ? [{ path: '-', text: text ?? '' }] : []));
  return {
    workingDir,
    composeFiles: files.map(({ uri }) => (uri === '-' ? '-' : bundlePath(workingDir, uri))),
    // The server reads a folder's own .env by itself.
    ...(isImplicit(loaded) ? {} : { envFiles }),
    profiles: [...profiles],
    environment,
    files: [...standardInput, ...uploaded],
  };
}

/** Whether nothing but the project folder's own `.env` is read, if it is there. */
function isImplicit({ envFiles, input }: LoadedProject): boolean {
  return envFiles.length === 0 || (envFiles.length === 1 && envFiles[0] === join(input.workingDir, '.env'));
}

/** Throws for a name that is no service of the files, with the one that may have been meant. */
function checkServices({ project }: LoadSuccess, services: readonly string[]): void {
  const known = [...Object.keys(project.services), ...Object.keys(project.disabledServices)];
  for (const service of services)
    if (!known.includes(service)) throw new CommandError(unknownService(project.name, service, known));
}
