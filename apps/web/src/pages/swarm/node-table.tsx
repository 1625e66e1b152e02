import type { ClusterNodeView } from '@drover/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { type Column, Table } from '../../ui/table.tsx';
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

/** The nodes of a Swarm with their roles; undefined while they are read, nothing where there are none. */
export function NodeTable({ nodes }: { readonly nodes: readonly ClusterNodeView[] | undefined }): ReactNode {
  if (nodes?.length === 0) return null;
  return (
    <Table label="Nodes" columns={columns}>
      {nodes === undefined ? (
        <SkeletonRows rows={3} widths={['7rem', '4rem', '5rem', '5rem', '6rem', '6rem']} />
      ) : (
        nodes.map((node) => <NodeRow key={node.nodeId} node={node} />)
      )}
    </Table>
  );
}

function NodeRow({ node }: { readonly node: ClusterNodeView }): ReactNode {
  const { name, hostId, availability, address, labels } = node;
  const look = nodeLook(node);
  return (
    <tr>
      <td>
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
      <td>
        <Labels labels={labels} />
      </td>
    </tr>
  );
}
