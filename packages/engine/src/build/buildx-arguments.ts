import type { BuildRequest, BuildSecret } from '../model/build.ts';

/** Files that a build reads or writes beside its context. */
export interface BuildxFiles {
  readonly imageIdFile: string;
  /** Where the value of a secret lies that was given as text. */
  secretFile(secret: BuildSecret): string;
}

/**
 * The arguments of `buildx build`. Every value of the user is behind `--name=`, or the last argument behind `--`, so that
 * none can be taken for another option.
 */
export function buildxArguments(request: BuildRequest, files: BuildxFiles): readonly string[] {
  const inline = request.dockerfileInline !== undefined;
  return [
    'build',
    '--progress=plain',
    '--load',
    `--iidfile=${files.imageIdFile}`,
    ...option('file', inline ? '-' : dockerfileOf(request)),
    ...each('tag', request.tags),
    ...Object.entries(request.args ?? {}).flatMap(([name, value]) =>
      value === null ? [] : [`--build-arg=${name}=${value}`],
    ),
    ...pairs('label', request.labels),
    ...option('target', request.target),
    ...each('cache-from', request.cacheFrom),
    ...each('cache-to', request.cacheTo),
    ...option('network', request.network),
    ...each('add-host', request.extraHosts),
    ...option('shm-size', request.shmSize),
    ...option('platform', request.platform),
    ...(request.noCache ? ['--no-cache'] : []),
    ...(request.pull ? ['--pull'] : []),
    ...pairs('build-context', request.additionalContexts),
    ...(request.secrets ?? []).map(
      (secret) => `--secret=${csvField(`id=${secret.id}`)},${csvField(`src=${files.secretFile(secret)}`)}`,
    ),
    ...each('ssh', request.ssh),
    ...each('allow', allowed(request)),
    ...each('no-cache-filter', request.noCacheFilter),
    ...option('provenance', request.provenance),
    ...option('sbom', request.sbom),
    ...Object.entries(request.ulimits ?? {}).map(([name, { soft, hard }]) => `--ulimit=${name}=${soft}:${hard}`),
    '--',
    request.context,
  ];
}

/** A privileged build is one that may be insecure. */
function allowed({ privileged, entitlements }: BuildRequest): readonly string[] {
  return [...new Set([...(privileged ? ['security.insecure'] : []), ...(entitlements ?? [])])];
}

function dockerfileOf({ context, dockerfile }: BuildRequest): string | undefined {
  if (dockerfile === undefined || dockerfile.startsWith('/') || !context.startsWith('/')) return dockerfile;
  return `${context.replace(/\/$/, '')}/${dockerfile}`;
}

function option(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

function each(name: string, values: readonly string[] | undefined): readonly string[] {
  return (values ?? []).map((value) => `--${name}=${value}`);
}

function pairs(name: string, values: { readonly [key: string]: string } | undefined): readonly string[] {
  return Object.entries(values ?? {}).map(([key, value]) => `--${name}=${key}=${value}`);
}

/** One field of the comma-separated values that some options are. */
function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
