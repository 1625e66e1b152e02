/** The name of a service's container: the author's own, or `<project>-<service>-<number>`. */
export function containerName(project: string, service: string, number: number, own?: string): string {
  return own !== undefined && own !== '' ? own : `${project}-${service}-${number}`;
}

/** Every name under which a slot's container is at home; docker compose 1 joined them with underscores. */
export function slotNames(project: string, service: string, number: number, own?: string): readonly string[] {
  const name = containerName(project, service, number, own);
  return own !== undefined && own !== '' ? [name] : [name, `${project}_${service}_${number}`];
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
