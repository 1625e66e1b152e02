import type { EngineNodes } from '../../api/nodes.ts';
import type { NodeInspect } from '../../model/node.ts';
import { applyFilters, type FilterTests, labelsMatch } from '../filters.ts';
import type { Gate } from '../gate.ts';
import type { FakeCluster } from './cluster.ts';
import type { FakeMember } from './fabric.ts';
import { find, refuseStale } from './find.ts';
import { changeNode, managedBy, removeNode } from './membership.ts';
import type { FakeNode } from './objects.ts';

const tests: FilterTests<FakeNode> = {
  id: (node, wanted) => wanted.some((id) => node.id.startsWith(id)),
  name: (node, wanted) => wanted.some((name) => node.member.hostname.startsWith(name)),
  role: (node, wanted) => wanted.includes(node.spec.Role ?? 'worker'),
  membership: (_, wanted) => wanted.includes('accepted'),
  label: (node, wanted) => labelsMatch(node.member.engineLabels, wanted),
  'node.label': (node, wanted) => labelsMatch(node.spec.Labels, wanted),
};

function inspectNode(cluster: FakeCluster, node: FakeNode): NodeInspect {
  const { member } = node;
  const isUp = cluster.isUp(node);
  return {
    ID: node.id,
    Version: { Index: node.version },
    CreatedAt: node.createdAt,
    UpdatedAt: node.updatedAt,
    Spec: node.spec,
    Description: {
      Hostname: member.hostname,
      Platform: { Architecture: 'x86_64', OS: 'linux' },
      Resources: member.resources,
      Engine: {
        EngineVersion: '0.0.0-fake',
        ...(Object.keys(member.engineLabels).length > 0 ? { Labels: member.engineLabels } : {}),
        Plugins: [
          { Type: 'Log', Name: 'json-file' },
          { Type: 'Network', Name: 'overlay' },
          { Type: 'Volume', Name: 'local' },
        ],
      },
      TLSInfo: {},
    },
    Status: { State: node.state, Addr: member.address },
    ...(node.spec.Role === 'manager'
      ? {
          ManagerStatus: {
            ...(cluster.leaderId === node.id ? { Leader: true } : {}),
            Reachability: isUp || cluster.leaderId === node.id ? 'reachable' : 'unreachable',
            Addr: `${member.address}:2377`,
          },
        }
      : {}),
  };
}

export function createFakeNodes(member: FakeMember, gate: Gate): EngineNodes {
  const nodeOf = (cluster: FakeCluster, node: string) =>
    find('node', cluster.nodes as ReadonlyMap<string, FakeNode>, node, (found) => found.member.hostname);
  return {
    list: (options) =>
      gate.pass({ name: 'nodes.list', target: '' }, 'listing nodes', options, () => {
        const cluster = managedBy(member);
        return applyFilters([...cluster.nodes.values()], options?.filters, tests).map((node) =>
          inspectNode(cluster, node),
        );
      }),
    inspect: (node, options) =>
      gate.pass({ name: 'nodes.inspect', target: node }, `reading node ${node}`, options, () => {
        const cluster = managedBy(member);
        return inspectNode(cluster, nodeOf(cluster, node));
      }),
    update: (node, version, spec, options) =>
      gate.pass({ name: 'nodes.update', target: node }, `changing node ${node}`, options, () => {
        const cluster = managedBy(member);
        const found = nodeOf(cluster, node);
        refuseStale(found, version);
        changeNode(cluster, found, spec);
      }),
    remove: (node, options) =>
      gate.pass({ name: 'nodes.remove', target: node }, `removing node ${node}`, options, () => {
        const cluster = managedBy(member);
        removeNode(cluster, nodeOf(cluster, node), options?.force === true);
      }),
  };
}
