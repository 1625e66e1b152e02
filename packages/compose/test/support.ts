import { bundleReader, type LoadInput, type LoadResult, type LoadSuccess, load, type Project } from '../src/index.ts';

/** A load from memory: paths relative to /app, the first one is the Compose file. */
export function loadFiles(files: Readonly<Record<string, string>>, more: Partial<LoadInput> = {}): Promise<LoadResult> {
  const paths = Object.entries(files).map(([path, text]) => [`/app/${path}`, text] as const);
  return load({
    files: paths.slice(0, 1).map(([uri]) => ({ uri })),
    workingDir: '/app',
    environment: {},
    reader: bundleReader(new Map(paths)),
    ...more,
  });
}

/** The project of files that must load. */
export async function projectOf(
  files: Readonly<Record<string, string>>,
  more: Partial<LoadInput> = {},
): Promise<Project> {
  return (await loadGood(files, more)).project;
}

/** One file that must load. */
export function loaded(text: string): Promise<LoadSuccess> {
  return loadGood({ 'c.yaml': text });
}

async function loadGood(files: Readonly<Record<string, string>>, more: Partial<LoadInput> = {}): Promise<LoadSuccess> {
  const result = await loadFiles(files, more);
  if (!result.ok) throw new Error(result.diagnostics.map((found) => found.message).join('\n'));
  return result;
}

/** The errors of files that must not load: `line:column code message`. */
export async function errorsOf(
  files: Readonly<Record<string, string>>,
  more: Partial<LoadInput> = {},
): Promise<readonly string[]> {
  const result = await loadFiles(files, more);
  if (result.ok) throw new Error('it loaded');
  return result.diagnostics
    .filter((found) => found.severity === 'error')
    .map(({ origin, code, message }) => {
      const place = origin === undefined ? '' : `${origin.file.replace('/app/', '')}:${origin.line}:${origin.column} `;
      return `${place}${code}: ${message}`;
    });
}
