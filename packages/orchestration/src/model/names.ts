/** The name of a service's container: the author's own, or `<project>-<service>-<number>`. */
export function containerName(project: string, service: string, number: number, own?: string): string {
  return own !== undefined && own !== '' ? own : `${project}-${service}-${number}`;
}

/** The name that a replacement has until the one it replaces is gone, as docker compose gives it. */
export function replacementName(oldContainerId: string, finalName: string): string {
  return `${oldContainerId.slice(0, 12)}_${finalName}`;
}

/** The name that people know: without what a replacement is called until the one it replaces is gone. */
export function finalName(name: string): string {
  return name.replace(/^[0-9a-f]{12}_/, '');
}

/** The name of a one-off container; the slug is 12 hex digits. */
export function oneOffName(project: string, service: string, slug: string): string {
  return `${project}-${service}-run-${slug}`;
}

/** The image name of a built service that names none. */
export function builtImageName(project: string, service: string): string {
  return `${project}-${service}`;
}
