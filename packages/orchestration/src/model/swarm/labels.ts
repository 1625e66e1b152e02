/** Labels that `docker stack` reads and writes; both tools see one stack through them. */
export const stackLabel = {
  /** The stack's name, on everything of it. */
  namespace: 'com.docker.stack.namespace',
  /** On a service: its image as the file says it. */
  image: 'com.docker.stack.image',
} as const;

/** Drover's own labels on what it makes in a Swarm. */
export const swarmLabel = {
  /** On a secret or config: the version of its content. */
  content: 'io.drover.content',
  /** On a secret or config: its key in the project. */
  key: 'io.drover.key',
} as const;
