import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { printTable } from '../../terminal/print-table.ts';
import { formatAgo, formatElapsed } from '../../terminal/units.ts';
import { oneLine } from '../../terminal/width.ts';
import { paintState } from '../state-paint.ts';
import type { historySpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof historySpec.flags>): Promise<number> {
  const name = await resolveStackName(context);
  if (flags.deployments) await printDeployments(context, name, flags.limit ?? 20);
  else await printRevisions(context, name, flags.limit);
  return 0;
}

async function printRevisions(context: Context, name: string, limit: number | undefined): Promise<void> {
  const { client } = await context.connect();
  const revisions = (await client.stacks.revisions({ name })).slice(0, limit);
  if (context.global.json) {
    context.printJson(revisions);
    return;
  }
  if (revisions.length === 0) {
    context.say(`${name} has no revisions yet.`);
    return;
  }
  printTable(
    context,
    [
      { title: 'REVISION', right: true },
      { title: '' },
      { title: 'MADE' },
      { title: 'BY' },
      { title: 'IMAGES', flexible: true },
    ],
    revisions.map((each) => [
      String(each.number),
      each.serving ? 'serves' : each.restorable ? '' : 'images are gone',
      formatAgo(each.createdAt, context.now()),
      each.accepted.length === 0 ? each.origin : `${each.origin}, without ${each.accepted.join(', ')}`,
      [...new Set(each.images.map(({ ref }) => ref))].join(', '),
    ]),
  );
}

async function printDeployments(context: Context, name: string, limit: number): Promise<void> {
  const { client } = await context.connect();
  const deployments = await client.deployments.list({ name, limit: Math.min(200, limit) });
  if (context.global.json) {
    context.printJson(deployments);
    return;
  }
  printTable(
    context,
    [
      { title: 'DEPLOYMENT' },
      { title: 'ACTION' },
      { title: 'STATE', paint: paintState(context.paint) },
      { title: 'REVISION', right: true },
      { title: 'WHEN' },
      { title: 'TOOK', right: true },
      { title: 'WHY', flexible: true },
    ],
    deployments.map((each) => [
      each.id,
      each.action,
      each.state,
      each.revision === undefined ? '' : String(each.revision),
      formatAgo(each.createdAt, context.now()),
      each.endedAt === undefined
        ? ''
        : formatElapsed(Date.parse(each.endedAt) - Date.parse(each.startedAt ?? each.createdAt)),
      oneLine(each.failure?.message ?? ''),
    ]),
  );
}
