import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printSwarm } from './print-swarm.ts';
import type { swarmSetSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof swarmSetSpec.flags>): Promise<number> {
  const { managers, heartbeat, autolock } = flags;
  const { client } = await context.connect();
  const swarm = await client.cluster.set({
    ...(managers === undefined
      ? {}
      : {
          managers:
            managers === 'auto' ? { mode: 'automatic' as const } : { mode: 'fixed' as const, count: Number(managers) },
        }),
    ...(heartbeat === undefined ? {} : { heartbeatMs: Math.round(heartbeat * 1000) }),
    ...(autolock === undefined ? {} : { autolock: autolock === 'on' }),
  });
  if (context.global.json) context.printJson(swarm);
  else printSwarm(context, swarm);
  return 0;
}
