import type { ClusterView } from '@drover/contract';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { paintState } from '../state-paint.ts';

/** Prints a Swarm for people: how it is, its nodes, and what somebody should know. */
export function printSwarm(context: Context, swarm: ClusterView): void {
  const { state, leader, quorum, heartbeatMs, autolock, wantedManagers, nodes, doing, warnings } = swarm;
  context.print(`state      ${paintState(context.paint)(state)}`);
  if (quorum !== null) context.print(`managers   ${quorum.words} (${managersWords(wantedManagers)})`);
  if (leader !== null) context.print(`leader     ${leader}`);
  if (heartbeatMs !== null) context.print(`heartbeat  ${heartbeatMs / 1000} s`);
  if (autolock !== null) context.print(`autolock   ${autolock ? 'on' : 'off'}`);
  if (nodes.length > 0)
    printTable(
      context,
      [
        { title: 'NODE' },
        { title: 'ROLE' },
        { title: 'STATE', paint: paintState(context.paint) },
        { title: 'AVAILABILITY' },
        { title: 'ADDRESS' },
        { title: 'LABELS', flexible: true },
      ],
      nodes.map(({ name, role, isLeader, state: nodeState, availability, address, labels }) => [
        name,
        isLeader ? 'leader' : role,
        nodeState,
        availability,
        address ?? '',
        Object.entries(labels)
          .map(([label, value]) => `${label}=${value}`)
          .join(' '),
      ]),
    );
  for (const step of doing) context.print(`doing: ${step}`);
  for (const warning of warnings) context.print(`warning: ${warning}`);
}

function managersWords(wanted: ClusterView['wantedManagers']): string {
  if (wanted.mode === 'automatic') return 'as the hosts allow';
  return wanted.mode === 'fixed' ? `${wanted.count} are wanted` : 'left as they stand';
}
