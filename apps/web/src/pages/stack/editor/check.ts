import { messageOf } from '@drover/base';
import {
  bundleReader,
  type HostFacts,
  judge,
  load,
  parseDotenv,
  type Target,
  type VerdictReport,
} from '@drover/compose';
import type { DiagnosticView, SourceView } from '@drover/contract';
import { absolutePath } from './source-edit.ts';

export type CheckRequest = {
  readonly name: string;
  readonly source: SourceView;
  /** The stack's own variables; a secret's value is not known here and stands as three dots. */
  readonly variables: readonly { readonly name: string; readonly value?: string | undefined }[];
  /** What is known of the engine. */
  readonly facts?: HostFacts;
};

export type CheckResult = {
  readonly diagnostics: readonly DiagnosticView[];
  /** The services of a project without errors. */
  readonly services: readonly string[];
  /** The variables that its files ask for and nothing gives. */
  readonly unset: readonly string[];
  /** What each target does with every field of a project without errors. */
  readonly verdicts?: Readonly<Record<Target, VerdictReport>>;
};

/**
 * Loads a stack's files in memory and says what is wrong with them, as the server's loader would. For a stack that the command
 * line made, the server also knows values of its caller's environment; what depends on those is the server's to say.
 */
export async function checkSource(
  { name, source, variables, facts = {} }: CheckRequest,
  signal?: AbortSignal,
): Promise<CheckResult> {
  const values = new Map<string, string>();
  const own = new Map(variables.map((variable) => [variable.name, variable.value ?? '…']));
  const diagnostics: DiagnosticView[] = [];
  for (const path of source.envFiles.length > 0 ? source.envFiles : ['.env']) {
    const text = source.files.find((file) => file.path === path)?.text;
    if (text === undefined) continue;
    try {
      parseDotenv(text, values, (variable) => own.get(variable));
    } catch (error) {
      diagnostics.push(envFileDiagnostic(path, messageOf(error)));
    }
  }
  const result = await load({
    files: source.composeFiles.map((path) => ({ uri: absolutePath(source, path) })),
    workingDir: source.workingDir ?? '/stack',
    environment: Object.fromEntries([...values, ...own]),
    projectName: name,
    profiles: source.profiles,
    reader: bundleReader(new Map(source.files.map((file) => [absolutePath(source, file.path), file.text]))),
    ...(signal === undefined ? {} : { signal }),
  });
  const dependsOnServer = source.workingDir !== undefined;
  for (const { severity, code, message, path, origin, suggestion } of result.diagnostics) {
    if (dependsOnServer && (code === 'unset-variable' || code === 'interpolation')) continue;
    diagnostics.push({
      severity,
      code,
      message,
      path: [...path],
      ...(origin === undefined ? {} : { origin: { file: origin.file, line: origin.line, column: origin.column } }),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  const verdictsOn = (target: Target): VerdictReport | undefined =>
    result.ok
      ? judge(result.project, (path) => result.provenance(path), target, target === 'engine' ? facts : {})
      : undefined;
  const [engine, swarm] = [verdictsOn('engine'), verdictsOn('swarm')];
  return {
    diagnostics,
    ...(engine === undefined || swarm === undefined ? {} : { verdicts: { engine, swarm } }),
    services: result.ok ? Object.keys(result.project.services) : [],
    unset: result.variables.filter((use) => !use.set && use.default === undefined).map((use) => use.name),
  };
}

function envFileDiagnostic(file: string, message: string): DiagnosticView {
  const line = Number(/^line (\d+)/.exec(message)?.[1] ?? 1);
  return { severity: 'error', code: 'env-file', message, origin: { file, line, column: 1 } };
}
