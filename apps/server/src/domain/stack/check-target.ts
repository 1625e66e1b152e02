import { stat } from 'node:fs/promises';
import type { DiagnosticView } from '@drover/contract';
import { Refusal } from '../refusal.ts';
import type { GoodProject } from '../source/load-project.ts';
import type { Source } from '../source/source.ts';

/** Refuses files without a service: deploying nothing would take down what runs, and that is what `down` is for. */
export function checkServices({ result: { project } }: GoodProject): void {
  if (Object.keys(project.services).length > 0) return;
  const profiles = Object.keys(project.disabledServices).length > 0 ? ' that is active: each waits for a profile' : '';
  throw new Refusal('invalid-source', `the Compose files of ${project.name} have no service${profiles}`);
}

/**
 * Refuses binds of relative paths where they would mean another machine's files: the engine is elsewhere, or the client is. An
 * absolute path is the engine's own and the author's to answer for.
 */
export async function checkRelativeBinds(
  { result, workingDir }: GoodProject,
  source: Source,
  sharesFiles: boolean,
): Promise<void> {
  const found = relativeBinds(result, workingDir);
  if (found.length === 0) return;
  const reason = !sharesFiles
    ? 'the engine runs on another machine and does not have the files of this one'
    : source.workingDir !== undefined && !(await isFolder(workingDir))
      ? `the folder ${workingDir} of the client is not on the machine of the engine`
      : undefined;
  if (reason === undefined) return;
  const diagnostics = found.map(({ service, index, source: path }): DiagnosticView => {
    const at = ['services', service, 'volumes', index];
    const origin = result.provenance(at);
    return {
      severity: 'error',
      code: 'relative-bind',
      message: `${service} binds ${path}, and ${reason}`,
      path: at,
      ...(origin === undefined ? {} : { origin: { file: origin.file, line: origin.line, column: origin.column } }),
    };
  });
  const [first] = diagnostics;
  const place = first?.origin === undefined ? '' : `${first.origin.file}:${first.origin.line}:${first.origin.column}: `;
  throw new Refusal('invalid-source', `${place}${first?.message}; use a volume, or a config`, { diagnostics });
}

function relativeBinds({ project }: GoodProject['result'], workingDir: string) {
  return Object.entries(project.services).flatMap(([service, { volumes }]) =>
    (volumes ?? []).flatMap(({ type, source }, index) =>
      type === 'bind' && source !== undefined && (source === workingDir || source.startsWith(`${workingDir}/`))
        ? [{ service, index, source }]
        : [],
    ),
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
