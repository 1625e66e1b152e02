import type { Invocation } from '../../command/command.ts';
import { CommandError, UsageError } from '../../command/errors.ts';
import { quote } from '../../command/quote.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { readSecret } from '../../terminal/prompt.ts';
import type { setSpec } from './specs.ts';

const namePattern = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

export async function run(context: Context, { flags, args }: Invocation<typeof setSpec.flags>): Promise<number> {
  const wanted = flags.secret ? [await askSecret(context, args)] : args.map(splitPair);
  const name = await resolveStackName(context);
  const { client } = await context.connect();
  const saved = [];
  for (const { variable, value } of wanted)
    saved.push(await client.variables.set({ name, variable, value, secret: flags.secret }));
  if (context.global.json) context.printJson(saved);
  else
    context.print(
      `${saved.map((each) => each.name).join(', ')} set for ${name}; drover up or drover redeploy makes use of it.`,
    );
  return 0;
}

function splitPair(pair: string): { variable: string; value: string } {
  const equals = pair.indexOf('=');
  if (equals <= 0)
    throw new UsageError(`set: ${quote(pair)} is not of the form KEY=VALUE; a secret is set with --secret KEY.`, 'set');
  return { variable: checkName(pair.slice(0, equals)), value: pair.slice(equals + 1) };
}

async function askSecret(context: Context, args: readonly string[]): Promise<{ variable: string; value: string }> {
  const [variable, ...others] = args;
  if (others.length > 0) throw new UsageError('set: --secret sets one secret at a time.', 'set');
  // What stands on a command line can be read by every user of the machine.
  if (variable!.includes('='))
    throw new UsageError('set: give a secret’s KEY alone; its value is read from standard input, or asked for.', 'set');
  checkName(variable!);
  const value = await readSecret(context.terminal, `Value of ${variable}`);
  if (value === '') throw new CommandError(`setting ${variable}: its value is empty`);
  return { variable: variable!, value };
}

export function checkName(name: string): string {
  if (!namePattern.test(name))
    throw new UsageError(`${quote(name)} is no name of a variable: letters, digits and _, not beginning with a digit.`);
  return name;
}
