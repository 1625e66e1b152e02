/** Labels that docker compose reads and writes; both tools see one project through them. */
export const composeLabel = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  version: 'com.docker.compose.version',
  workingDir: 'com.docker.compose.project.working_dir',
  configFiles: 'com.docker.compose.project.config_files',
  environmentFile: 'com.docker.compose.project.environment_file',
  oneOff: 'com.docker.compose.oneoff',
  configHash: 'com.docker.compose.config-hash',
  number: 'com.docker.compose.container-number',
  dependsOn: 'com.docker.compose.depends_on',
  image: 'com.docker.compose.image',
  replace: 'com.docker.compose.replace',
  slug: 'com.docker.compose.slug',
  /** On the container of a hook: which one it is. */
  hook: 'com.docker.compose.hook',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  imageBuilder: 'com.docker.compose.image.builder',
} as const;

/** Drover's own labels. */
export const droverLabel = {
  /** The revision of the stack that made the object. */
  revision: 'io.drover.revision',
  /** A digest of everything that the container was made from; equal means made from the same. */
  hash: 'io.drover.hash',
  /** The versions of the secrets and configs that were put into the container. */
  contents: 'io.drover.contents',
} as const;

/** The docker compose whose behaviour Drover reproduces byte for byte, also in its version label. */
export const composeVersion = '2.40.3';

/** Whether a label belongs to the tools and not to the author. */
export function isToolLabel(name: string): boolean {
  return name.startsWith('com.docker.compose.') || name.startsWith('io.drover.');
}
