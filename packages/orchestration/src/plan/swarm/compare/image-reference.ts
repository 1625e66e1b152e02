/** An image's name taken apart; what people leave out is filled in. */
export interface ImageReference {
  /** `docker.io/library/redis`. */
  readonly name: string;
  /** `latest` where neither a tag nor a digest is given. */
  readonly tag: string;
  /** `sha256:…`, or empty. */
  readonly digest: string;
}

export function imageReference(text: string): ImageReference {
  const at = text.indexOf('@');
  const digest = at === -1 ? '' : text.slice(at + 1);
  const rest = at === -1 ? text : text.slice(0, at);
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? (digest === '' ? 'latest' : '') : rest.slice(colon + 1);
  const host = registryOf(path);
  const below = path.startsWith(`${host}/`) ? path.slice(host.length + 1) : path;
  const canonicalHost = host === 'index.docker.io' ? 'docker.io' : host;
  const short = canonicalHost === 'docker.io' && !below.includes('/');
  return { name: `${canonicalHost}/${short ? 'library/' : ''}${below}`, tag, digest };
}

/** The registry that an image comes from; it is the key of the credentials that are needed. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const hasHost = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost');
  return hasHost ? first : 'docker.io';
}

/** How the image of the tasks differs from the wanted one, in words; undefined where it does not. */
export function swarmImageDifference(want: string, have: string): string | undefined {
  const [wanted, found] = [imageReference(want), imageReference(have)];
  const sameName = wanted.name === found.name && (wanted.tag === found.tag || wanted.tag === '' || found.tag === '');
  if (sameName && wanted.digest === found.digest) return undefined;
  const [now, before] = [nameAndTag(want), nameAndTag(have)];
  if (!sameName) return `image changed: ${before} → ${now}`;
  if (wanted.digest === '') return `image ${now} is wanted without a digest, which no registry tells`;
  if (found.digest === '') return `image ${now} is pinned to ${shortDigest(wanted.digest)}`;
  return `image ${now} has new content: ${shortDigest(found.digest)} → ${shortDigest(wanted.digest)}`;
}

function nameAndTag(reference: string): string {
  return reference.split('@')[0] ?? reference;
}

function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
