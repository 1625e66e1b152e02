import type { ClusterNodeView } from '@drover/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { StateMark } from '../../ui/state-mark.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useShownRows } from '../../ui/use-shown-rows.tsx';
import host from '../host/host.module.css';
import { Labels } from '../host/labels.tsx';
import { Unknown } from '../host/unknown.tsx';
import { availabilityWords, nodeLook, roleWords } from './swarm-look.ts';

const columns: readonly Column[] = [
  { name: 'Node' },
  { name: 'Role', fit: true },
  { name: 'State' },
  { name: 'Tasks', fit: true },
  { name: 'Address', fit: true },
  { name: 'Labels' },
];

/** The nodes of a Swarm with their roles; nothing where there are none. */
export function NodeTable({ nodes }: { readonly nodes: readonly ClusterNodeView[] }): ReactNode {
  const { shown, more } = useShownRows(nodes);
  if (nodes.length === 0) return null;
  return (
    <>
      <Table label="Nodes" columns={columns}>
        {shown?.map((node) => (
          <NodeRow key={node.nodeId} node={node} />
        ))}
      </Table>
      {more}
    </>
  );
}

function NodeRow({ node }: { readonly node: ClusterNodeView }): ReactNode {
  const { name, hostId, availability, address, labels } = node;
  const look = nodeLook(node);
  return (
    <tr>
      <td className={host.nameCell}>
        <span className={host.name}>
          <StateMark look={look} />
          {hostId === undefined ? (
            <span>
              {name} <span className={host.quiet}>no host of the environment</span>
            </span>
          ) : (
            <Link to="/hosts/$host" params={{ host: name }}>
              {name}
            </Link>
          )}
        </span>
      </td>
      <td data-fit>{roleWords(node)}</td>
      <td>{look.word}</td>
      <td data-fit>{availabilityWords(availability)}</td>
      <td data-fit>{address ?? <Unknown />}</td>
      <td className={host.labelCell}>
        <Labels labels={ownLabels(labels)} />
      </td>
    </tr>
  );
}

/** Those that mean something to people; Drover's notes to itself are left out. */
function ownLabels(labels: ClusterNodeView['labels']): ClusterNodeView['labels'] {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('io.drover.')));
}
