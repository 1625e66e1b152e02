import type { Engine, NodeInspect } from '@drover/engine';
import { createFakeSwarm } from '@drover/engine/fake';
import { expect, test } from 'vitest';
import { collectDrain } from '../../src/observe/drain.ts';

test('nodes of which a new leader has not heard yet are waited for', async () => {
  const engine: Engine = createFakeSwarm({ nodes: 2, managers: 1 }).engine('n1');
  let looks = 0;
  const list = async (): Promise<readonly NodeInspect[]> => {
    looks += 1;
    const nodes = await engine.nodes.list();
    return looks > 1 ? nodes : nodes.map((node) => ({ ...node, Status: { ...node.Status, State: 'unknown' } }));
  };
  const { nodes } = await collectDrain({ manager: { ...engine, nodes: { ...engine.nodes, list } } });
  expect(nodes.map(({ state }) => state)).toEqual(['ready', 'ready']);
  expect(looks).toBe(2);
});
