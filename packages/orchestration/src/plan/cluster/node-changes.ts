import type { ClusterHostFacts, ClusterNode } from '../../model/cluster/observed.ts';
import type { ClusterStep } from '../../model/cluster/step.ts';
import type { Member } from './membership.ts';

/** On a node: the labels of it that Drover set, so that others stay when one of these goes. */
export const ownLabelsLabel = 'io.drover.labels';

/** What brings a node's availability and labels to what is wanted of its host. */
export function planNode({ host, isDraining }: Member, node: ClusterNode): readonly ClusterStep[] {
  const on = { target: host.name, nodeId: node.id };
  const steps: ClusterStep[] = [];
  if (node.availability !== host.availability && !isDraining) {
    const causes = [`availability: ${node.availability} → ${host.availability}`];
    steps.push({ kind: 'node-availability', ...on, availability: host.availability, causes });
  }
  const labels = wantedLabels(host, node);
  const changed = [...new Set([...Object.keys(labels), ...Object.keys(node.labels)])]
    .filter((name) => labels[name] !== node.labels[name] && name !== ownLabelsLabel)
    .sort();
  if (changed.length > 0 || labels[ownLabelsLabel] !== node.labels[ownLabelsLabel]) {
    const causes = changed.length === 0 ? ['which labels are its host’s'] : changed.map((name) => `label ${name}`);
    steps.push({ kind: 'node-labels', ...on, labels, causes });
  }
  return steps;
}

function wantedLabels({ labels }: ClusterHostFacts, node: ClusterNode): { readonly [name: string]: string } {
  const before = new Set((node.labels[ownLabelsLabel] ?? '').split(',').filter((name) => name !== ''));
  const own = Object.keys(labels).sort();
  const kept = Object.entries(node.labels).filter(([name]) => name !== ownLabelsLabel && !before.has(name));
  return {
    ...Object.fromEntries(kept),
    ...labels,
    ...(own.length === 0 ? {} : { [ownLabelsLabel]: own.join(',') }),
  };
}
