import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import type { hostRevokeSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof hostRevokeSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const done = await client.hosts.revokeToken({ id: args[0]! });
  if (context.global.json) context.printJson(done);
  else context.print(`The join token ${done.revoked} is revoked.`);
  return 0;
}
