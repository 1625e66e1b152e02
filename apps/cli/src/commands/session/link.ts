import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import type { linkSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof linkSpec.flags>): Promise<number> {
  await printLink(context);
  return 0;
}

/** Prints a fresh sign-in link and until when it is good. */
export async function printLink(context: Context): Promise<void> {
  const { client } = await context.connect();
  const link = await client.session.link();
  if (context.global.json) context.printJson(link);
  else {
    context.print(link.url);
    context.say(`It works once, until ${new Date(link.expiresAt).toLocaleTimeString()}.`);
  }
}
