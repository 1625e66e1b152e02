import type { ServiceImage } from '../model/desired.ts';
import { composeLabel } from '../model/labels.ts';
import type { ObservedContainer } from '../model/observed.ts';

/** Whether the container runs the very image that is wanted. */
export function sameImage(image: ServiceImage, container: ObservedContainer): boolean {
  return container.Image === image.id || container.Config.Labels?.[composeLabel.image] === image.contentDigest;
}

/** How the image differs, in words; undefined when it does not. */
export function imageDifference(image: ServiceImage, container: ObservedContainer): string | undefined {
  const running = container.Config.Image ?? '';
  const same = sameImage(image, container);
  if (same && (running === image.runAs || !isName(running) || fullReference(running) === fullReference(image.ref))) {
    return undefined;
  }
  if (isName(running) && fullReference(running) !== fullReference(image.ref))
    return `image changed: ${running} → ${image.ref}`;
  return `image ${image.ref} has new content`;
}

/** false for ids, and for the names under which Drover keeps images of older revisions. */
function isName(reference: string): boolean {
  return reference !== '' && !/^(sha256:)?[0-9a-f]{12,64}$/.test(reference) && !reference.startsWith('drover/');
}

/** `redis` as `docker.io/library/redis:latest`. */
function fullReference(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const hasHost = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost');
  const path = hasHost ? reference : `docker.io/${rest.length === 0 ? `library/${reference}` : reference}`;
  return /[:@][^/]*$/.test(path.slice(path.lastIndexOf('/'))) ? path : `${path}:latest`;
}
