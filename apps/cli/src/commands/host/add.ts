import { chosenEnvironment } from '../../client/chosen-environment.ts';
import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { count } from '../../terminal/units.ts';
import type { hostAddSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof hostAddSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const environment = chosenEnvironment(context.global.environment, context.environment);
  const made = await client.hosts.createToken({
    ...(environment === undefined ? {} : { environment }),
    ...(flags.expires === undefined ? {} : { expiresSeconds: Math.round(flags.expires) }),
    ...(flags.uses === undefined ? {} : { uses: flags.uses }),
    ...(flags.replace === undefined ? {} : { replaces: flags.replace }),
  });
  if (context.global.json) {
    context.printJson(made);
    return 0;
  }
  const until = new Date(made.expiresAt).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
  context.say(
    `Paste this as root on ${made.uses === 1 ? 'the machine' : `each of up to ${count(made.uses, 'machine')}`}, until ${until}. It joins ${made.environment}; run again, it repairs.`,
  );
  context.print(flags.container ? made.containerCommand : made.command);
  if (made.warning !== undefined) context.say(`Mind that ${made.warning}.`);
  context.say(`To take it back: drover host revoke ${made.id}`);
  return 0;
}
