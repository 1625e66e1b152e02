import { composeLabel } from './labels.ts';
import { stackLabel } from './swarm/labels.ts';

/** The project that a network or volume was made for: docker compose's label says it, or the one that a stack's tasks give. */
export function ownerOf(labels: { readonly [name: string]: string } | null | undefined): string | undefined {
  return labels?.[composeLabel.project] ?? labels?.[stackLabel.namespace];
}
