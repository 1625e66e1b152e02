import { unreachable } from '@drover/base';
import type { ChangeEvent } from '@drover/contract';
import { UnreachableError } from '../../client/api-error.ts';
import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { oneLine } from '../../terminal/width.ts';
import type { eventsSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof eventsSpec.flags>): Promise<number> {
  const stack = flags.all ? undefined : await resolveStackName(context, { optional: true });
  const { client } = await context.connect();
  let connected = false;
  for (;;) {
    try {
      const events = await client.system.events(stack === undefined ? {} : { stack });
      connected = true;
      for await (const event of events) {
        if (context.global.json) context.printJson(event);
        else {
          const line = eventLine(event);
          if (line !== undefined) context.print(`${context.paint('dim', timeOf(event, context))}  ${line}`);
        }
      }
    } catch (error) {
      if (!(error instanceof UnreachableError) || !connected) throw error;
      context.say('The server went away; events until it is back are lost.');
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function timeOf(event: ChangeEvent, context: Context): string {
  return 'at' in event ? event.at : new Date(context.now()).toISOString();
}

/** A change in one line; what only tells a program to read again is left out. */
export function eventLine(event: ChangeEvent): string | undefined {
  switch (event.type) {
    case 'container':
      return oneLine(`${event.stack === undefined ? '' : `${event.stack}: `}container ${event.name} ${event.action}`);
    case 'deployment':
      return oneLine(`${event.stack}: deployment ${event.deployment} ${event.state}`);
    case 'resource':
      return oneLine(`${event.kind} ${event.id} ${event.action}`);
    case 'engine':
      return event.state === 'connected' ? 'the engine answers' : 'the engine does not answer';
    case 'host':
      return oneLine(`host ${event.name} is ${event.state}`);
    case 'stack':
    case 'environments':
    case 'swarm':
    case 'resync':
      return undefined;
    default:
      return unreachable(event);
  }
}
