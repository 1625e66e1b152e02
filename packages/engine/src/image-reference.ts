/** An image reference taken apart; `name` as it was written, without tag and digest. */
export interface ImageReference {
  readonly name: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** Takes `host:5000/team/web:1@sha256:…` apart. It does not judge whether the engine will like it. */
export function parseImageReference(text: string): ImageReference {
  const at = text.indexOf('@');
  const named = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? null : text.slice(at + 1);
  const colon = named.lastIndexOf(':');
  const isTag = colon > named.lastIndexOf('/');
  return { name: isTag ? named.slice(0, colon) : named, tag: isTag ? named.slice(colon + 1) : null, digest };
}

/** The short form that the Engine lists tags in: `docker.io/library/redis` is `redis:latest`. */
export function familiarReference(text: string): string {
  const { name, tag, digest } = parseImageReference(text);
  const familiar = name.replace(/^(index\.)?docker\.io\//, '').replace(/^library\/(?=[^/]+$)/, '');
  if (digest !== null) return `${familiar}@${digest}`;
  return `${familiar}:${tag ?? 'latest'}`;
}

/** The registry that a reference is pulled from; Docker Hub is `docker.io`. */
export function registryOf(text: string): string {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  if (first.includes('.') || first.includes(':') || first === 'localhost') {
    return first === 'index.docker.io' ? 'docker.io' : first;
  }
  return 'docker.io';
}
